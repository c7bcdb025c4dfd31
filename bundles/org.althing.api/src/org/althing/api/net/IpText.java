// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.util.regex.Pattern;

/**
 * Texts of IP addresses without asking any name service.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5952">RFC 5952: one text for each IPv6 address</a>
 */
final class IpText {

    private static final int IP6_WORDS = 8;
    private static final Pattern BYTE = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern WORD = Pattern.compile("[0-9a-f]{1,4}");

    private IpText() {}

    static byte[] parse4(String text) {
        String[] words = text.split("\\.", -1);
        require(words.length == 4, text);
        byte[] ip = new byte[4];
        for (int i = 0; i < 4; i++) {
            require(BYTE.matcher(words[i]).matches() && Integer.parseInt(words[i]) <= 255, text);
            ip[i] = (byte) Integer.parseInt(words[i]);
        }
        return ip;
    }

    static String format4(byte[] ip) {
        return (ip[0] & 0xff) + "." + (ip[1] & 0xff) + "." + (ip[2] & 0xff) + "." + (ip[3] & 0xff);
    }

    static byte[] parse6(String text) {
        int gap = text.indexOf("::");
        String[] head = words(gap < 0 ? text : text.substring(0, gap));
        String[] tail = words(gap < 0 ? "" : text.substring(gap + 2));
        int zeros = IP6_WORDS - head.length - tail.length;
        require(gap < 0 ? zeros == 0 : zeros > 0, text);
        byte[] ip = new byte[2 * IP6_WORDS];
        for (int i = 0; i < head.length; i++) {
            put(ip, i, head[i], text);
        }
        for (int i = 0; i < tail.length; i++) {
            put(ip, head.length + zeros + i, tail[i], text);
        }
        return ip;
    }

    private static String[] words(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    private static void put(byte[] ip, int index, String word, String text) {
        require(WORD.matcher(word).matches(), text);
        int value = Integer.parseInt(word, 16);
        ip[2 * index] = (byte) (value >> 8);
        ip[2 * index + 1] = (byte) value;
    }

    /** The longest run of zero words, the first of equals, is left out; a single one is not. */
    static String format6(byte[] ip) {
        int gap = -1;
        int gapWords = 1;
        for (int i = 0; i < IP6_WORDS; i++) {
            int end = i;
            while (end < IP6_WORDS && word(ip, end) == 0) {
                end++;
            }
            if (end - i > gapWords) {
                gap = i;
                gapWords = end - i;
            }
        }
        return gap < 0 ? format(ip, 0, IP6_WORDS) : format(ip, 0, gap) + "::" + format(ip, gap + gapWords, IP6_WORDS);
    }

    private static String format(byte[] ip, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i > from ? ":" : "").append(Integer.toHexString(word(ip, i)));
        }
        return text.toString();
    }

    private static int word(byte[] ip, int index) {
        return (ip[2 * index] & 0xff) << 8 | ip[2 * index + 1] & 0xff;
    }

    private static void require(boolean holds, String text) {
        if (!holds) {
            throw new IllegalArgumentException("no IP address: " + (text.length() > 64 ? "too long" : text));
        }
    }
}
