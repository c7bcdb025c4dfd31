// SPDX-License-Identifier: EPL-2.0
/** The DAO as the sealed entries make it: a pure fold from seals to state. */
@NullMarked
package org.althing.api.governance;

import org.jspecify.annotations.NullMarked;
