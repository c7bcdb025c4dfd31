// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * A family of decoders that the fuzzer feeds.
 *
 * @param type has the method {@code public static void fuzzerTestOneInput(byte[])}, out of which nothing may come
 * @param seeds inputs to begin with, made by the encoders of the family
 * @param door that method
 */
public record FuzzTarget(Class<?> type, Supplier<List<byte[]>> seeds, Door door) {

    /** Where inputs go in. */
    public interface Door {
        void take(byte[] input) throws IOException;
    }

    /** What a decoder gave must be written as it was read. */
    public static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError(promise);
        }
    }

    /** An input for the decoder of this number: the target's first byte tells which is meant. */
    public static byte[] forDecoder(int number, byte[] input) {
        byte[] seed = new byte[input.length + 1];
        seed[0] = (byte) number;
        System.arraycopy(input, 0, seed, 1, input.length);
        return seed;
    }

    /** The name, as reports have it. */
    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
