// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.althing.api.Fraction;
import org.jspecify.annotations.Nullable;

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

    static Fraction fraction(String option, String text) throws Failure {
        try {
            Fraction fraction = Fraction.parse(text);
            if (fraction.signum() < 0 || fraction.compareTo(Fraction.ONE) > 0) {
                throw Failure.usage(
                        option + ": " + text + " is out of range; write a part of the whole, such as 1/4 or 0.25");
            }
            return fraction;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    static Optional<Fraction> fractionIf(String option, @Nullable String text) throws Failure {
        return text == null ? Optional.empty() : Optional.of(fraction(option, text));
    }
}
