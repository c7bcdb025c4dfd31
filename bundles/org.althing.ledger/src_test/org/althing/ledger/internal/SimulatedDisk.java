// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A disk for tests: it forces nothing, and so is fast, but knows what a real one might have lost. It writes a diary, can hold a force back,
 * run full, fail a force, and lose power.
 */
final class SimulatedDisk implements Disk {

    static final int SECTOR_BYTES = 512;

    private final Disk real = new FileDisk();
    private final List<SimulatedFile> files = new ArrayList<>();
    private final List<String> diary = new ArrayList<>();
    private long freeBytes = Long.MAX_VALUE;
    private boolean forcesFail;
    private Runnable beforeForce = () -> {};

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

    synchronized void failForces() {
        forcesFail = true;
    }

    synchronized void beforeForce(Runnable action) {
        beforeForce = action;
    }

    private synchronized int take(int bytes) {
        int taken = (int) Math.min(bytes, freeBytes);
        freeBytes -= taken;
        return taken;
    }

    /** Of all sectors written since the last force of their file, some reached the medium and some did not. Call it when all is closed. */
    synchronized void losePower(RandomGenerator random) throws IOException {
        for (SimulatedFile file : files) {
            file.losePower(random);
        }
        files.clear();
    }

    @Override
    public File open(Path path) throws IOException {
        return remember(path, real.open(path));
    }

    @Override
    public File create(Path path) throws IOException {
        note("create " + path.getFileName());
        return remember(path, real.create(path));
    }

    private synchronized File remember(Path path, File file) throws IOException {
        SimulatedFile simulated = new SimulatedFile(path, file);
        files.add(simulated);
        return simulated;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        note("rename " + to.getFileName());
        real.rename(from, to);
    }

    @Override
    public void deleteIfExists(Path path) throws IOException {
        real.deleteIfExists(path);
    }

    @Override
    public void forceFolder(Path folder) {
        note("force folder");
    }

    private final class SimulatedFile implements File {

        private record Write(long position, byte[] before) {}

        private final Path path;
        private final File file;
        private final List<Write> unforced = new ArrayList<>();
        private long forcedSize;

        SimulatedFile(Path path, File file) throws IOException {
            this.path = path;
            this.file = file;
            this.forcedSize = file.size();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            int wanted = source.remaining();
            int taken = take(wanted);
            byte[] before = new byte[taken];
            file.read(ByteBuffer.wrap(before), position);
            unforced.add(new Write(position, before));
            note("write " + path.getFileName() + " " + taken);
            source.limit(source.position() + taken);
            file.write(source, position);
            if (taken < wanted) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void truncate(long size) throws IOException {
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
            note("force " + path.getFileName());
            unforced.clear();
            forcedSize = file.size();
        }

        void losePower(RandomGenerator random) throws IOException {
            if (unforced.isEmpty() || !java.nio.file.Files.exists(path)) {
                return;
            }
            try (File again = real.open(path)) {
                for (Write write : unforced) {
                    for (int at = 0; at < write.before().length; at += SECTOR_BYTES) {
                        if (random.nextBoolean()) {
                            int length = Math.min(SECTOR_BYTES, write.before().length - at);
                            again.write(ByteBuffer.wrap(write.before(), at, length), write.position() + at);
                        }
                    }
                }
                if (again.size() > forcedSize && random.nextBoolean()) {
                    again.truncate(random.nextLong(forcedSize, again.size() + 1));
                }
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
