// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/** A data folder: {@code lock}, {@code format}, and a folder for each DAO in {@code daos}. */
final class LogFolder implements Ledger.Folder {

    static final String FORMAT_FILE_NAME = "format";
    static final String FORMAT = "althing-ledger 1";

    private static final String DAOS = "daos";
    private static final int FORMAT_SIZE_MAX_BYTES = 64;

    private final Path folder;
    private final Disk disk;
    private final Limits limits;
    private final LongSupplier random;
    private final FolderLock lock;
    private final Map<Cid, LogDaoLedger> open = new HashMap<>();
    private boolean closed;

    private LogFolder(Path folder, Disk disk, Limits limits, LongSupplier random, FolderLock lock) {
        this.folder = folder;
        this.disk = disk;
        this.limits = limits;
        this.random = random;
        this.lock = lock;
    }

    static LogFolder open(Path path, Disk disk, Limits limits, LongSupplier random) throws AlthingException {
        try {
            Path folder = create(path).toRealPath();
            FolderLock lock = FolderLock.take(folder);
            try {
                checkFormat(folder, disk);
                return new LogFolder(folder, disk, limits, random, lock);
            } catch (IOException | AlthingException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot write to the data folder " + path + " (" + e
                            + "); make it writable for this user, or choose another folder with --data",
                    e);
        }
    }

    /** A new folder is its owner's alone: a group may be private, and its ballots lie here. */
    private static Path create(Path path) throws IOException {
        if (Files.exists(path)
                || !path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Files.createDirectories(path);
        }
        return Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static void checkFormat(Path folder, Disk disk) throws IOException, AlthingException {
        Path file = folder.resolve(FORMAT_FILE_NAME);
        String expected = "expected '" + FORMAT + "'";
        if (Files.exists(file)) {
            String format = readFormat(disk, file);
            if (!format.equals(FORMAT)) {
                throw new AlthingException("the data folder " + folder + " has the format '" + format + "', " + expected
                        + "; use the version of Althing that wrote it, or choose another folder with --data");
            }
        } else if (Files.exists(folder.resolve(DAOS))) {
            throw new AlthingException("the data folder " + folder + " has no file '" + FORMAT_FILE_NAME + "', "
                    + expected + "; restore it from a backup, or choose another folder with --data");
        } else {
            writeFormat(folder, disk, file);
        }
    }

    private static String readFormat(Disk disk, Path file) throws IOException {
        byte[] bytes = new byte[FORMAT_SIZE_MAX_BYTES];
        try (Disk.File open = disk.open(file)) {
            int length = open.read(ByteBuffer.wrap(bytes), 0);
            return new String(bytes, 0, length, StandardCharsets.US_ASCII).strip();
        }
    }

    private static void writeFormat(Path folder, Disk disk, Path file) throws IOException {
        Path fresh = folder.resolve(FORMAT_FILE_NAME + ".new");
        disk.deleteIfExists(fresh);
        try (Disk.File written = disk.create(fresh)) {
            written.write(ByteBuffer.wrap((FORMAT + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            written.force();
        }
        disk.rename(fresh, file);
        disk.forceFolder(folder);
    }

    @Override
    public synchronized List<Cid> daos() throws AlthingException {
        requireOpen();
        Path parent = folder.resolve(DAOS);
        List<Cid> daos = new ArrayList<>();
        if (!Files.exists(parent)) {
            return daos;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, Files::isDirectory)) {
            for (Path child : children) {
                Cid dao = parse(child.getFileName().toString());
                if (dao != null) {
                    daos.add(dao);
                }
            }
            return daos;
        } catch (IOException e) {
            throw new AlthingException("cannot read " + parent + " (" + e + "); check the disk", e);
        }
    }

    private static @Nullable Cid parse(String name) {
        try {
            return Cid.parse(name);
        } catch (IllegalArgumentException e) {
            return null; // not ours
        }
    }

    @Override
    public synchronized DaoLedger dao(Cid dao) throws AlthingException {
        return store(dao);
    }

    private LogDaoLedger store(Cid dao) throws AlthingException {
        requireOpen();
        LogDaoLedger ledger = open.get(dao);
        if (ledger == null) {
            Path child = folder.resolve(DAOS).resolve(dao.toString());
            try {
                makeFolder(child.getParent());
                makeFolder(child);
                ledger = LogDaoLedger.open(dao, disk, child, limits, random);
            } catch (IOException e) {
                throw new AlthingException(
                        "cannot open " + child + " (" + e + "); check the disk and who may write there", e);
            }
            open.put(dao, ledger);
        }
        return ledger;
    }

    @Override
    public synchronized List<Ledger.DurableFile> durableFiles() throws AlthingException {
        List<Ledger.DurableFile> files = new ArrayList<>();
        for (Cid dao : daos()) {
            files.addAll(store(dao).durableFiles(DAOS + "/" + dao + "/"));
        }
        // Last: stores without it are refused.
        files.add(new Ledger.DurableFile(FORMAT_FILE_NAME, (FORMAT + "\n").length()));
        return files;
    }

    private void makeFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectory(path);
            disk.forceFolder(path.getParent());
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void requireOpen() throws AlthingException {
        if (closed) {
            throw new AlthingException("the data folder " + folder + " is closed");
        }
    }

    @Override
    public synchronized void close() throws AlthingException {
        if (closed) {
            return;
        }
        closed = true;
        IOException failure = null;
        for (LogDaoLedger ledger : open.values()) {
            try {
                ledger.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        try {
            lock.close();
        } catch (IOException e) {
            failure = e;
        }
        if (failure != null) {
            throw new AlthingException(
                    "the data folder " + folder + " could not be closed well (" + failure + "); check the disk",
                    failure);
        }
    }
}
