// SPDX-License-Identifier: EPL-2.0
package org.althing.api.entry;

import java.util.Optional;
import java.util.OptionalLong;
import org.althing.api.Fraction;

/**
 * What a proposal asks beyond the rules. Each value must be at least the rules'.
 *
 * @param reviewMillis time between sponsorship and the opening of the vote
 * @param votingMillis time that voting stays open
 * @param timeLockMillis time between the outcome and its execution
 * @param quorum part of the electorate's power that must take part
 * @param threshold part of the decided power that must be in favour
 */
public record Terms(
        OptionalLong reviewMillis,
        OptionalLong votingMillis,
        OptionalLong timeLockMillis,
        Optional<Fraction> quorum,
        Optional<Fraction> threshold) {

    /** Nothing beyond the rules. */
    public static final Terms NONE = new Terms(
            OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());
}
