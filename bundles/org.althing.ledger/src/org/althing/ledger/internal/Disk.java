// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The few things that a store asks of a file system, so that tests can make a disk fill up, fail and tell what happened in which order. */
interface Disk {

    /** Opens an existing file for reading and writing. */
    File open(Path path) throws IOException;

    /** Makes a file that must not exist and opens it. */
    File create(Path path) throws IOException;

    /** Replaces {@code to} in one step: after a crash there is the old file or the new one. Durable after {@link #forceFolder}. */
    void rename(Path from, Path to) throws IOException;

    void deleteIfExists(Path path) throws IOException;

    /** Makes the names in a folder durable: without it a new file may be gone after a power cut, however well it was written. */
    void forceFolder(Path folder) throws IOException;

    /** An open file. Reads are safe for many threads; the rest is for one writer at a time. */
    interface File extends Closeable {

        long size() throws IOException;

        /** Reads until the buffer is full or the file ends; returns the number of bytes read. */
        int read(ByteBuffer target, long position) throws IOException;

        /** Writes the whole buffer. */
        void write(ByteBuffer source, long position) throws IOException;

        void truncate(long size) throws IOException;

        /** Returns when all that was written is on the medium (fdatasync). */
        void force() throws IOException;
    }
}
