// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.althing.codec.Sha256;

/** The first 16 bytes of the SHA-256 over the sum of the ids of a range and their number as a varint. */
record Fingerprint(long high, long low) {

    static final int BYTES = 16;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    static Fingerprint of(Sum sum) {
        MessageWriter text = new MessageWriter(Item.ID_BYTES + MessageWriter.VARINT_MAX_BYTES);
        text.sum(sum);
        text.varint(sum.count());
        return read(Sha256.hash(text.toBytes()), 0);
    }

    /** Reads {@link #BYTES} bytes that the caller knows to be there. */
    static Fingerprint read(byte[] bytes, int at) {
        return new Fingerprint((long) WORD.get(bytes, at), (long) WORD.get(bytes, at + 8));
    }

    void write(byte[] target, int at) {
        WORD.set(target, at, high);
        WORD.set(target, at + 8, low);
    }
}
