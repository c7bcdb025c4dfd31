// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.althing.codec.Sha256;

/**
 * The name of a message: SHA-256 over the topic in UTF-8 followed directly by the data, 32 bytes.
 *
 * <p>Nothing separates the two, so that every implementation can configure it in a line; it is unambiguous as long as no topic in use is the
 * beginning of another, which {@link Router} sees to.
 *
 * <p>Ordered, so that a table of ids chosen to collide still answers in logarithmic time.
 */
record MessageId(long a, long b, long c, long d) implements Comparable<MessageId> {

    /** Length on the wire. */
    static final int BYTES = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    static MessageId of(String topic, byte[] data) {
        MessageDigest digest = Sha256.begin();
        digest.update(topic.getBytes(StandardCharsets.UTF_8));
        return read(digest.digest(data), 0);
    }

    /** Reads {@link #BYTES} bytes that the caller knows to be there. */
    static MessageId read(byte[] bytes, int offset) {
        return new MessageId(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + 8),
                (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    /** The {@link #BYTES} bytes, in a new array. */
    byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        LONG.set(bytes, 0, a);
        LONG.set(bytes, 8, b);
        LONG.set(bytes, 16, c);
        LONG.set(bytes, 24, d);
        return bytes;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    @Override
    public int compareTo(MessageId other) {
        int order = Long.compare(a, other.a);
        order = order != 0 ? order : Long.compare(b, other.b);
        order = order != 0 ? order : Long.compare(c, other.c);
        return order != 0 ? order : Long.compare(d, other.d);
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(a);
    }
}
