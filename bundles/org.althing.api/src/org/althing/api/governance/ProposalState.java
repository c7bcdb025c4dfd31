// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;

/**
 * A proposal as the DAO has it. Times are seal times in Unix milliseconds, heights are those of seals; -1 means not yet.
 *
 * @param proposal CID of the proposal entry
 * @param number its place among the DAO's proposals, from 1, in the order in which they were sealed
 * @param author root key
 * @param body what was proposed
 * @param reason why it is void, vetoed or expired; empty otherwise
 * @param submittedAt height of the seal that holds it
 * @param sponsors root keys of the members who support it
 * @param sponsorsNeeded how many it needs. This and the terms that follow are those of its submission: later rules do not touch them
 * @param reviewMillis time between sponsorship and the opening of the vote
 * @param votingMillis time that voting stays open
 * @param timeLockMillis time between the outcome and its execution
 * @param graceMillis how late a closing seal may be and still close
 * @param extensionMaxMillis how much voting time outages may give back in all
 * @param quorum the quorum that applies
 * @param threshold the threshold that applies
 * @param dueMillis when its next transition is due, or -1
 * @param openedAt height of the opening seal
 * @param deadlineMillis when voting ends, outages included
 * @param extendedMillis voting time given back for outages so far
 * @param closedAt height of the closing seal
 * @param electorate CID of the member map right after the opening seal
 * @param voterRoles the roles that had the right to vote then
 * @param electoratePower power of those who may vote, in units
 * @param ballots number of members whose ballot counts
 * @param ballotPower their power, in units
 * @param ballotMap CID of the map from member to counting ballot
 * @param comments CID of the map from comment to its author's root key
 * @param results what notaries counted: body of the result entry to the notaries that signed it, in the order of their seals
 * @param outcome the count that a quorum of notaries agrees on
 * @param decidedAt height of the seal that completed the quorum
 */
public record ProposalState(
        Cid proposal,
        long number,
        PublicKey author,
        Body.Proposal body,
        ProposalStatus status,
        String reason,
        long submittedAt,
        SortedSet<PublicKey> sponsors,
        int sponsorsNeeded,
        long reviewMillis,
        long votingMillis,
        long timeLockMillis,
        long graceMillis,
        long extensionMaxMillis,
        Fraction quorum,
        Fraction threshold,
        long dueMillis,
        long openedAt,
        long deadlineMillis,
        long extendedMillis,
        long closedAt,
        Optional<Cid> electorate,
        SortedSet<String> voterRoles,
        BigInteger electoratePower,
        long ballots,
        BigInteger ballotPower,
        Cid ballotMap,
        Cid comments,
        Map<Body.Counted, List<PublicKey>> results,
        Optional<Body.Counted> outcome,
        long decidedAt) {
    public ProposalState {
        sponsors = Collections.unmodifiableSortedSet(new TreeSet<>(sponsors));
        voterRoles = Collections.unmodifiableSortedSet(new TreeSet<>(voterRoles));
        Map<Body.Counted, List<PublicKey>> copy = new LinkedHashMap<>();
        results.forEach((result, notaries) -> copy.put(result, List.copyOf(notaries)));
        results = Collections.unmodifiableMap(copy);
    }

    /** Whether this member, taken from the electorate, may vote. */
    public boolean mayVote(Member member) {
        return member.active()
                && member.power().signum() > 0
                && member.roles().stream().anyMatch(voterRoles::contains);
    }
}
