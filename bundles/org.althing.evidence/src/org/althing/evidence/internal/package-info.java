// SPDX-License-Identifier: EPL-2.0
/** Evidence files: how they are written, and how they are checked without trust in anybody. */
@NullMarked
package org.althing.evidence.internal;

import org.jspecify.annotations.NullMarked;
