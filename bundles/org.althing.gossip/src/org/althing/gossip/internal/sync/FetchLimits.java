// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

/** What bounds the fetching of seals and entries for one DAO. */
final class FetchLimits {

    /** Seals whose headers are checked and whose entries are not handed on yet. */
    static final int SEALS_AHEAD_MAX = 1024;
    /** Entry CIDs of those seals that are held; those of the lowest seal always are. */
    static final int CIDS_AHEAD_MAX = 128 * 1024;
    /** Bytes of entries that are held, or may come in answers under way; a seal more for the lowest one. */
    static final long HELD_MAX_BYTES = 16L << 20;
    /** Seals that are handed on and not yet taken. */
    static final int HANDED_MAX_SEALS = 256;
    /** Bytes of entries that are handed on and not yet taken; one seal may be more. */
    static final long HANDED_MAX_BYTES = 8L << 20;

    /** Peers that are asked; a further one takes the place of the worst, if that has failed. */
    static final int PEERS_MAX = 256;
    /** Peers that are gone and whose faults are remembered. */
    static final int FAULTS_REMEMBERED_MAX = 1024;

    /** Requests under way to one peer. */
    static final int DEPTH_MAX = 16;

    static final int DEPTH_FIRST = 2;
    /** Requests of one peer whose time is over and that may still be answered; then it is asked nothing more. */
    static final int LATE_MAX = 8;
    /** So much of a peer's time is filled with requests. */
    static final long PIPELINE_MILLIS = 500;
    /** So much of a peer's time one piece takes. */
    static final long PIECE_MILLIS = 200;

    static final int PIECE_SIZE_MIN_BYTES = 16 * 1024;
    static final int PIECE_SIZE_FIRST_BYTES = 64 * 1024;
    static final int PIECE_SIZE_MAX_BYTES = 256 * 1024;

    static final long TIMEOUT_FIRST_MILLIS = 5_000;
    static final long TIMEOUT_MIN_MILLIS = 2_000;
    static final long TIMEOUT_MAX_MILLIS = 30_000;

    /** A second peer is asked after so long at the earliest. */
    static final long TWICE_AFTER_MILLIS = 200;
    /** A piece is under way to so many peers at most. */
    static final int COPIES_MAX = 2;

    /** How long a peer is left alone after its first fault; then twice as long each time. */
    static final long PAUSE_FIRST_MILLIS = 1_000;

    static final long PAUSE_MAX_MILLIS = 60_000;
    static final long PAUSE_BUSY_MILLIS = 500;

    /** How often a peer is asked how far it is, while something is missing. */
    static final long STATUS_BUSY_PERIOD_MILLIS = 5_000;
    /** And while nothing is: new seals are gossiped, so this is for what gossip missed. */
    static final long STATUS_IDLE_PERIOD_MILLIS = 10_000;
    /** Nothing has come for so long, though something is missing: people are told. */
    static final long STALL_MILLIS = 30_000;
    /** How often time is looked at while something is under way, and while nothing is. */
    static final long TICK_BUSY_MILLIS = 100;

    static final long TICK_IDLE_MILLIS = 1_000;

    /** For so long a peer that gave something that was needed and holds has the better score in gossip. */
    static final long SERVED_REGARD_MILLIS = 30 * 60_000;

    private FetchLimits() {}
}
