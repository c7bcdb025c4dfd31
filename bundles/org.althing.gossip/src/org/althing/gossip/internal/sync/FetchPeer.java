// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.LinkedHashMap;
import java.util.Map;
import org.althing.api.net.PeerId;

/** What is known of a peer that seals and entries are fetched from: how far it is, how fast, how good. */
final class FetchPeer {

    private static final long UNKNOWN_HEIGHT = -2;

    private final PeerId id;
    /** Requests under way, by number, oldest first; also those whose time is over. */
    private final Map<Long, FetchAsk> asks = new LinkedHashMap<>();

    private Faults faults = Faults.NONE;
    private long height = UNKNOWN_HEIGHT;
    private long statusAtMillis = Long.MIN_VALUE;
    private boolean askedForStatus;
    private long regardedUntilMillis = Long.MIN_VALUE;
    private int late;
    private long bytesPerSecond;
    private long millisPerAnswer = FetchLimits.PIECE_MILLIS;
    private int pieceSizeBytes = FetchLimits.PIECE_SIZE_FIRST_BYTES;
    private long lastAnswerMillis = Long.MIN_VALUE;
    private boolean measured;
    private int depth = FetchLimits.DEPTH_FIRST;

    /**
     * What a peer did wrong; kept when it goes.
     *
     * @param strikes in a row
     * @param pausedUntilMillis it is left alone until then
     * @param banned it has lied
     * @param lacksDao it is paused because it does not know the DAO
     */
    record Faults(int strikes, long pausedUntilMillis, boolean banned, boolean lacksDao) {

        static final Faults NONE = new Faults(0, Long.MIN_VALUE, false, false);

        Faults strike(long nowMillis) {
            long pause = FetchLimits.PAUSE_FIRST_MILLIS << Math.min(strikes, 16);
            return new Faults(strikes + 1, nowMillis + Math.min(pause, FetchLimits.PAUSE_MAX_MILLIS), banned, false);
        }

        Faults unknown() {
            return new Faults(strikes, pausedUntilMillis, banned, true);
        }

        /** It knows the DAO by now: not to know it was no fault. */
        Faults known() {
            return lacksDao ? new Faults(0, Long.MIN_VALUE, banned, false) : this;
        }
    }

    FetchPeer(PeerId id, Faults faults) {
        this.id = id;
        this.faults = faults;
    }

    PeerId id() {
        return id;
    }

    Map<Long, FetchAsk> asks() {
        return asks;
    }

    Faults faults() {
        return faults;
    }

    void setFaults(Faults faults) {
        this.faults = faults;
    }

    boolean isBanned() {
        return faults.banned();
    }

    /** Whether it may be asked one thing more. */
    boolean isFree(long nowMillis) {
        return !faults.banned()
                && nowMillis >= faults.pausedUntilMillis()
                && late < FetchLimits.LATE_MAX
                && asks.size() - late < depth;
    }

    boolean isStatusDue(long nowMillis, long periodMillis) {
        return !askedForStatus && (statusAtMillis == Long.MIN_VALUE || nowMillis - statusAtMillis >= periodMillis);
    }

    /** What it claims to have; below -1 if it has claimed nothing yet. */
    long height() {
        return height;
    }

    void claims(long claimed, long nowMillis) {
        height = claimed;
        statusAtMillis = nowMillis;
    }

    /** It gave something that was needed and holds. */
    void served(long nowMillis) {
        regardedUntilMillis = nowMillis + FetchLimits.SERVED_REGARD_MILLIS;
    }

    /** Whether it has served not long ago. */
    boolean isRegarded(long nowMillis) {
        return !isBanned() && nowMillis < regardedUntilMillis;
    }

    /** It does not have what it claimed. */
    void disclaims() {
        height = UNKNOWN_HEIGHT;
    }

    int pieceSizeBytes() {
        return pieceSizeBytes;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    void asked(FetchAsk ask) {
        asks.put(ask.id(), ask);
        askedForStatus |= ask.job() instanceof FetchJob.Status;
    }

    /** How long an answer may take that stands behind those under way. */
    long timeoutMillis() {
        if (!measured) {
            return FetchLimits.TIMEOUT_FIRST_MILLIS;
        }
        long expected = 4 * millisPerAnswer * (asks.size() - late + 1);
        return Math.max(FetchLimits.TIMEOUT_MIN_MILLIS, Math.min(expected, FetchLimits.TIMEOUT_MAX_MILLIS));
    }

    /** An answer has come, or none will; measures only what carried something. */
    void ended(FetchAsk ask) {
        asks.remove(ask.id());
        if (ask.job() instanceof FetchJob.Status) {
            askedForStatus = false;
        }
        if (ask.isLate()) {
            late--;
        }
    }

    void measure(FetchAsk ask, long sizeBytes, long nowMillis) {
        long millis = Math.max(1, nowMillis - Math.max(ask.sentMillis(), lastAnswerMillis));
        lastAnswerMillis = nowMillis;
        long rate = sizeBytes * 1000 / millis;
        bytesPerSecond = measured ? (3 * bytesPerSecond + rate) / 4 : rate;
        millisPerAnswer = measured ? (3 * millisPerAnswer + millis) / 4 : millis;
        measured = true;
        long piece = bytesPerSecond * FetchLimits.PIECE_MILLIS / 1000;
        pieceSizeBytes =
                (int) Math.max(FetchLimits.PIECE_SIZE_MIN_BYTES, Math.min(piece, FetchLimits.PIECE_SIZE_MAX_BYTES));
        long fills = 1 + FetchLimits.PIPELINE_MILLIS / Math.max(1, millisPerAnswer);
        depth = (int) Math.max(2, Math.min(Math.min(fills, depth + 1L), FetchLimits.DEPTH_MAX));
        if (!ask.isLate()) {
            faults = new Faults(0, faults.pausedUntilMillis(), faults.banned(), faults.lacksDao());
        }
    }

    void timedOut(FetchAsk ask) {
        ask.setLate();
        late++;
        depth = 1;
        pieceSizeBytes = Math.max(FetchLimits.PIECE_SIZE_MIN_BYTES, pieceSizeBytes / 2);
        if (ask.job() instanceof FetchJob.Status) {
            askedForStatus = false;
        }
    }
}
