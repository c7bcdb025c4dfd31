// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.math.BigInteger;
import org.althing.api.Cid;

/**
 * A finished count: the method's result, the ballots behind it, and the hash that everybody who recounts must get.
 *
 * @param method the rule used, with its variant spelt out
 * @param version the rule's version
 * @param question what was counted
 * @param result what the method found
 * @param valid number of ballots that express a preference
 * @param blank number of blank ballots
 * @param invalid number of ballots that the method refused
 * @param validPower voting power of the valid ballots, in units
 * @param blankPower voting power of the blank ballots, in units
 * @param hash CID of the canonical encoding of everything above
 */
public record Tally(
        MethodId method,
        int version,
        Question question,
        Result result,
        BigInteger valid,
        BigInteger blank,
        BigInteger invalid,
        BigInteger validPower,
        BigInteger blankPower,
        Cid hash) {

    /** Units in one vote. */
    public static final BigInteger VOTE = BigInteger.TEN.pow(18);
    /** The largest power of one ballot, in units: 2^120 - 1 (10^18 votes of 10^18 units). */
    public static final BigInteger POWER_MAX = BigInteger.ONE.shiftLeft(120).subtract(BigInteger.ONE);
    /** The largest power of equal ballots handed over at once, in units: 2^126. Files say a count and a weight on one line. */
    public static final BigInteger COPIES_POWER_MAX = BigInteger.ONE.shiftLeft(126);
}
