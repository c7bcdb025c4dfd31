// SPDX-License-Identifier: EPL-2.0
/** Files that prove a result to somebody who trusts nobody. */
@NullMarked
package org.althing.api.evidence;

import org.jspecify.annotations.NullMarked;
