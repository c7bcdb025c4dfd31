// SPDX-License-Identifier: EPL-2.0
/** A network in one thread on a virtual clock: the same seed replays the same run, to the last message. */
@NullMarked
package org.althing.testkit.network;

import org.jspecify.annotations.NullMarked;
