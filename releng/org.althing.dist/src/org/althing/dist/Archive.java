// SPDX-License-Identifier: EPL-2.0
package org.althing.dist;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.SortedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** Writes the same bytes for the same files, wherever and whenever: in one order, with one time, without owners. */
final class Archive {

    private static final int MODE_FILE = 0100644;
    private static final int MODE_EXECUTABLE = 0100755;

    private Archive() {}

    /** @param root the folder that all files are in */
    static void write(Path archive, String root, SortedMap<String, Product.Content> files, Instant time)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
            if (Product.name(archive).endsWith(".zip")) {
                zip(out, root, files, time);
            } else {
                tar(out, root, files, time);
            }
        }
    }

    private static void tar(OutputStream out, String root, SortedMap<String, Product.Content> files, Instant time)
            throws IOException {
        try (var tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files.entrySet()) {
                byte[] bytes = file.getValue().bytes();
                TarArchiveEntry entry = new TarArchiveEntry(root + "/" + file.getKey());
                entry.setSize(bytes.length);
                entry.setMode(file.getValue().executable() ? MODE_EXECUTABLE : MODE_FILE);
                entry.setModTime(Date.from(time));
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
    }

    private static void zip(OutputStream out, String root, SortedMap<String, Product.Content> files, Instant time)
            throws IOException {
        try (var zip = new ZipOutputStream(out)) {
            for (var file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(root + "/" + file.getKey());
                entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
                zip.putNextEntry(entry);
                zip.write(file.getValue().bytes());
                zip.closeEntry();
            }
        }
    }
}
