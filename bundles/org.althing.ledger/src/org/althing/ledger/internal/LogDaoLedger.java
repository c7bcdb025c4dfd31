// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DamagedException;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/**
 * The store of one DAO. Callers put frames into a batch in memory and into the index; one writer thread writes batch after batch, forces
 * each, and only then has its futures completed, on a thread of their own so that no callback can hold up the disk.
 */
final class LogDaoLedger implements DaoLedger {

    /** How long closing waits for the callbacks of completed writes. */
    private static final int CALLBACKS_WAIT_MAX_SECONDS = 5;

    private static final byte[] NO_PAYLOAD = {};

    private final Cid dao;
    private final Disk disk;
    private final Path folder;
    private final Limits limits;
    private final LongSupplier random;
    private final EntryLog log;
    private final VoteLog voteLog;
    private final long marker;
    private final Thread writer;
    private final ExecutorService callbacks;
    private volatile @Nullable Thread callbackThread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();

    // All below is guarded by the lock, but for the one question to the index that needs none.
    private final Index index;
    private final DamageList damage;
    private Batch filling;
    private Batch writing = new Batch();
    private boolean isWriting;
    private int durableSegment;
    private long durableOffset;
    private long durableSequence;
    private long lastCommitPosition;
    private long lastCommitNonce;
    private @Nullable AlthingException refusal;
    private boolean closing;
    private boolean closed;

    private LogDaoLedger(Cid dao, Disk disk, Path folder, Limits limits, LongSupplier random, Recovery recovery) {
        this.dao = dao;
        this.disk = disk;
        this.folder = folder;
        this.limits = limits;
        this.random = random;
        this.log = recovery.log();
        this.voteLog = recovery.votes();
        this.marker = recovery.marker();
        this.index = recovery.index();
        this.damage = recovery.damage();
        this.durableSegment = recovery.tailSegment();
        this.durableOffset = recovery.tailOffset();
        this.durableSequence = recovery.nextSequence() - 1;
        this.filling = new Batch();
        filling.restart(durableSegment, durableOffset, recovery.nextSequence());
        this.callbacks = Executors.newSingleThreadExecutor(task -> callbackThread = daemon(task, "ledger-callbacks"));
        this.writer = daemon(this::write, "ledger-writer");
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Opens the store in a folder that exists. */
    static LogDaoLedger open(Cid dao, Disk disk, Path folder, Limits limits, LongSupplier random) throws IOException {
        LogDaoLedger ledger = new LogDaoLedger(dao, disk, folder, limits, random, Recovery.run(disk, folder, random));
        ledger.writer.start();
        return ledger;
    }

    @Override
    public Cid dao() {
        return dao;
    }

    // ---- writing

    @Override
    public CompletableFuture<Void> add(List<byte[]> entries) {
        byte[][] digests = new byte[entries.size()][];
        for (int i = 0; i < digests.length; i++) {
            require(
                    entries.get(i).length <= ENTRY_SIZE_MAX_BYTES,
                    "an entry of " + entries.get(i).length + " bytes; the limit is " + ENTRY_SIZE_MAX_BYTES);
            digests[i] = Cid.hash(entries.get(i)).digest();
        }
        lock.lock();
        try {
            for (int i = 0; i < digests.length; i++) {
                AlthingException refused = add(digests[i], entries.get(i));
                if (refused != null) {
                    return CompletableFuture.failedFuture(refused);
                }
            }
            return durable();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable AlthingException add(byte[] digest, byte[] entry) {
        AlthingException refused = awaitRoom(entry.length);
        int record = index.entries().find(digest, 0);
        if (refused == null && (record == EntryTable.NONE || index.entries().isDamaged(record))) {
            index.entry(digest, 0, append(Frame.Kind.ENTRY, digest, entry));
            if (record != EntryTable.NONE) {
                damage.heal(Cid.of(digest).toString());
            }
        }
        return refused;
    }

    @Override
    public CompletableFuture<Void> seal(Seal seal) {
        require(
                seal.entries().size() <= SEAL_ENTRIES_MAX,
                "a seal of " + seal.entries().size() + " entries");
        require(seal.header().length <= HEADER_SIZE_MAX_BYTES, "a seal header of " + seal.header().length + " bytes");
        require(
                seal.certificate().length <= CERTIFICATE_SIZE_MAX_BYTES,
                "a certificate of " + seal.certificate().length + " bytes");
        require(
                new HashSet<>(seal.entries()).size() == seal.entries().size(),
                "seal " + seal.height() + " names an entry twice");
        byte[] payload = SealCodec.payload(seal);
        lock.lock();
        try {
            AlthingException refused = awaitRoom(payload.length);
            if (refused != null) {
                return CompletableFuture.failedFuture(refused);
            }
            boolean replaces = index.isSealDamaged(seal.height());
            require(
                    replaces || seal.height() == index.height() + 1,
                    "seal " + seal.height() + " does not follow " + index.height());
            for (Cid entry : seal.entries()) {
                requireSealable(entry, seal.height());
            }
            long position = append(Frame.Kind.SEAL, SealCodec.name(seal), payload);
            index.seal(
                    seal.height(),
                    position,
                    payload,
                    SealCodec.entriesAt(payload, 0),
                    seal.entries().size());
            if (replaces) {
                damage.heal(Recovery.sealName(seal.height()));
            }
            return durable();
        } finally {
            lock.unlock();
        }
    }

    private void requireSealable(Cid entry, long height) {
        int record = index.find(entry);
        if (record == EntryTable.NONE) {
            throw new IllegalArgumentException("seal " + height + " names " + entry + ", which is not here");
        }
        long sealedAt = index.entries().height(record);
        if (sealedAt != EntryTable.UNSEALED && sealedAt != height) {
            throw new IllegalArgumentException(entry + " is in seal " + sealedAt + " already");
        }
    }

    @Override
    public CompletableFuture<Void> drop(Cid entry) {
        lock.lock();
        try {
            AlthingException refused = awaitRoom(0);
            if (refused != null) {
                return CompletableFuture.failedFuture(refused);
            }
            int record = index.find(entry);
            require(record != EntryTable.NONE, entry + " is not here");
            if (index.entries().isPending(record)) {
                byte[] digest = entry.digest();
                append(Frame.Kind.DROP, digest, NO_PAYLOAD);
                index.drop(digest, 0);
            }
            return durable();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Void> vote(byte[] vote) {
        require(
                vote.length <= VOTE_SIZE_MAX_BYTES,
                "a vote of " + vote.length + " bytes; the limit is " + VOTE_SIZE_MAX_BYTES);
        lock.lock();
        try {
            AlthingException refused = awaitRoom(vote.length);
            String damaged = voteLog.damage();
            if (refused == null && damaged != null) {
                refused = voteLog.refusal(damaged);
            }
            if (refused != null) {
                return CompletableFuture.failedFuture(refused);
            }
            filling.addVote(vote.clone());
            return durable();
        } finally {
            lock.unlock();
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private long append(Frame.Kind kind, byte[] name, byte[] payload) {
        if (!filling.hasFrames()) {
            work.signal();
        }
        return filling.append(marker, kind, name, payload);
    }

    /** Waits until a frame with this payload fits into the batch; returns why it never will. */
    private @Nullable AlthingException awaitRoom(int payloadLength) {
        while (refusal() == null && !hasRoom(payloadLength)) {
            room.awaitUninterruptibly();
        }
        return refusal();
    }

    private @Nullable AlthingException refusal() {
        return closing ? new AlthingException("the ledger of DAO " + dao + " is closed") : refusal;
    }

    private boolean hasRoom(int payloadLength) {
        if (filling.isEmpty()) {
            return true;
        }
        long withFrame = (long) filling.size() + Frame.HEADER_BYTES + payloadLength;
        return withFrame + filling.voteBytes() <= limits.queueSizeMaxBytes()
                && filling.start() + withFrame + Frame.HEADER_BYTES <= limits.segmentSizeMaxBytes();
    }

    /** A future for all writes made until now. */
    private CompletableFuture<Void> durable() {
        AlthingException failure = refusal;
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (filling.isEmpty() && !isWriting) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        if (filling.isEmpty()) {
            writing.waiters().add(future);
        } else {
            filling.waiters().add(future);
            work.signal();
        }
        return future;
    }

    // ---- the writer thread

    private void write() {
        try {
            for (Batch batch = take(); batch != null; batch = take()) {
                if (batch.hasFrames()) {
                    log.write(batch, marker);
                }
                if (!batch.votes().isEmpty()) {
                    // After the entries: what a vote builds on must be durable before the vote.
                    voteLog.write(batch.votes(), batch.nextSequence() - 1);
                }
                landed(batch);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(new AlthingException(failureMessage(e), e));
        }
    }

    /** The next batch, or null when there is none and none will come. */
    private @Nullable Batch take() {
        lock.lock();
        try {
            while (filling.isEmpty() && !closing) {
                work.awaitUninterruptibly();
            }
            if (filling.isEmpty()) {
                return null;
            }
            Batch batch = filling;
            if (batch.hasFrames()) {
                Commit commit = new Commit(
                        random.getAsLong(), index.height(), index.entries().size(), voteLog.count());
                lastCommitPosition = batch.append(marker, Frame.Kind.COMMIT, commit.name(), NO_PAYLOAD);
                lastCommitNonce = commit.nonce();
            }
            filling = writing;
            startAfter(batch);
            writing = batch;
            isWriting = true;
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** A batch that might not fit any more goes into the next segment. */
    private void startAfter(Batch batch) {
        long spaceMin = Frame.SIZE_MAX_BYTES + Frame.HEADER_BYTES;
        if (batch.end() + spaceMin > limits.segmentSizeMaxBytes()) {
            filling.restart(batch.segment() + 1, FileHeader.BYTES, batch.nextSequence());
        } else {
            filling.restart(batch.segment(), batch.end(), batch.nextSequence());
        }
    }

    private void landed(Batch batch) {
        lock.lock();
        try {
            isWriting = false;
            durableSegment = batch.segment();
            durableOffset = batch.end();
            durableSequence = batch.nextSequence() - 1;
            voteLog.landed();
            List<CompletableFuture<Void>> waiters = List.copyOf(batch.waiters());
            callbacks.execute(() -> waiters.forEach(waiter -> waiter.complete(null)));
        } finally {
            lock.unlock();
        }
    }

    /** Both batches stay as they are, for readers. */
    private void fail(AlthingException failure) {
        lock.lock();
        try {
            refusal = failure;
            List<CompletableFuture<Void>> waiters = new ArrayList<>(isWriting ? writing.waiters() : List.of());
            waiters.addAll(filling.waiters());
            callbacks.execute(() -> waiters.forEach(waiter -> waiter.completeExceptionally(failure)));
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private String failureMessage(Throwable cause) {
        String reason = String.valueOf(cause.getMessage());
        boolean full = reason.contains("No space left")
                || reason.contains("quota")
                || reason.contains("File too large")
                || reason.contains("not enough space");
        return (full ? "the disk is full: " : "the disk failed: ") + "cannot write to " + folder + " (" + reason + "); "
                + (full ? "free some space, then start again" : "check the disk, then start again")
                + ". What was acknowledged is kept";
    }

    // ---- reading

    @Override
    public boolean has(Cid entry) {
        return index.holdsIntact(entry);
    }

    @Override
    public Optional<byte[]> entry(Cid entry) throws AlthingException {
        long position;
        lock.lock();
        try {
            int record = index.find(entry);
            if (record == EntryTable.NONE) {
                return Optional.empty();
            }
            position = index.entries().position(record);
            if (index.entries().isDamaged(record)) {
                throw Damaged.exception(entryDamage(entry, position));
            }
            byte[] frame = inMemory(position);
            if (frame != null) {
                return Optional.of(payload(frame));
            }
        } finally {
            lock.unlock();
        }
        byte[] frame = read(position);
        if (frame.length > Frame.HEADER_BYTES || Position.length(position) == 0) {
            byte[] bytes = payload(frame);
            if (entry.names(bytes)) {
                return Optional.of(bytes);
            }
        }
        throw Damaged.exception(foundDamaged(entry, position));
    }

    private static byte[] payload(byte[] frame) {
        return Arrays.copyOfRange(frame, Math.min(Frame.HEADER_BYTES, frame.length), frame.length);
    }

    private byte @Nullable [] inMemory(long position) {
        if (filling.holds(position)) {
            return filling.frame(position);
        }
        return isWriting && writing.holds(position) ? writing.frame(position) : null;
    }

    private byte[] read(long position) throws AlthingException {
        try {
            return log.read(position);
        } catch (IOException e) {
            String file = EntryLog.fileName(Position.segment(position));
            String advice = isClosed() ? "the ledger is closed" : "check the disk";
            throw new AlthingException("cannot read " + folder.resolve(file) + " (" + e + "); " + advice, e);
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private static Damage entryDamage(Cid entry, long position) {
        String file = position == Position.NONE ? "" : EntryLog.fileName(Position.segment(position));
        return new Damage(entry.toString(), file, Position.offset(position), Damaged.HASH);
    }

    /** Notes it, so that the entry may be added again, unless that has happened meanwhile. */
    private Damage foundDamaged(Cid entry, long position) {
        Damage found = entryDamage(entry, position);
        lock.lock();
        try {
            int record = index.find(entry);
            if (index.entries().position(record) == position && !index.entries().isDamaged(record)) {
                index.entries().setDamaged(record, true);
                damage.add(found);
            }
        } finally {
            lock.unlock();
        }
        return found;
    }

    @Override
    public OptionalLong sealedAt(Cid entry) {
        lock.lock();
        try {
            int record = index.find(entry);
            long height = record == EntryTable.NONE
                    ? EntryTable.UNSEALED
                    : index.entries().height(record);
            return height == EntryTable.UNSEALED ? OptionalLong.empty() : OptionalLong.of(height);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Cid> pending() {
        lock.lock();
        try {
            return index.pending();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long entries() {
        lock.lock();
        try {
            return index.entries().size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long height() {
        lock.lock();
        try {
            return index.height();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Seal> seal(long height) throws AlthingException {
        long position;
        byte[] frame;
        lock.lock();
        try {
            if (height < 0 || height > index.height()) {
                return Optional.empty();
            }
            position = index.sealPosition(height);
            if (index.isSealDamaged(height)) {
                throw Damaged.exception(sealDamage(height, position));
            }
            frame = inMemory(position);
        } finally {
            lock.unlock();
        }
        if (frame == null) {
            frame = read(position);
        }
        if (isSeal(frame, height, position)) {
            return Optional.of(SealCodec.read(height, frame, Frame.HEADER_BYTES));
        }
        throw Damaged.exception(foundSealDamaged(height, position));
    }

    private boolean isSeal(byte[] bytes, long height, long position) {
        if (bytes.length != Frame.HEADER_BYTES + Position.length(position)) {
            return false;
        }
        Frame frame = Frame.readHeader(bytes, 0, marker);
        return frame != null
                && frame.kind() == Frame.Kind.SEAL
                && frame.size() == bytes.length
                && Frame.getLong(bytes, Frame.NAME_AT) == height
                && frame.isPayloadWhole(bytes, 0);
    }

    private static Damage sealDamage(long height, long position) {
        String file = position == Position.NONE ? "" : EntryLog.fileName(Position.segment(position));
        return new Damage(Recovery.sealName(height), file, Position.offset(position), Damaged.CHECKSUM);
    }

    private Damage foundSealDamaged(long height, long position) {
        Damage found = sealDamage(height, position);
        lock.lock();
        try {
            if (index.sealPosition(height) == position && !index.isSealDamaged(height)) {
                index.damagedSeal(height, position);
                damage.add(found);
            }
        } finally {
            lock.unlock();
        }
        return found;
    }

    @Override
    public List<byte[]> votes() throws AlthingException {
        List<byte[]> unwritten = new ArrayList<>();
        long durableEnd;
        lock.lock();
        try {
            durableEnd = voteLog.durableEnd();
            if (isWriting) {
                unwritten.addAll(writing.votes());
            }
            unwritten.addAll(filling.votes());
        } finally {
            lock.unlock();
        }
        try {
            List<byte[]> votes = new ArrayList<>(voteLog.votes(durableEnd));
            unwritten.forEach(vote -> votes.add(vote.clone()));
            return List.copyOf(votes);
        } catch (IOException e) {
            throw new AlthingException("cannot read the vote log in " + folder + " (" + e + "); check the disk", e);
        }
    }

    // ---- backup

    /**
     * The files up to what is durable at one moment. The ends are of one moment too, so a commit in the log never promises a vote that is
     * not among those here.
     */
    List<Ledger.DurableFile> durableFiles(String prefix) throws AlthingException {
        int segment;
        long offset;
        long votesEnd;
        lock.lock();
        try {
            String damaged = voteLog.damage();
            if (damaged != null) {
                throw voteLog.refusal(damaged);
            }
            segment = durableSegment;
            offset = durableOffset;
            votesEnd = voteLog.durableEnd();
        } finally {
            lock.unlock();
        }
        List<Ledger.DurableFile> files = new ArrayList<>();
        try {
            for (Map.Entry<Integer, Disk.File> file :
                    log.segments().headMap(segment, true).entrySet()) {
                long sizeBytes =
                        file.getKey() == segment ? offset : file.getValue().size();
                files.add(new Ledger.DurableFile(prefix + EntryLog.fileName(file.getKey()), sizeBytes));
            }
        } catch (IOException e) {
            throw new AlthingException("cannot read the log in " + folder + " (" + e + "); check the disk", e);
        }
        if (votesEnd > 0) {
            files.add(new Ledger.DurableFile(prefix + VoteLog.FILE_NAME, votesEnd));
            files.add(new Ledger.DurableFile(prefix + VoteLog.COPY_NAME, votesEnd));
        }
        return files;
    }

    // ---- damage

    @Override
    public List<Damage> damage() {
        lock.lock();
        try {
            return damage.items();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Damage> scrub() throws AlthingException {
        DamageList found = new DamageList();
        int segment;
        long offset;
        long votesEnd;
        lock.lock();
        try {
            segment = durableSegment;
            offset = durableOffset;
            votesEnd = voteLog.durableEnd();
        } finally {
            lock.unlock();
        }
        Scrub scrub = new Scrub(index, lock, found);
        try {
            scrub.run(log, marker, segment, offset);
            voteLog.scrub(votesEnd, found);
        } catch (DamagedException e) {
            found.add("the vote log", VoteLog.FILE_NAME, 0, e.getMessage());
        } catch (IOException e) {
            throw new AlthingException("cannot read the log in " + folder + " (" + e + "); check the disk", e);
        }
        reportMissing(scrub, Position.of(segment, offset, 0), found);
        return found.items();
    }

    /** Whatever the index promises below this position and the scan did not see whole is damaged. */
    private void reportMissing(Scrub scrub, long below, DamageList found) {
        lock.lock();
        try {
            EntryTable entries = index.entries();
            for (int record = 0; record < entries.size(); record++) {
                if (entries.position(record) < below && !scrub.isEntryWhole(record)) {
                    Damage item = entryDamage(entries.cid(record), entries.position(record));
                    entries.setDamaged(record, true);
                    found.add(item);
                }
            }
            for (long height = 0; height <= index.height(); height++) {
                long position = index.sealPosition(height);
                if (position < below && !scrub.isSealWhole(height)) {
                    index.damagedSeal(height, position);
                    found.add(sealDamage(height, position));
                }
            }
            found.items().forEach(damage::add);
        } finally {
            lock.unlock();
        }
    }

    // ---- closing

    /** Makes everything durable, notes the index, lets the files go. Idempotent; waits for another call that is at it. */
    void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        joinWriter();
        synchronized (writer) {
            if (isClosed()) {
                return;
            }
            writeCheckpoint();
            lock.lock();
            try {
                closed = true;
            } finally {
                lock.unlock();
            }
            callbacks.shutdown();
            awaitCallbacks();
            try {
                log.close();
            } finally {
                voteLog.close();
            }
        }
    }

    private void joinWriter() {
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitCallbacks() {
        if (Thread.currentThread() == callbackThread) {
            return; // whoever closes in a callback would wait for itself
        }
        try {
            callbacks.awaitTermination(CALLBACKS_WAIT_MAX_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Not after damage, so that the next opening looks at everything again; nor after a failure, when the index knows what the log lacks. */
    private void writeCheckpoint() {
        boolean covered = lastCommitPosition == Position.NONE;
        if (covered || refusal != null || !damage.isEmpty()) {
            return;
        }
        try {
            new Checkpoint(
                            marker,
                            durableSequence,
                            lastCommitNonce,
                            lastCommitPosition,
                            voteLog.count(),
                            index.entries().size(),
                            index.height() + 1)
                    .write(disk, folder, index);
        } catch (IOException e) {
            // Only a cache: without it the next opening reads the log. A disk too full for it is reported by the next
            // write.
        }
    }
}
