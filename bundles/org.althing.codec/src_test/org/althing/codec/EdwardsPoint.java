// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;

/** A point of edwards25519 in plain big integers: slow, obvious, and able to make the points that no library makes. */
record EdwardsPoint(BigInteger x, BigInteger y) {

    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    static final EdwardsPoint IDENTITY = new EdwardsPoint(BigInteger.ZERO, BigInteger.ONE);

    private static final BigInteger D = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P);

    static final EdwardsPoint BASE = new EdwardsPoint(
            new BigInteger("15112221349535400772501151409588531511454012693041857206046113283949847762202"),
            new BigInteger("46316835694926478169428394003475163141307993866256225615783033603165251855960"));

    /** A point of order 8. */
    static final EdwardsPoint T8 = new EdwardsPoint(
            new BigInteger("43496726750457979451437558183816721346016168361625936758514574428539776020131"),
            new BigInteger("55188659117513257062467267217118295137698188065244968500265048394206261417927"));

    EdwardsPoint plus(EdwardsPoint other) {
        BigInteger product =
                D.multiply(x).multiply(other.x).multiply(y).multiply(other.y).mod(P);
        BigInteger xs = x.multiply(other.y).add(y.multiply(other.x));
        BigInteger ys = y.multiply(other.y).add(x.multiply(other.x));
        return new EdwardsPoint(
                xs.multiply(BigInteger.ONE.add(product).modInverse(P)).mod(P),
                ys.multiply(BigInteger.ONE.subtract(product).modInverse(P)).mod(P));
    }

    EdwardsPoint times(BigInteger scalar) {
        EdwardsPoint sum = IDENTITY;
        for (int i = scalar.bitLength() - 1; i >= 0; i--) {
            sum = sum.plus(sum);
            sum = scalar.testBit(i) ? sum.plus(this) : sum;
        }
        return sum;
    }

    /** The canonical encoding of RFC 8032. */
    byte[] encode() {
        byte[] encoded = littleEndian(y);
        encoded[31] |= (byte) (x.testBit(0) ? 0x80 : 0);
        return encoded;
    }

    static byte[] littleEndian(BigInteger number) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
