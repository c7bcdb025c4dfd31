// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.althing.api.AlthingException;

/** Holds a data folder for this process: a lock on the file {@code lock}, which ends with the process, and the process's number in it. */
final class FolderLock implements Closeable {

    static final String FILE_NAME = "lock";

    private static final int PID_SIZE_MAX_BYTES = 20;

    /**
     * The folders of this process. Static, against the house's rule, since a lock belongs to a process: on POSIX, closing any channel to a
     * locked file gives the lock up, so a second opening in this process must be refused before it touches the file.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the folder.
     *
     * @param folder its real path
     * @throws AlthingException if it is held already
     */
    static FolderLock take(Path folder) throws AlthingException, IOException {
        synchronized (HELD) {
            if (HELD.contains(folder)) {
                throw held(folder, "this process");
            }
            FileChannel channel = FileChannel.open(
                    folder.resolve(FILE_NAME),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE);
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw held(folder, holder(channel));
                }
                writePid(channel);
                HELD.add(folder);
                return new FolderLock(folder, channel);
            } catch (OverlappingFileLockException e) {
                throw held(folder, "this process");
            } catch (AlthingException | IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    private static AlthingException held(Path folder, String holder) {
        return new AlthingException(
                holder + " holds the data folder " + folder + "; stop it, or choose another folder with --data");
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_SIZE_MAX_BYTES);
        channel.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.matches("\\d+") ? "process " + pid : "another process";
    }

    private static void writePid(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException e) {
            // The number only makes a message better, and a full disk must not keep anyone from reading.
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            channel.close();
            HELD.remove(folder);
        }
    }
}
