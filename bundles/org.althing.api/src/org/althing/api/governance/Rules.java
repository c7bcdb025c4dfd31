// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.althing.api.Fraction;

/**
 * The rules of a DAO. All periods are in milliseconds of seal time.
 *
 * @param roles every role and its rights; members name them
 * @param methods voting methods that proposals may use, as {@code id} (every variant)
 * @param sponsors members, other than the author, who must support a proposal before it is reviewed
 * @param sponsorMillis how long a proposal waits for sponsors before it expires
 * @param reviewMillis time between sponsorship and the opening of the vote
 * @param votingMillis time that voting stays open, at least {@link #VOTING_MIN_MILLIS}
 * @param timeLockMillis time between the outcome and its execution
 * @param quorum part of the electorate's power that must take part (blank ballots do), 0 to 1, inclusive
 * @param threshold for method {@code basic}: part of (for + against) that "for" must <em>exceed</em>, 0 to less than 1
 * @param graceMillis how late a closing seal may be and still close; later, the deadline is extended
 * @param extensionMaxMillis how far outages may extend a deadline in all
 * @param entriesPerSealMax entries of one member in one seal
 * @param entriesPerDayMax entries of one member in one day of seal time (UTC)
 */
public record Rules(
        SortedMap<String, Set<Right>> roles,
        SortedSet<String> methods,
        int sponsors,
        long sponsorMillis,
        long reviewMillis,
        long votingMillis,
        long timeLockMillis,
        Fraction quorum,
        Fraction threshold,
        long graceMillis,
        long extensionMaxMillis,
        int entriesPerSealMax,
        int entriesPerDayMax) {

    /** The shortest time that voting can be open. */
    public static final long VOTING_MIN_MILLIS = 1_000;
    /** The longest period that any rule can name: ten years. */
    public static final long PERIOD_MAX_MILLIS = 10L * 365 * 24 * 3600 * 1000;
    /** Roles of one DAO. */
    public static final int ROLES_MAX = 64;
    /** Methods of one DAO. */
    public static final int METHODS_MAX = 64;
    /** Members in all that can be asked to sponsor. */
    public static final int SPONSORS_MAX = 1024;
    /** Entries of one member in one seal, at most. */
    public static final int ENTRIES_PER_SEAL_LIMIT = 16;
    /** Entries of one member in one day, at most. */
    public static final int ENTRIES_PER_DAY_LIMIT = 100_000;
    /** The largest numerator or denominator of a quorum or threshold. */
    public static final long FRACTION_PART_MAX = 1_000_000_000;

    public Rules {
        TreeMap<String, Set<Right>> copy = new TreeMap<>();
        roles.forEach((role, rights) -> copy.put(
                role,
                Collections.unmodifiableSet(rights.isEmpty() ? EnumSet.noneOf(Right.class) : EnumSet.copyOf(rights))));
        roles = Collections.unmodifiableSortedMap(copy);
        methods = Collections.unmodifiableSortedSet(new TreeSet<>(methods));
    }

    /** The rights that these roles give together. */
    public Set<Right> rights(Set<String> held) {
        return held.stream()
                .flatMap(role -> roles.getOrDefault(role, Set.of()).stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Right.class)));
    }

    /**
     * Rules that suit a small group: every member may do everything but veto, one sponsor, no review, three days of voting, a quarter takes
     * part, a simple majority decides.
     */
    public static Rules usual() {
        TreeMap<String, Set<Right>> roles = new TreeMap<>();
        roles.put("member", EnumSet.of(Right.PROPOSE, Right.SPONSOR, Right.VOTE, Right.COMMENT));
        roles.put("guardian", EnumSet.of(Right.VETO));
        long hour = 3_600_000;
        return new Rules(
                roles,
                new TreeSet<>(Set.of(
                        "basic",
                        "single-choice",
                        "plurality",
                        "approval",
                        "weighted",
                        "quadratic",
                        "irv",
                        "copeland",
                        "schulze")),
                0,
                14 * 24 * hour,
                0,
                72 * hour,
                0,
                Fraction.of(1, 4),
                Fraction.of(1, 2),
                600_000,
                7 * 24 * hour,
                ENTRIES_PER_SEAL_LIMIT,
                1_000);
    }
}
