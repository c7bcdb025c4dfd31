// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.util.regex.Pattern;

/**
 * Names one counting rule: {@code schulze:winning}, {@code irv}. A proposal pins it together with the method's version, so that a
 * later change of the rule can never change an old outcome.
 *
 * @param id lower-case words joined by hyphens, e.g. {@code single-choice}
 * @param variant the method's variant, or empty for its default
 */
public record MethodId(String id, String variant) {

    public static final int TEXT_LENGTH_MAX_CHARS = 64;

    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    public MethodId {
        if (!WORD.matcher(id).matches()
                || !(variant.isEmpty() || WORD.matcher(variant).matches())
                || id.length() + variant.length() >= TEXT_LENGTH_MAX_CHARS) {
            throw new IllegalArgumentException("'" + id + (variant.isEmpty() ? "" : ":" + variant)
                    + "' is not a voting method; write METHOD or METHOD:VARIANT");
        }
    }

    /** Reads {@code METHOD} or {@code METHOD:VARIANT}. */
    public static MethodId parse(String text) {
        int colon = text.indexOf(':');
        if (colon >= 0 && colon == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' names no variant; write METHOD or METHOD:VARIANT");
        }
        return colon < 0 ? new MethodId(text, "") : new MethodId(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return variant.isEmpty() ? id : id + ":" + variant;
    }
}
