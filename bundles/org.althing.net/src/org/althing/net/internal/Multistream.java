// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.althing.api.net.Uvarint;
import org.jspecify.annotations.Nullable;

/**
 * Agreeing on a protocol, on both sides of a connection or stream. Bytes after the agreement stay in the input. For one thread.
 *
 * @see <a href="https://github.com/multiformats/multistream-select">multistream-select 1.0</a>
 */
abstract sealed class Multistream {

    static final String VERSION = "/multistream/1.0.0";
    static final String NOT_AVAILABLE = "na";

    /** A line with its newline, in bytes. */
    static final int LINE_MAX_BYTES = 1024;

    /** Protocols that a dialler may ask for in one negotiation. */
    static final int PROPOSALS_MAX = 16;

    /** A varint for {@link #LINE_MAX_BYTES} takes so many bytes. */
    private static final int PREFIX_MAX_BYTES = 2;

    private final byte[] partial = new byte[PREFIX_MAX_BYTES + LINE_MAX_BYTES];
    private int partialBytes;
    private boolean greeted;

    /**
     * Takes what the peer sent.
     *
     * @param out what to send, a line each
     * @return the protocol agreed on; null as long as there is none
     * @throws Violation if it is no negotiation, or nothing is in common
     */
    final @Nullable String feed(ByteBuffer in, Consumer<byte[]> out) {
        for (String line = readLine(in); line != null; line = readLine(in)) {
            if (!greeted) {
                require(line.equals(VERSION), "the peer does not begin with " + VERSION);
                greeted = true;
                greeted(out);
                continue;
            }
            String agreed = answer(line, out);
            if (agreed != null) {
                return agreed;
            }
        }
        return null;
    }

    /** The peer has said its version. */
    abstract void greeted(Consumer<byte[]> out);

    abstract @Nullable String answer(String line, Consumer<byte[]> out);

    private @Nullable String readLine(ByteBuffer in) {
        while (in.hasRemaining()) {
            partial[partialBytes++] = in.get();
            int prefix = prefixBytes();
            if (prefix == 0) {
                require(partialBytes < PREFIX_MAX_BYTES, "a line that is too long");
                continue;
            }
            int length = prefix == 1 ? partial[0] : partial[0] & 0x7f | partial[1] << 7;
            require(length > 0 && length <= LINE_MAX_BYTES, "a line of " + length + " bytes");
            int take = Math.min(prefix + length - partialBytes, in.remaining());
            in.get(partial, partialBytes, take);
            partialBytes += take;
            if (partialBytes == prefix + length) {
                require(partial[partialBytes - 1] == '\n', "a line without its end");
                partialBytes = 0;
                return new String(partial, prefix, length - 1, StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    /** Bytes of the length that have come; 0 as long as it is not whole. */
    private int prefixBytes() {
        return partial[0] >= 0 ? 1 : partialBytes >= PREFIX_MAX_BYTES && partial[1] > 0 ? PREFIX_MAX_BYTES : 0;
    }

    /** A line as it is sent. */
    static byte[] line(String text) {
        byte[] body = (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] line = new byte[Uvarint.size(body.length) + body.length];
        int at = Uvarint.write(body.length, line, 0);
        System.arraycopy(body, 0, line, at, body.length);
        return line;
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new Violation(End.NEGOTIATION, reason);
        }
    }

    /** The side that is asked. */
    static final class Listener extends Multistream {

        private final Predicate<String> offered;
        private int proposals;

        /** @param offered whether a protocol is spoken here */
        Listener(Predicate<String> offered) {
            this.offered = offered;
        }

        @Override
        void greeted(Consumer<byte[]> out) {
            out.accept(line(VERSION));
        }

        @Override
        @Nullable
        String answer(String line, Consumer<byte[]> out) {
            require(++proposals <= PROPOSALS_MAX, "more than " + PROPOSALS_MAX + " protocols asked for");
            boolean isOffered = offered.test(line);
            out.accept(line(isOffered ? line : NOT_AVAILABLE));
            return isOffered ? line : null;
        }
    }

    /** The side that asks, in order of preference. With one protocol it may send what follows at once, without waiting for the answer. */
    static final class Dialler extends Multistream {

        private final Iterator<String> proposals;
        private String asked;

        Dialler(List<String> protocols) {
            this.proposals = new ArrayList<>(protocols).iterator();
            this.asked = proposals.next();
        }

        /** Sends the first lines. */
        void start(Consumer<byte[]> out) {
            out.accept(line(VERSION));
            out.accept(line(asked));
        }

        @Override
        void greeted(Consumer<byte[]> out) {}

        @Override
        @Nullable
        String answer(String line, Consumer<byte[]> out) {
            if (line.equals(asked)) {
                return asked;
            }
            require(line.equals(NOT_AVAILABLE), "an answer to what was not asked");
            require(proposals.hasNext(), "the peer does not speak " + asked);
            asked = proposals.next();
            out.accept(line(asked));
            return null;
        }
    }
}
