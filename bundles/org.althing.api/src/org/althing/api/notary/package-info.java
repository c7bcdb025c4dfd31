// SPDX-License-Identifier: EPL-2.0
/** Who orders entries: a pure engine that turns pending entries into seals. */
@NullMarked
package org.althing.api.notary;

import org.jspecify.annotations.NullMarked;
