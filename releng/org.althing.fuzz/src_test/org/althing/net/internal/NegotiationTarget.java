// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.althing.fuzz.FuzzTarget;
import org.jspecify.annotations.Nullable;

/** multistream-select on both sides. */
public final class NegotiationTarget {

    private static final List<String> PROTOCOLS = List.of("/noise", "/yamux/1.0.0");

    private NegotiationTarget() {}

    public static List<byte[]> seeds() {
        ByteArrayOutputStream asked = new ByteArrayOutputStream();
        asked.writeBytes(Multistream.line(Multistream.VERSION));
        asked.writeBytes(Multistream.line("/tls/1.0.0"));
        asked.writeBytes(Multistream.line("/noise"));
        ByteArrayOutputStream answered = new ByteArrayOutputStream();
        answered.writeBytes(Multistream.line(Multistream.VERSION));
        answered.writeBytes(Multistream.line(Multistream.NOT_AVAILABLE));
        answered.writeBytes(Multistream.line("/yamux/1.0.0"));
        return List.of(asked.toByteArray(), answered.toByteArray(), Multistream.line("x".repeat(200)));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        for (boolean listens : new boolean[] {true, false}) {
            String whole = agree(listens, input, input.length);
            String single = agree(listens, input, 1);
            FuzzTarget.require(String.valueOf(whole).equals(String.valueOf(single)), "cuts make no difference");
        }
    }

    /** What is agreed on, or why nothing is; null as long as neither is known. */
    private static @Nullable String agree(boolean listens, byte[] input, int cut) {
        int[] sent = {0};
        Multistream side = listens ? new Multistream.Listener(PROTOCOLS::contains) : new Multistream.Dialler(PROTOCOLS);
        try {
            for (int at = 0; at < input.length; at += cut) {
                ByteBuffer part = ByteBuffer.wrap(input, at, Math.min(cut, input.length - at));
                String agreed = side.feed(part, line -> sent[0]++);
                if (agreed != null) {
                    FuzzTarget.require(PROTOCOLS.contains(agreed), "only what is spoken is agreed on");
                    return agreed;
                }
                FuzzTarget.require(!part.hasRemaining(), "all is taken");
                FuzzTarget.require(sent[0] <= Multistream.PROPOSALS_MAX + 1, "answers are bounded");
            }
        } catch (Violation e) {
            return e.reason();
        }
        return null;
    }
}
