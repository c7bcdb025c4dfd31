// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Governance;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.Timer;
import org.althing.codec.MalformedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the snapshot of one DAO: reads it at a start, writes one from time to time, by a thread that no sealing waits for, and one at the end.
 * Safe for use by many threads.
 */
final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private final Cid dao;
    private final SnapshotFile file;
    private final Timer timer;
    private final Executor writer;
    /** Held while the file is written. */
    private final Object writing = new Object();

    private @Nullable Snapshot latest;
    /** By the thread that starts, and then under {@link #writing}. */
    private volatile long heightWritten = -1;

    private long entriesSince;
    private long sealsSince;
    private long pauseEndsMillis;
    private Timer.@Nullable Wake wake;
    private boolean closed;

    Snapshots(Path data, Cid dao, Timer timer, Executor writer) {
        this.dao = dao;
        this.file = new SnapshotFile(data.resolve(NodeSettings.SNAPSHOTS_FOLDER).resolve(dao.toString()));
        this.timer = timer;
        this.writer = writer;
        this.pauseEndsMillis = timer.millis() + Limits.SNAPSHOT_PAUSE_MIN_MILLIS;
    }

    /** The one that is there, if it can be used; if not, the log says why. */
    Optional<Snapshot.Resumed> read(DaoLedger ledger, Entry charter, Governance governance, KeyRing ring) {
        if (ledger.height() < 0) {
            return Optional.empty();
        }
        String reason;
        if (!file.exists()) {
            reason = "there is none";
        } else {
            try (SnapshotFile.Reader items = file.open()) {
                Snapshot.Resumed resumed = Snapshot.read(ledger, charter, governance, ring, items);
                items.finish();
                heightWritten = resumed.snapshot().state().height();
                return Optional.of(resumed);
            } catch (MalformedException
                    | Governance.CannotResumeException
                    | AlthingException
                    | IOException
                    | UncheckedIOException
                    | Unreadable e) {
                reason = String.valueOf(e.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("DAO {}: a bug met its snapshot; report the log", dao, e);
                reason = e.toString();
            }
        }
        refuse(reason);
        return Optional.empty();
    }

    private void refuse(String reason) {
        LOG.info("DAO {}: no snapshot is used ({}); all its seals are applied again", dao, reason);
    }

    /** What was read does not lead to the last seal of the ledger. */
    void contradicted(String reason) {
        heightWritten = -1;
        refuse(reason);
    }

    /**
     * This is the state now.
     *
     * @param seals how many were applied to come to it from the one before
     * @param entries how many were in them
     */
    synchronized void applied(Snapshot now, long seals, long entries) {
        latest = now;
        sealsSince += seals;
        entriesSince += entries;
        boolean due = sealsSince >= Limits.SNAPSHOT_EVERY_SEALS || entriesSince >= Limits.SNAPSHOT_EVERY_ENTRIES;
        if (due && wake == null && !closed) {
            wake = timer.at(Math.max(timer.millis(), pauseEndsMillis), this::begin);
        }
    }

    private void begin() {
        try {
            writer.execute(this::write);
        } catch (RejectedExecutionException e) {
            // The node is stopping, and writes one in the end.
        }
    }

    private void write() {
        synchronized (writing) {
            Snapshot now;
            synchronized (this) {
                wake = null;
                now = latest;
                if (now == null || now.state().height() <= heightWritten) {
                    return;
                }
                entriesSince = 0;
                sealsSince = 0;
                pauseEndsMillis = timer.millis() + Limits.SNAPSHOT_PAUSE_MIN_MILLIS;
            }
            try {
                file.write(now::write);
                heightWritten = now.state().height();
            } catch (IOException e) {
                LOG.warn(
                        "DAO {}: its snapshot could not be written ({}); the next start takes longer",
                        dao,
                        e.toString());
            } catch (RuntimeException | LinkageError e) {
                LOG.error("DAO {}: a bug kept its snapshot from being written; report the log", dao, e);
            }
        }
    }

    /**
     * Writes no more.
     *
     * @param last whether to write the last one before, and to wait until it is durable
     */
    void close(boolean last) {
        synchronized (this) {
            closed = true;
            if (wake != null) {
                wake.cancel();
            }
        }
        if (last) {
            write();
        }
    }
}
