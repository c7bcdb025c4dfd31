// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.althing.api.evidence.Evidence.Claim;
import org.althing.api.evidence.Evidence.Verdict;

/**
 * Gathers what a check finds, claim by claim. A claim holds if all of it was looked at, nothing failed, and all that it rests on holds.
 *
 * <p>A failed check does not end the work: what can still be looked at is, and only the first failure of a claim is kept.
 */
final class Findings {

    private final Set<Check> enabled;
    private final Map<ClaimKind, String> failures = new EnumMap<>(ClaimKind.class);
    private final Map<ClaimKind, String> lacks = new EnumMap<>(ClaimKind.class);
    private final Map<ClaimKind, String> figures = new EnumMap<>(ClaimKind.class);
    private Set<ClaimKind> made = EnumSet.copyOf(ClaimKind.COMMON);

    Findings(Set<Check> enabled) {
        this.enabled = enabled;
    }

    /** Says which claims the report makes. */
    void make(Set<ClaimKind> claims, boolean pinned) {
        made = EnumSet.copyOf(claims);
        if (pinned) {
            made.add(ClaimKind.PIN);
        }
    }

    /** One check: unless it holds, its claim fails, with this reason. */
    void check(Check check, boolean holds, Supplier<String> reason) {
        if (!holds && enabled.contains(check)) {
            fail(check.claim, reason.get());
        }
    }

    /**
     * One check after which, if it fails, nothing more can be said.
     *
     * @throws Stopped if it fails
     */
    void require(Check check, boolean holds, Supplier<String> reason) {
        if (!holds && enabled.contains(check)) {
            throw new Stopped(check.claim, reason.get());
        }
    }

    /** One check that gives its own reason. */
    void check(Check check, Optional<String> refusal, String what) {
        check(check, refusal.isEmpty(), () -> what + ": " + refusal.orElseThrow());
    }

    void fail(ClaimKind claim, String reason) {
        failures.putIfAbsent(claim, reason);
    }

    /** The claim cannot be decided here. */
    void lack(ClaimKind claim, String reason) {
        lacks.putIfAbsent(claim, reason);
    }

    /** All of the claim was looked at. */
    void done(ClaimKind claim, String detail) {
        figures.put(claim, detail);
    }

    List<Claim> claims() {
        Map<ClaimKind, Claim> claims = new EnumMap<>(ClaimKind.class);
        for (ClaimKind kind : made) {
            claims.put(kind, conclude(kind, claims));
        }
        return new ArrayList<>(claims.values());
    }

    private Claim conclude(ClaimKind kind, Map<ClaimKind, Claim> before) {
        Optional<ClaimKind> culprit = failedBase(kind);
        if (culprit.isPresent()) {
            return claim(kind, Verdict.OPEN, "rests on '" + culprit.get().id + "', which fails");
        }
        if (failures.containsKey(kind)) {
            return claim(kind, Verdict.FAILS, failures.get(kind));
        }
        if (lacks.containsKey(kind)) {
            return claim(kind, Verdict.OPEN, lacks.get(kind));
        }
        for (ClaimKind base : kind.restsOn) {
            if (before.containsKey(base) && before.get(base).verdict() == Verdict.OPEN) {
                return claim(kind, Verdict.OPEN, "rests on '" + base.id + "', which is open");
            }
        }
        return figures.containsKey(kind)
                ? claim(kind, Verdict.HOLDS, figures.get(kind))
                : claim(kind, Verdict.OPEN, "not checked, since the check ended before");
    }

    /** A claim that fails and on which this one rests, nearest to the ground; what it says of this one is worth nothing. */
    private Optional<ClaimKind> failedBase(ClaimKind kind) {
        for (ClaimKind base : kind.restsOn) {
            Optional<ClaimKind> deeper = failedBase(base);
            if (deeper.isPresent()) {
                return deeper;
            }
            if (made.contains(base) && failures.containsKey(base)) {
                return Optional.of(base);
            }
        }
        return Optional.empty();
    }

    private static Claim claim(ClaimKind kind, Verdict verdict, String detail) {
        return new Claim(kind.id, kind.statement, verdict, detail);
    }
}
