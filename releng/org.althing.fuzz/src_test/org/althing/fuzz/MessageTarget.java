// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.ReadingKey;
import org.althing.api.entry.Message;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.MessageCodec;
import org.althing.codec.Sha256;
import org.althing.codec.X25519;
import org.althing.testkit.governance.TestSigner;

/** Messages between members, and what the node of the addressee does with one. */
public final class MessageTarget {

    private static final Ed25519 ED25519 = Ed25519.fastest();
    private static final byte[] SECRET = Sha256.hash(new byte[] {1});
    private static final byte[] GOOD = MessageCodec.write(
            Cid.hash(new byte[] {1}),
            ReadingKey.of(X25519.open(SECRET)),
            1_700_000_000_000L,
            "text",
            new TestSigner("a", ED25519));

    private MessageTarget() {}

    public static List<byte[]> seeds() {
        return List.of(GOOD);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Message message;
        try {
            message = MessageCodec.decode(input);
        } catch (MalformedException e) {
            return; // Refused, as declared.
        }
        FuzzTarget.require(message.cid().names(input), "a message has one form");
        Optional<String> text = MessageCodec.open(message, SECRET);
        FuzzTarget.require(text.isEmpty() || text.get().equals("text"), "nobody forges what is encrypted");
        MessageCodec.isSigned(message, ED25519);
    }
}
