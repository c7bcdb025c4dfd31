// SPDX-License-Identifier: EPL-2.0
/** Makes the archives that are given to operators. */
@NullMarked
package org.althing.dist;

import org.jspecify.annotations.NullMarked;
