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
        for (ClaimKind base : kind.restsOn) {
            Claim claim = before.get(base);
            if (claim != null && claim.verdict() != Verdict.HOLDS) {
                String how = claim.verdict() == Verdict.FAILS ? "which fails" : "which is open";
                return claim(kind, Verdict.OPEN, "rests on '" + base.id + "', " + how);
            }
        }
        if (failures.containsKey(kind)) {
            return claim(kind, Verdict.FAILS, failures.get(kind));
        }
        if (lacks.containsKey(kind)) {
            return claim(kind, Verdict.OPEN, lacks.get(kind));
        }
        return figures.containsKey(kind)
                ? claim(kind, Verdict.HOLDS, figures.get(kind))
                : claim(kind, Verdict.OPEN, "not checked, since the check ended before");
    }

    private static Claim claim(ClaimKind kind, Verdict verdict, String detail) {
        return new Claim(kind.id, kind.statement, verdict, detail);
    }
}
