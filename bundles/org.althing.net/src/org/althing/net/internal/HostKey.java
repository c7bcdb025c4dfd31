// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.files.FileMessages;
import org.althing.api.files.PrivateFiles;
import org.althing.api.net.PeerId;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.ProtobufReader;
import org.althing.codec.ProtobufWriter;

/**
 * The key that names this node as a peer: nobody's but the host's, neither a member's nor a notary's. On disk it is libp2p's PrivateKey message,
 * so other implementations can take it over.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p: peer ids and keys</a>
 */
final class HostKey {

    static final String FILE = "peer.key";

    /** The type of an Ed25519 key in libp2p's messages. */
    static final int ED25519 = 1;

    private static final int FILE_MAX_BYTES = 256;

    private final Ed25519 ed25519;
    private final byte[] seed;
    private final PublicKey open;

    HostKey(byte[] seed32, Ed25519 ed25519) {
        this.ed25519 = ed25519;
        this.seed = seed32.clone();
        this.open = ed25519.publicKey(seed);
    }

    /**
     * Reads the key of a data folder, or makes it.
     *
     * @param random fills an array with randomness
     * @throws AlthingException if the file is unreadable, damaged, or others may read it
     */
    static HostKey open(Path folder, Ed25519 ed25519, Consumer<byte[]> random) throws AlthingException {
        Path file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                byte[] seed = new byte[Ed25519.SEED_BYTES];
                random.accept(seed);
                create(file, new HostKey(seed, ed25519));
            }
            return read(file, ed25519);
        } catch (IOException e) {
            throw new AlthingException("no peer key: " + FileMessages.of(e), e);
        }
    }

    private static void create(Path file, HostKey key) throws IOException {
        byte[] both = Arrays.copyOf(key.seed, Ed25519.SEED_BYTES + PublicKey.BYTES);
        key.open.writeTo(both, Ed25519.SEED_BYTES);
        try {
            PrivateFiles.create(
                    file,
                    new ProtobufWriter().integer(1, ED25519).bytes(2, both).toBytes());
        } catch (FileAlreadyExistsException e) {
            // Another process was first; its key is read.
        }
    }

    private static HostKey read(Path file, Ed25519 ed25519) throws IOException, AlthingException {
        if (!PrivateFiles.isPrivate(file)) {
            throw new AlthingException(
                    file + " can be read by others; run chmod 600 on it, or remove it for a new peer id");
        }
        if (Files.size(file) > FILE_MAX_BYTES) {
            throw damaged(file);
        }
        try {
            ProtobufReader in = new ProtobufReader(Files.readAllBytes(file));
            boolean isEd25519 = in.next() == 1 && in.integer() == ED25519 && in.next() == 2;
            byte[] both = isEd25519 ? in.bytes(FILE_MAX_BYTES) : new byte[0];
            if (both.length != Ed25519.SEED_BYTES + PublicKey.BYTES || in.next() != 0) {
                throw damaged(file);
            }
            HostKey key = new HostKey(Arrays.copyOf(both, Ed25519.SEED_BYTES), ed25519);
            byte[] open = Arrays.copyOfRange(both, Ed25519.SEED_BYTES, both.length);
            if (!key.open.equals(PublicKey.of(open))) {
                throw damaged(file);
            }
            return key;
        } catch (MalformedException | IllegalStateException e) {
            throw damaged(file);
        }
    }

    private static AlthingException damaged(Path file) {
        return new AlthingException(file + " is no peer key; remove it, and the node gets a new peer id");
    }

    PublicKey key() {
        return open;
    }

    PeerId peer() {
        return PeerId.of(open);
    }

    Signature sign(byte[] taggedMessage) {
        return ed25519.provider().sign(seed, taggedMessage);
    }

    Ed25519 ed25519() {
        return ed25519;
    }
}
