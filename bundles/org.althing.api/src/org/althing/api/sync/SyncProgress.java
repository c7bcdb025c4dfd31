// SPDX-License-Identifier: EPL-2.0
package org.althing.api.sync;

import java.util.OptionalLong;

/**
 * How far a DAO has caught up with its peers.
 *
 * @param height of the last seal that is stored and applied; -1 before there is one
 * @param heightKnown of the last seal that is known to be final, or claimed by peers that have not failed
 * @param entries sealed entries taken in since the node began to catch up
 * @param entriesLeft sealed entries still to come, as far as seal headers tell; those of seals that are only claimed are guessed from the rest
 * @param entriesPerSecond lately
 * @param leftMillis how long the rest will take at this rate; empty if nothing can be said
 * @param peers that are asked
 * @param stalled whether nothing has come for long though something is missing; {@code problem} says why
 * @param problem one line for people; empty if there is none
 */
public record SyncProgress(
        long height,
        long heightKnown,
        long entries,
        long entriesLeft,
        long entriesPerSecond,
        OptionalLong leftMillis,
        int peers,
        boolean stalled,
        String problem) {

    /** Whether nothing is known to be missing. */
    public boolean isInSync() {
        return height >= heightKnown;
    }
}
