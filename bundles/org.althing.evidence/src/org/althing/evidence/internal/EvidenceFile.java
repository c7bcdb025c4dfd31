// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.althing.api.Cid;
import org.althing.codec.Car;
import org.althing.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/** The blocks of a file on the disk, read once from its beginning to its end. */
final class EvidenceFile implements Blocks, AutoCloseable {

    /** Blocks of one file. */
    static final long BLOCKS_MAX = 1L << 28;

    private static final int BUFFER_SIZE_BYTES = 1 << 18;

    private final Findings findings;
    private final FileChannel file;
    private final Car.Reader reader;
    private long blocks;

    private EvidenceFile(Findings findings, FileChannel file, Car.Reader reader) {
        this.findings = findings;
        this.file = file;
        this.reader = reader;
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws Stopped if it is no CAR file
     */
    static EvidenceFile open(Path path, Findings findings) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            // again() reads at places of its own and leaves the stream's place in the file alone.
            return new EvidenceFile(
                    findings,
                    file,
                    Car.read(new BufferedInputStream(Channels.newInputStream(file), BUFFER_SIZE_BYTES), BLOCKS_MAX));
        } catch (MalformedException e) {
            file.close();
            throw unreadable(e);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** The names in the file's header. */
    List<Cid> roots() {
        return reader.roots();
    }

    /** How many blocks were read. */
    long blocks() {
        return blocks;
    }

    /** How many bytes were read. */
    long sizeBytes() {
        return reader.position();
    }

    /** The first block, whatever its name. */
    Car.Block first() {
        Car.Block block = read();
        if (block == null) {
            throw new Stopped(ClaimKind.FILE, "the file has no blocks");
        }
        return block;
    }

    @Override
    public Block next(Cid cid) {
        Car.Block block = read();
        if (block == null) {
            throw new Stopped(ClaimKind.FILE, "block " + cid + " is missing: the file ends before it");
        }
        int length = block.bytes().length;
        long offset = reader.position() - length;
        findings.require(
                Check.BLOCK_ORDER,
                block.cid().equals(cid),
                () -> "byte " + offset + ": block " + block.cid() + " stands where " + cid + " is due");
        return new Block(block.bytes(), Spot.of(offset, length));
    }

    /** Looks that nothing is left. */
    void end() {
        Car.Block block = read();
        findings.check(
                Check.FILE_END,
                block == null,
                () -> "block " + (block == null ? "" : block.cid()) + " is not needed by anything before it");
    }

    @Override
    public byte[] again(long spot) {
        return read(file, spot);
    }

    static byte[] read(FileChannel file, long spot) {
        ByteBuffer bytes = ByteBuffer.allocate(Spot.length(spot));
        long offset = Spot.offset(spot);
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, offset + bytes.position()) < 0) {
                    throw Blocks.changed();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private Car.@Nullable Block read() {
        try {
            Car.Block block = reader.next();
            if (block != null && block.cid().codec() != Cid.DAG_CBOR) {
                // The same bytes have one name here, so that one content has one file.
                throw new Stopped(ClaimKind.FILE, "block " + block.cid() + " is not named as DAG-CBOR");
            }
            blocks += block == null ? 0 : 1;
            return block;
        } catch (MalformedException e) {
            throw unreadable(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stopped unreadable(MalformedException e) {
        return new Stopped(ClaimKind.FILE, "not a CAR file as it should be: " + e.getMessage());
    }
}
