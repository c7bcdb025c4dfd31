// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The real disk. */
final class FileDisk implements Disk {

    @Override
    public File open(Path path) throws IOException {
        return new ChannelFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public File create(Path path) throws IOException {
        return new ChannelFile(
                path,
                FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void deleteIfExists(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        if (java.io.File.separatorChar == '\\') {
            return; // Windows opens no folders, and NTFS journals its names.
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Two channels, since Java closes a channel when a thread is interrupted inside it: a reader's interrupt must never take the writer's
     * channel away, and readers get theirs back.
     */
    private static final class ChannelFile implements File {

        /** A read is begun anew this often when interrupts of other readers keep closing the channel. */
        private static final int READ_ATTEMPTS_MAX = 100;

        private static final int WRITE_SLICE_BYTES = 512 << 10;

        private final Path path;
        private final FileChannel writing;
        private volatile FileChannel reading;
        private volatile boolean closed;

        ChannelFile(Path path, FileChannel writing) throws IOException {
            this.path = path;
            this.writing = writing;
            try {
                this.reading = FileChannel.open(path, StandardOpenOption.READ);
            } catch (IOException e) {
                writing.close();
                throw e;
            }
        }

        @Override
        public long size() throws IOException {
            return writing.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            boolean interrupted = Thread.interrupted();
            int start = target.position();
            try {
                for (int attempt = 1; ; attempt++) {
                    FileChannel channel = reading;
                    try {
                        return readFully(channel, target, position);
                    } catch (ClosedChannelException e) {
                        interrupted |= e instanceof ClosedByInterruptException && Thread.interrupted();
                        if (closed || attempt == READ_ATTEMPTS_MAX) {
                            throw e;
                        }
                        target.position(start);
                        reopen(channel);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private static int readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int count = channel.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        private synchronized void reopen(FileChannel gone) throws IOException {
            if (reading == gone && !closed) {
                reading = FileChannel.open(path, StandardOpenOption.READ);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            int limit = source.limit();
            while (source.position() < limit) {
                // In slices, since Java copies each through a direct buffer of its size, which the thread then keeps.
                source.limit(Math.min(limit, source.position() + WRITE_SLICE_BYTES));
                at += writing.write(source, at);
            }
            source.limit(limit);
        }

        @Override
        public void truncate(long size) throws IOException {
            writing.truncate(size);
        }

        @Override
        public void force() throws IOException {
            writing.force(false);
        }

        @Override
        public synchronized void close() throws IOException {
            closed = true;
            try {
                writing.close();
            } finally {
                reading.close();
            }
        }
    }
}
