// SPDX-License-Identifier: EPL-2.0
/** Counting: the voting-method contract for plugin authors, and the engine that runs methods over ballots. */
@NullMarked
package org.althing.api.tally;

import org.jspecify.annotations.NullMarked;
