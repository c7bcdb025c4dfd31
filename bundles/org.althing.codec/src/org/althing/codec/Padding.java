// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.Arrays;

/** Zeros after what is encrypted, as few as make its size a multiple of {@link #STEP_BYTES}, so that the size tells little. */
final class Padding {

    static final int STEP_BYTES = 256;

    private Padding() {}

    static byte[] pad(byte[] plain) {
        return Arrays.copyOf(plain, (plain.length + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES);
    }

    /** Whether these bytes are what {@link #pad} makes of those before the given end. */
    static boolean isPadded(byte[] padded, int end) {
        boolean isShortest = padded.length % STEP_BYTES == 0 && padded.length - end < STEP_BYTES;
        return isShortest && Arrays.equals(padded, end, padded.length, new byte[STEP_BYTES], 0, padded.length - end);
    }
}
