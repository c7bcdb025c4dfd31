// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 16 bytes of the SHA-256 over the sum of the ids of a range and their number as a varint. */
record Fingerprint(long high, long low) {

    static final int BYTES = 16;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    /** Never fed, only copied: cheaper than a look-up by name. */
    private static final MessageDigest FRESH_DIGEST = lookUpSha256();

    static Fingerprint of(Sum sum) {
        MessageWriter text = new MessageWriter(Item.ID_BYTES + MessageWriter.VARINT_MAX_BYTES);
        text.sum(sum);
        text.varint(sum.count());
        return read(fresh().digest(text.toBytes()), 0);
    }

    /** Reads {@link #BYTES} bytes that the caller knows to be there. */
    static Fingerprint read(byte[] bytes, int at) {
        return new Fingerprint((long) WORD.get(bytes, at), (long) WORD.get(bytes, at + 8));
    }

    void write(byte[] target, int at) {
        WORD.set(target, at, high);
        WORD.set(target, at + 8, low);
    }

    private static MessageDigest fresh() {
        try {
            return (MessageDigest) FRESH_DIGEST.clone();
        } catch (CloneNotSupportedException e) {
            return lookUpSha256();
        }
    }

    private static MessageDigest lookUpSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
