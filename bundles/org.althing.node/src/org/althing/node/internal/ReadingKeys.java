// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.ReadingKey;
import org.althing.api.entry.Message;
import org.althing.api.node.NodeSettings;
import org.althing.codec.MessageCodec;
import org.althing.codec.X25519;

/** The reading key of a node: by it a member's node shows that it is one, and gets the group keys of private DAOs. Never leaves the node. */
final class ReadingKeys {

    private final byte[] secret;
    private final ReadingKey open;

    private ReadingKeys(byte[] secret) {
        this.secret = secret;
        this.open = ReadingKey.of(X25519.open(secret));
    }

    /** Opens the key of a data folder, making it if the file is absent. */
    static ReadingKeys open(Path data) throws AlthingException {
        SecretFile file = new SecretFile(data.resolve(NodeSettings.READING_KEY_FILE), "althing-reading-key", 1);
        Optional<List<byte[]>> known = file.read();
        if (known.isPresent() && known.get().size() == 1) {
            return new ReadingKeys(known.get().getFirst());
        }
        byte[] secret = new byte[X25519.KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        file.write(List.of(secret));
        return new ReadingKeys(secret);
    }

    /** The public half. */
    ReadingKey open() {
        return open;
    }

    /**
     * What the key and another agree on.
     *
     * @throws IllegalArgumentException if the other is of small order, or no key
     */
    byte[] agree(byte[] other) {
        if (other.length != X25519.KEY_BYTES) {
            throw new IllegalArgumentException("an X25519 key has 32 bytes, not " + other.length);
        }
        return X25519.agree(secret, other);
    }

    /** The text of a message to this node's member; empty if it was not encrypted for this key. */
    Optional<String> read(Message message) {
        return MessageCodec.open(message, secret);
    }

    /** The public half alone: the secret must not reach a log. */
    @Override
    public String toString() {
        return open.toString();
    }
}
