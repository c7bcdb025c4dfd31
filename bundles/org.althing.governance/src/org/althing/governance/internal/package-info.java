// SPDX-License-Identifier: EPL-2.0
/** The fold: sealed entries to the state of a DAO. Pure: no input or output, no clock, no chance, nothing static that changes. */
@NullMarked
package org.althing.governance.internal;

import org.jspecify.annotations.NullMarked;
