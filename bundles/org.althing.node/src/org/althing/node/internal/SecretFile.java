// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.files.FileMessages;
import org.althing.api.files.PrivateFiles;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;

/**
 * A file of secret keys of 32 bytes, protected by its mode 0600 alone, since a node must start unattended. DAG-CBOR: [what it is, 1, [keys]]. It is replaced
 * as a whole, so it is always the old one or the new one.
 */
final class SecretFile {

    static final int KEY_SIZE_BYTES = 32;
    private static final int FORMAT_VERSION = 1;

    private final Path file;
    private final String kind;
    private final int keysMax;

    SecretFile(Path file, String kind, int keysMax) {
        this.file = file;
        this.kind = kind;
        this.keysMax = keysMax;
    }

    /**
     * What is in it; empty if there is no such file.
     *
     * @throws AlthingException if it cannot be read, is damaged, or open to others
     */
    Optional<List<byte[]>> read() throws AlthingException {
        try {
            if (Files.size(file) > 256L + 34L * keysMax) {
                throw new AlthingException(file + " is too large to be of this node; restore it from a backup");
            }
            byte[] bytes = Files.readAllBytes(file);
            if (!PrivateFiles.isPrivate(file)) {
                throw new AlthingException(file + " can be read or changed by other users; type: chmod 600 " + file);
            }
            return Optional.of(decode(bytes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedException e) {
            throw new AlthingException(file + " is damaged (" + e.getMessage() + "); restore it from a backup");
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot read " + file + " (" + FileMessages.of(e) + "); check who may read it", e);
        }
    }

    private List<byte[]> decode(byte[] bytes) {
        CborReader in = new CborReader(bytes);
        in.readListExactly(3);
        int at = in.position();
        if (!in.readText(kind.length()).equals(kind)) {
            throw new MalformedException(at, "it is no " + kind);
        }
        in.readLong(FORMAT_VERSION, FORMAT_VERSION);
        List<byte[]> keys = new ArrayList<>();
        for (int left = in.readList(keysMax); left > 0; left--) {
            keys.add(in.readBytesExactly(KEY_SIZE_BYTES));
        }
        in.finish();
        return keys;
    }

    /** Puts these keys into the file instead of what was in it; on return they are durable. */
    void write(List<byte[]> keys) throws AlthingException {
        CborWriter out = new CborWriter(64 + 34 * keys.size());
        out.list(3).text(kind).integer(FORMAT_VERSION).list(keys.size());
        keys.forEach(out::bytes);
        try {
            PrivateFiles.replace(file, out.toBytes());
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot write " + file + " (" + FileMessages.of(e) + "); check the folder and the disk", e);
        }
    }
}
