// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import org.althing.api.entry.Body;

/** What bounds a node; each with its unit in its name. */
final class Limits {

    /** DAOs of one node. */
    static final int DAOS_MAX = 64;
    /** Entries that are handed from verification to the pipeline at once: enough for one sync of the disk to carry many. */
    static final int BATCH_ENTRIES = 1024;
    /** Entries of one DAO that are verified, but not yet durable; whoever brings more waits. */
    static final int INTAKE_ENTRIES_MAX = 16 * BATCH_ENTRIES;
    /** How long somebody waits to hand in entries before the node says that it is busy. */
    static final long INTAKE_WAIT_MAX_MILLIS = 30_000;
    /** How long sealing waits for more entries that are announced. */
    static final long SEAL_DELAY_MAX_MILLIS = 1_000;
    /** Pending entries of one member, over all keys; also those of a notary key. */
    static final int PENDING_PER_MEMBER_MAX_ENTRIES = 1024;
    /** Pending entries of one DAO, in bytes. */
    static final long PENDING_SIZE_MAX_BYTES = 256L << 20;
    /** How far a claimed time may lie ahead of our clock when a face hands an entry in. */
    static final long CLAIMED_AHEAD_MAX_MILLIS = 24L * 3600 * 1000;
    /** Group keys of one DAO in their file: those that it names, and some that this node made and that it named in another's stead. */
    static final int GROUP_KEYS_KEPT_MAX = Body.GROUP_KEYS_MAX + 64;
    /** Peers whose group keys are kept in memory until the DAO names them; each gives at most 4096. */
    static final int GROUP_KEY_GIVERS_MAX = 16;
    /** Messages between members of one DAO that are kept; each has at most 9 KiB. */
    static final int MESSAGES_MAX = 4096;
    /** Those of one member among them. */
    static final int MESSAGES_PER_MEMBER_MAX = 256;
    /** How far the claimed time of a message may lie ahead of our clock. */
    static final long MESSAGE_AHEAD_MAX_MILLIS = 3600 * 1000;
    /** How often a batch is looked at again since what it needs may just have been sealed. */
    static final int PASSES_MAX = 8;
    /** Entries of one key that are walked back to find the other half of a fork. */
    static final int FORK_WALK_MAX_STEPS = 100_000;
    /** Seals read ahead of the fold at start; each has up to 4096 entries. */
    static final int REPLAY_AHEAD_SEALS = 4;
    /** How often a notary that is behind looks whether it has caught up. */
    static final long CATCH_UP_RECHECK_MILLIS = 500;
    /** How often it is told how far a DAO that is behind has caught up. */
    static final long PROGRESS_PERIOD_MILLIS = 1000;
    /** How long a notary believes peers that claim to be ahead and bring nothing; then it seals on. */
    static final long CATCH_UP_SILENCE_MAX_MILLIS = 30_000;
    /** Peers that a node wants to be connected with always. */
    static final int WANTED_PEERS_MAX = 256;
    /** How long the network may take to start. */
    static final long NETWORK_START_MAX_MILLIS = 20_000;
    /** How often it is looked at meanwhile. */
    static final long NETWORK_LOOK_MILLIS = 100;
    /** Entries sealed since the last snapshot that are worth another: some third of a second of a start. */
    static final long SNAPSHOT_EVERY_ENTRIES = 16 * 1024;
    /** The same for seals, which cost a start something even when they are empty. */
    static final long SNAPSHOT_EVERY_SEALS = 1024;
    /** At least this lies between two snapshots of a running node, and before its first. */
    static final long SNAPSHOT_PAUSE_MIN_MILLIS = 60_000;
    /** Ballots up to which the tally of an open proposal is shown; a larger one is counted when it closes. */
    static final long RUNNING_TALLY_MAX_BALLOTS = 100_000;
    /** Tallies kept for views. */
    static final int TALLIES_KEPT_MAX = 64;
    /** Counts at one time. */
    static final int COUNTERS_MAX = 1;
    /** How long a plugin may take to start, or to stop. */
    static final long PLUGIN_MOVE_MAX_MILLIS = 10_000;
    /** How long closing waits for work in progress. */
    static final long CLOSE_WAIT_MAX_MILLIS = 30_000;

    private Limits() {}
}
