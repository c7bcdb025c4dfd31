// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

/** What bounds the reconciliation of pending entries of one DAO. */
final class PendingLimits {

    /** Between two reconciliations with peers chosen by lot, on average. */
    static final long PERIOD_MILLIS = 5_000;
    /** How often a peer may make us reconcile with it out of turn. */
    static final long DIFFERS_PERIOD_MILLIS = 1_000;
    /** How long an answer may take. */
    static final long TIMEOUT_MILLIS = 10_000;

    /** Peers that are reconciled with; more are left alone until one goes. */
    static final int PEERS_MAX = 256;
    /** Messages of one reconciliation. */
    static final int ROUNDS_MAX = 32;
    /** Entries that one reconciliation may bring; the next one brings more. */
    static final int NEEDED_MAX_ENTRIES = 8192;
    /** Entries in one request. */
    static final int ASKED_MAX_ENTRIES = 256;
    /** Offers of one peer in one reconciliation that are of no use; then it is left alone for a while. */
    static final int USELESS_MAX_OFFERS = 64;

    /** Entries that are never wanted again; the oldest are forgotten first. */
    static final int REFUSED_MAX_ENTRIES = 65_536;
    /** Entries that are wanted again, but not soon. */
    static final int LATER_MAX_ENTRIES = 16_384;

    static final long LATER_MILLIS = 10_000;
    /** Keys that have forked and of which nothing more is wanted; the oldest are forgotten first. */
    static final int FORKED_MAX_KEYS = 4_096;

    static final long PAUSE_FIRST_MILLIS = 30_000;
    static final long PAUSE_MAX_MILLIS = 600_000;

    private PendingLimits() {}
}
