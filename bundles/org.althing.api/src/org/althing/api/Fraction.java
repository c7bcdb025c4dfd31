// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import java.math.BigInteger;
import java.util.Objects;

/**
 * An exact rational number in lowest terms with a positive denominator. Immutable, safe to share.
 *
 * <p>Thresholds, quorums and scores are fractions: nothing that decides an outcome is ever rounded.
 *
 * @param numerator any integer
 * @param denominator a positive integer that shares no factor with the numerator
 */
public record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {

    public static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);
    public static final Fraction ONE = new Fraction(BigInteger.ONE, BigInteger.ONE);

    /** Digits accepted in either part of a written fraction. */
    static final int TEXT_LENGTH_MAX_CHARS = 160;

    public Fraction {
        Objects.requireNonNull(numerator, "numerator");
        if (denominator.signum() <= 0) {
            throw new IllegalArgumentException("the denominator of a fraction must be positive, not " + denominator);
        }
        BigInteger common = numerator.gcd(denominator);
        if (!common.equals(BigInteger.ONE)) {
            numerator = numerator.divide(common);
            denominator = denominator.divide(common);
        }
    }

    public static Fraction of(BigInteger numerator, BigInteger denominator) {
        return new Fraction(numerator, denominator);
    }

    public static Fraction of(long numerator, long denominator) {
        return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    public static Fraction of(BigInteger integer) {
        return new Fraction(integer, BigInteger.ONE);
    }

    /**
     * Reads {@code 3}, {@code 2/3} or {@code 0.25}, as {@link #toString} and people write them.
     *
     * @throws IllegalArgumentException if the text is none of these; the message says what is expected
     */
    public static Fraction parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()
                || trimmed.length() > TEXT_LENGTH_MAX_CHARS
                || !trimmed.matches("-?\\d+(/\\d+|\\.\\d+)?")) {
            throw new IllegalArgumentException("'" + text + "' is not a fraction; write it as 2/3, 0.5 or 3");
        }
        int slash = trimmed.indexOf('/');
        if (slash >= 0) {
            return of(new BigInteger(trimmed.substring(0, slash)), new BigInteger(trimmed.substring(slash + 1)));
        }
        int point = trimmed.indexOf('.');
        if (point < 0) {
            return of(new BigInteger(trimmed));
        }
        int decimals = trimmed.length() - point - 1;
        return of(new BigInteger(trimmed.replace(".", "")), BigInteger.TEN.pow(decimals));
    }

    public Fraction plus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    public Fraction times(Fraction other) {
        return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    public int signum() {
        return numerator.signum();
    }

    @Override
    public int compareTo(Fraction other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    /** {@code 3} or {@code 2/3}: the form that results are published in. */
    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}
