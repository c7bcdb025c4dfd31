// SPDX-License-Identifier: EPL-2.0
/** Seals: the blocks that order entries for good, and the certificates that make them final. */
@NullMarked
package org.althing.api.seal;

import org.jspecify.annotations.NullMarked;
