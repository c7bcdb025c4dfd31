// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.althing.api.Fraction;
import org.althing.api.governance.Rules;

/** Bounds of what is typed, checked before anything is signed. */
final class Limits {

    private static final char REPLACEMENT = '\uFFFD';

    private Limits() {}

    static String text(String where, String text, int minBytes, int maxBytes) throws Failure {
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (text.indexOf(REPLACEMENT) >= 0) {
            // What the locale or a file could not say as text; signed, it would stay broken for good.
            throw Failure.usage(
                    where + " holds broken text (U+FFFD); write it in UTF-8, in a terminal or file that is UTF-8");
        }
        if (size < minBytes || text.isBlank() && minBytes > 0) {
            throw Failure.usage(where + " is empty");
        }
        if (size > maxBytes) {
            throw Failure.usage(where + " has " + size + " bytes; at most " + maxBytes + " are allowed");
        }
        return text;
    }

    /** A part of the whole, 0 to 1. */
    static Fraction fraction(String option, String text) throws Failure {
        Fraction fraction;
        try {
            fraction = Fraction.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
        if (fraction.signum() < 0 || fraction.compareTo(Fraction.ONE) > 0) {
            throw Failure.usage(
                    option + ": " + text + " is out of range; write a part of the whole, such as 1/4 or 0.25");
        }
        if (fraction.denominator().compareTo(BigInteger.valueOf(Rules.FRACTION_PART_MAX)) > 0) {
            throw Failure.usage(option + ": " + text + " is finer than 1/" + Rules.FRACTION_PART_MAX
                    + "; write it shorter, such as 1/3");
        }
        return fraction;
    }

    /** A part that must be exceeded, so never the whole. */
    static Fraction threshold(String option, String text) throws Failure {
        Fraction threshold = fraction(option, text);
        if (threshold.equals(Fraction.ONE)) {
            throw Failure.usage(option + ": nothing can exceed 1; write less");
        }
        return threshold;
    }

    /** A span of time, from the shortest that is allowed to ten years. */
    static long periodMillis(String option, String text, long minMillis) throws Failure {
        long millis = Words.duration(option, text);
        if (millis < minMillis || millis > Rules.PERIOD_MAX_MILLIS) {
            throw Failure.usage(
                    option + ": " + text + " is out of range; write " + minMillis / 1_000 + "s to ten years");
        }
        return millis;
    }
}
