// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk for tests: it forces nothing, and so is fast, but knows what a real one might have lost. It writes a diary, can hold a force back,
 * run full, fail a force, fail to read a file, stop at any step, and lose power.
 */
final class SimulatedDisk implements Disk {

    static final int SECTOR_BYTES = 512;

    private final Disk real = new FileDisk();
    private final Map<Path, Unforced> unforced = new HashMap<>();
    private final List<Rename> unforcedRenames = new ArrayList<>();
    private final List<String> diary = new ArrayList<>();
    private long freeBytes = Long.MAX_VALUE;
    private long stepsLeft = Long.MAX_VALUE;
    private boolean forcesFail;
    private @Nullable Path unreadable;
    private Runnable beforeForce = () -> {};

    /** What a file has got since it was last forced. */
    private record Unforced(long forcedSize, List<Write> writes) {}

    private record Write(long position, byte[] before) {}

    /** What the name meant before; null for nothing. */
    private record Rename(Path to, byte @Nullable [] before) {}

    synchronized List<String> diary() {
        return List.copyOf(diary);
    }

    synchronized void clearDiary() {
        diary.clear();
    }

    private synchronized void note(String line) {
        diary.add(line);
    }

    synchronized void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    /** The disk stops, for ever, after so many more steps; each byte that is written is one, and so is any other change. */
    synchronized void stopAfter(long steps) {
        stepsLeft = steps;
    }

    synchronized boolean isStopped() {
        return stepsLeft == 0;
    }

    synchronized void failForces() {
        forcesFail = true;
    }

    synchronized void failReads(Path path) {
        unreadable = path;
    }

    synchronized void beforeForce(Runnable action) {
        beforeForce = action;
    }

    private synchronized int take(int bytes) {
        int taken = (int) Math.min(bytes, Math.min(freeBytes, stepsLeft));
        freeBytes -= taken;
        stepsLeft -= taken;
        return taken;
    }

    private synchronized void step() throws IOException {
        if (stepsLeft == 0) {
            throw new IOException("the disk has stopped");
        }
        stepsLeft--;
    }

    /**
     * Of all sectors written since the last force of their file, some reached the medium and some did not; the same goes for names since
     * the last force of a folder. Call it when all is closed.
     */
    synchronized void losePower(RandomGenerator random) throws IOException {
        for (Map.Entry<Path, Unforced> entry : unforced.entrySet()) {
            if (Files.exists(entry.getKey())) {
                losePower(entry.getKey(), entry.getValue(), random);
            }
        }
        unforced.clear();
        for (int i = unforcedRenames.size() - 1; i >= 0 && random.nextBoolean(); i--) {
            undo(unforcedRenames.get(i));
        }
        unforcedRenames.clear();
    }

    private void losePower(Path path, Unforced lost, RandomGenerator random) throws IOException {
        try (File again = real.open(path)) {
            for (Write write : lost.writes().reversed()) {
                for (int at = 0; at < write.before().length; at += SECTOR_BYTES) {
                    if (random.nextBoolean()) {
                        int length = Math.min(SECTOR_BYTES, write.before().length - at);
                        again.write(ByteBuffer.wrap(write.before(), at, length), write.position() + at);
                    }
                }
            }
            if (again.size() > lost.forcedSize() && random.nextBoolean()) {
                again.truncate(random.nextLong(lost.forcedSize(), again.size() + 1));
            }
        }
    }

    private static void undo(Rename rename) throws IOException {
        byte[] before = rename.before();
        if (before == null) {
            Files.deleteIfExists(rename.to());
        } else {
            Files.write(rename.to(), before);
        }
    }

    @Override
    public File open(Path path) throws IOException {
        return new SimulatedFile(path, real.open(path));
    }

    @Override
    public File create(Path path) throws IOException {
        step();
        note("create " + path.getFileName());
        return new SimulatedFile(path, real.create(path));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        step();
        note("rename " + to.getFileName());
        unforcedRenames.add(new Rename(to, Files.exists(to) ? Files.readAllBytes(to) : null));
        real.rename(from, to);
        Unforced moved = unforced.remove(from);
        unforced.remove(to);
        if (moved != null) {
            unforced.put(to, moved);
        }
    }

    @Override
    public synchronized void deleteIfExists(Path path) throws IOException {
        step();
        unforced.remove(path);
        real.deleteIfExists(path);
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        step();
        note("force folder");
        unforcedRenames.clear();
    }

    private final class SimulatedFile implements File {

        private final Path path;
        private final File file;

        SimulatedFile(Path path, File file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                if (path.equals(unreadable)) {
                    throw new IOException("Input/output error");
                }
            }
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            int wanted = source.remaining();
            int taken = take(wanted);
            remember(position, taken);
            note("write " + path.getFileName() + " " + taken);
            source.limit(source.position() + taken);
            file.write(source, position);
            if (taken < wanted) {
                throw new IOException(isStopped() ? "the disk has stopped" : "No space left on device");
            }
        }

        private void remember(long position, int length) throws IOException {
            byte[] before = new byte[length];
            file.read(ByteBuffer.wrap(before), position);
            synchronized (SimulatedDisk.this) {
                Unforced known = unforced.get(path);
                if (known == null) {
                    known = new Unforced(file.size(), new ArrayList<>());
                    unforced.put(path, known);
                }
                known.writes().add(new Write(position, before));
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            step();
            note("truncate " + path.getFileName() + " " + size);
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            Runnable before;
            synchronized (SimulatedDisk.this) {
                if (forcesFail) {
                    throw new IOException("Input/output error");
                }
                before = beforeForce;
            }
            before.run();
            step();
            note("force " + path.getFileName());
            synchronized (SimulatedDisk.this) {
                unforced.remove(path);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
