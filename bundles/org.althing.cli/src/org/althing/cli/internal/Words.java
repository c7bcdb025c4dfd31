// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How values are written for people, and read from them. */
public final class Words {

    /** Characters of a CID that lists show: enough to name it again. */
    static final int CID_SHOWN_CHARS = 16;

    private static final int DID_PREFIX_CHARS = "did:key:".length();
    private static final int KEY_SHOWN_CHARS = 12;

    private static final long SECOND_MILLIS = 1_000;
    private static final long MINUTE_MILLIS = 60 * SECOND_MILLIS;
    private static final long HOUR_MILLIS = 60 * MINUTE_MILLIS;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Words() {}

    /** Text of somebody else, safe to show: what could steer a terminal or reorder text becomes a visible substitute. */
    public static String clean(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isSafe(c) ? c : c == '\t' ? ' ' : 0xFFFD));
        return out.toString();
    }

    /** The lines of a text of somebody else, safe to show, folded at words. */
    public static List<String> fold(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String line : text.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1)) {
            foldLine(clean(line), width, lines);
        }
        return lines;
    }

    /** Columns that a text takes: combining marks take none, East Asian wide characters two. */
    public static int width(String text) {
        return text.codePoints().map(Words::width).sum();
    }

    /** The text, cut with an ellipsis if it is wider than that. */
    public static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int c : text.codePoints().toArray()) {
            used += width(c);
            if (used > width - 1) {
                break;
            }
            out.appendCodePoint(c);
        }
        return out.append('…').toString();
    }

    /** The beginning of a CID; it can be typed where a CID is asked for. */
    static String shortCid(String cid) {
        return cid.length() <= CID_SHOWN_CHARS ? cid : cid.substring(0, CID_SHOWN_CHARS);
    }

    /** The beginning of a key, without {@code did:key:}. */
    static String shortKey(String did) {
        String bare = did.startsWith("did:key:") ? did.substring(DID_PREFIX_CHARS) : did;
        return bare.length() <= KEY_SHOWN_CHARS ? bare : bare.substring(0, KEY_SHOWN_CHARS);
    }

    /** {@code 1 ballot}, {@code 2 ballots}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** {@code 1 ballot}, {@code 2 ballots}. */
    static String count(BigInteger number, String noun) {
        return number + " " + noun + (number.equals(BigInteger.ONE) ? "" : "s");
    }

    /** {@code 17 B}, {@code 1.5 MiB}. */
    static String size(long bytes) {
        String[] names = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = Math.min(names.length - 1, (Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, bytes))) / 10);
        BigDecimal amount =
                new BigDecimal(bytes).divide(new BigDecimal(1L << 10 * unit), unit == 0 ? 0 : 1, RoundingMode.HALF_UP);
        return amount.toPlainString() + " " + names[unit];
    }

    /** A point in time, to the second. */
    static String time(long millis, ZoneId zone) {
        return millis < 0 ? "-" : TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    /** A span of time in its two largest units: {@code 2 d 4 h}. */
    static String span(long millis) {
        long[] units = {DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, SECOND_MILLIS};
        String[] names = {"d", "h", "min", "s"};
        for (int i = 0; i < units.length; i++) {
            if (millis >= units[i]) {
                long rest = i + 1 < units.length ? millis % units[i] / units[i + 1] : 0;
                return millis / units[i] + " " + names[i] + (rest > 0 ? " " + rest + " " + names[i + 1] : "");
            }
        }
        return millis == 0 ? "none" : millis + " ms";
    }

    /**
     * Reads a span of time.
     *
     * @param option where it was written, for the message
     */
    public static long duration(String option, String text) throws Failure {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw Failure.usage(option + ": '" + text + "' is no span of time; write 90s, 30m, 12h, 3d or 2w");
        }
        return Long.parseLong(matcher.group(1))
                * switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> SECOND_MILLIS;
                    case "m" -> MINUTE_MILLIS;
                    case "h" -> HOUR_MILLIS;
                    case "d" -> DAY_MILLIS;
                    default -> 7 * DAY_MILLIS;
                };
    }

    /** One line out of whatever a message holds. */
    static String oneLine(String message) {
        return clean(message.strip().replaceAll("\\s*\\R\\s*", "; "));
    }

    private static void foldLine(String line, int width, List<String> lines) {
        StringBuilder current = new StringBuilder();
        for (String word : line.split(" ", -1)) {
            if (!current.isEmpty() && width(current.toString()) + 1 + width(word) > width) {
                lines.add(current.toString());
                current.setLength(0);
            } else if (!current.isEmpty()) {
                current.append(' ');
            }
            current.append(word);
        }
        lines.add(current.toString());
    }

    private static boolean isSafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = c >= 0x1100 && c <= 0x115F
                || c >= 0x2E80 && c <= 0xA4CF
                || c >= 0xAC00 && c <= 0xD7A3
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0xFE30 && c <= 0xFE6F
                || c >= 0xFF00 && c <= 0xFF60
                || c >= 0xFFE0 && c <= 0xFFE6
                || c >= 0x1F300 && c <= 0x1FAFF
                || c >= 0x20000 && c <= 0x3FFFD;
        return wide ? 2 : 1;
    }
}
