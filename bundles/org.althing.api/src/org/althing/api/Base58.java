// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import java.math.BigInteger;

/**
 * Base58 with the Bitcoin alphabet (multibase {@code z}). Quadratic in the length, so meant for keys, not for data.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-msporny-base58">draft-msporny-base58</a>
 */
public final class Base58 {

    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(58);

    /** So many digits are won by one division. */
    private static final int DIGITS = 5;

    private static final int POWER = 58 * 58 * 58 * 58 * 58;
    /** Digits that a word of 32 bits can need, in full groups. */
    private static final int WORD_MAX_DIGITS = 2 * DIGITS;

    private Base58() {}

    /** The text of these bytes. */
    public static String encode(byte[] bytes) {
        int[] words = words(bytes);
        char[] text = new char[words.length * WORD_MAX_DIGITS + bytes.length];
        int start = text.length;
        int first = firstNotZero(words, 0);
        while (first < words.length) {
            int digits = remainder(words, first);
            first = firstNotZero(words, first);
            for (int i = 0; i < DIGITS; i++) {
                text[--start] = ALPHABET.charAt(digits % 58);
                digits /= 58;
            }
        }
        while (start < text.length && text[start] == ALPHABET.charAt(0)) {
            start++;
        }
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            text[--start] = ALPHABET.charAt(0);
        }
        return new String(text, start, text.length - start);
    }

    /** The bytes as one number, in words of 32 bits, highest first. */
    private static int[] words(byte[] bytes) {
        int[] words = new int[Math.ceilDiv(bytes.length, Integer.BYTES)];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            words[words.length - 1 - fromEnd / Integer.BYTES] |= (bytes[i] & 0xFF) << 8 * (fromEnd % Integer.BYTES);
        }
        return words;
    }

    private static int firstNotZero(int[] words, int from) {
        int first = from;
        while (first < words.length && words[first] == 0) {
            first++;
        }
        return first;
    }

    /** Divides by {@link #POWER} in place; the remainder. */
    private static int remainder(int[] words, int from) {
        long rest = 0;
        for (int i = from; i < words.length; i++) {
            long dividend = rest << Integer.SIZE | Integer.toUnsignedLong(words[i]);
            words[i] = (int) (dividend / POWER);
            rest = dividend % POWER;
        }
        return (int) rest;
    }

    /**
     * Reads the one text that {@link #encode} writes for these bytes.
     *
     * @throws IllegalArgumentException for a character outside the alphabet
     */
    public static byte[] decode(String text) {
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
