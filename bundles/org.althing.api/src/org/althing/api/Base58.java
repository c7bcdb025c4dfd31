// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import java.math.BigInteger;

/**
 * Base58 with the Bitcoin alphabet (multibase {@code z}). Quadratic in the length, so meant for keys, not for data.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-msporny-base58">draft-msporny-base58</a>
 */
final class Base58 {

    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(58);

    private Base58() {}

    static String encode(byte[] bytes) {
        StringBuilder reversed = new StringBuilder();
        for (BigInteger rest = new BigInteger(1, bytes); rest.signum() > 0; rest = rest.divide(BASE)) {
            reversed.append(ALPHABET.charAt(rest.mod(BASE).intValue()));
        }
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            reversed.append(ALPHABET.charAt(0));
        }
        return reversed.reverse().toString();
    }

    /**
     * Reads the one text that {@link #encode} writes for these bytes.
     *
     * @throws IllegalArgumentException for a character outside the alphabet
     */
    static byte[] decode(String text) {
        BigInteger number = BigInteger.ZERO;
        int zeros = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("base58 has no character '" + text.charAt(i) + "'");
            }
            number = number.multiply(BASE).add(BigInteger.valueOf(digit));
            zeros += zeros == i && digit == 0 ? 1 : 0;
        }
        byte[] signed = number.toByteArray();
        // BigInteger puts a zero byte before a set top bit, and writes zero itself as one byte.
        int from = signed[0] == 0 ? 1 : 0;
        byte[] bytes = new byte[zeros + signed.length - from];
        System.arraycopy(signed, from, bytes, zeros, signed.length - from);
        return bytes;
    }
}
