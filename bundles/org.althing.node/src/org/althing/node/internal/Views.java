// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.assembly.Assembly.DaoView;
import org.althing.api.assembly.Assembly.MemberView;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.assembly.Assembly.ResultView;
import org.althing.api.assembly.Assembly.TallyView;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Governance;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;

/** Turns states into what faces show: text, numbers, lists and maps. */
final class Views {

    private Views() {}

    static DaoView dao(Summary summary, long entries, int pending) {
        DaoState state = summary.state();
        return new DaoView(
                state.dao().toString(),
                state.name(),
                state.purpose(),
                state.height(),
                state.head().map(Cid::toString).orElse(""),
                state.root().toString(),
                state.timeMillis(),
                summary.members(),
                votes(summary.power()),
                summary.proposals(),
                summary.open().size(),
                entries,
                pending,
                state.notaries().stream()
                        .map(Notary::key)
                        .map(PublicKey::toString)
                        .toList(),
                state.notaries().stream()
                        .collect(Collectors.toMap(notary -> notary.key().toString(), Notary::addresses)),
                rules(state.rules()));
    }

    /** Every number is a long, as it is again behind every wire. */
    static Map<String, Object> rules(Rules rules) {
        Map<String, Object> roles = new LinkedHashMap<>();
        rules.roles()
                .forEach((role, rights) ->
                        roles.put(role, rights.stream().map(Views::word).toList()));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("roles", roles);
        view.put("methods", List.copyOf(rules.methods()));
        view.put("sponsors", (long) rules.sponsors());
        view.put("sponsorMillis", rules.sponsorMillis());
        view.put("reviewMillis", rules.reviewMillis());
        view.put("votingMillis", rules.votingMillis());
        view.put("timeLockMillis", rules.timeLockMillis());
        view.put("quorum", rules.quorum().toString());
        view.put("threshold", rules.threshold().toString());
        view.put("graceMillis", rules.graceMillis());
        view.put("extensionMaxMillis", rules.extensionMaxMillis());
        view.put("entriesPerSealMax", (long) rules.entriesPerSealMax());
        view.put("entriesPerDayMax", (long) rules.entriesPerDayMax());
        return view;
    }

    static MemberView member(Member member, List<PublicKey> devices, DaoState state) {
        List<String> active = devices.stream()
                .filter(device -> state.key(device)
                        .filter(key -> key.status() == KeyState.Status.ACTIVE)
                        .isPresent())
                .map(PublicKey::toString)
                .toList();
        return new MemberView(
                member.root().toString(),
                member.name(),
                List.copyOf(member.roles()),
                votes(member.power()),
                member.active(),
                active);
    }

    static ProposalView proposal(DaoState state, ProposalState proposal, Optional<TallyView> tally) {
        Body.Proposal body = proposal.body();
        return new ProposalView(
                proposal.proposal().toString(),
                state.dao().toString(),
                body.title(),
                body.text(),
                proposal.author().toString(),
                name(state, proposal.author()),
                word(proposal.status()),
                proposal.reason(),
                body.method(),
                body.methodVersion(),
                body.seats(),
                body.options(),
                body.actions().stream().map(Views::action).toList(),
                proposal.sponsors().stream().map(PublicKey::toString).toList(),
                proposal.sponsorsNeeded(),
                proposal.submittedAt(),
                proposal.openedAt(),
                proposal.dueMillis(),
                proposal.deadlineMillis(),
                proposal.extendedMillis(),
                proposal.closedAt(),
                proposal.decidedAt(),
                proposal.quorum().toString(),
                proposal.threshold().toString(),
                proposal.ballots(),
                votes(proposal.ballotPower()),
                votes(proposal.electoratePower()),
                tally,
                results(proposal));
    }

    private static List<ResultView> results(ProposalState proposal) {
        List<ResultView> results = new ArrayList<>();
        proposal.results()
                .forEach((counted, notaries) -> notaries.forEach(notary -> results.add(new ResultView(
                        notary.toString(),
                        counted.tally().toString(),
                        word(counted.decision().verdict())))));
        return results;
    }

    static TallyView tally(ProposalState proposal, Tally tally, Governance governance) {
        Decision decision =
                proposal.outcome().map(Body.Counted::decision).orElseGet(() -> governance.decide(proposal, tally));
        List<String> options = proposal.body().options();
        Result result = tally.result();
        Map<String, String> scores = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(options.size(), result.scores().size()); i++) {
            scores.put(options.get(i), result.scores().get(i).toString());
        }
        return new TallyView(
                tally.method().id(),
                tally.method().variant(),
                names(options, decision.winners()),
                result.ranking().stream().map(group -> names(options, group)).toList(),
                scores,
                tally.valid().longValueExact(),
                tally.blank().longValueExact(),
                tally.invalid().longValueExact(),
                word(decision.verdict()),
                result.tie()
                        .map(tie -> tie.rule() + ": " + String.join(", ", names(options, tie.order())))
                        .orElse(""),
                tally.hash().toString(),
                proposal.closedAt() < 0);
    }

    private static List<String> names(List<String> options, List<Integer> numbers) {
        return numbers.stream().map(options::get).toList();
    }

    static String name(DaoState state, PublicKey root) {
        return state.member(root).map(Member::name).orElse("");
    }

    private static String action(Action action) {
        return switch (action) {
            case Action.Admit a ->
                "admit " + a.name() + " (" + a.root() + ") as " + String.join(", ", a.roles()) + " with "
                        + votes(a.power()) + " votes";
            case Action.Remove a -> "remove " + a.root();
            case Action.SetRoles a -> "give " + a.root() + " the roles " + String.join(", ", a.roles());
            case Action.SetPower a -> "give " + a.root() + " " + votes(a.power()) + " votes";
            case Action.SetNotaries a ->
                "set the notaries to "
                        + String.join(
                                ", ",
                                a.notaries().stream()
                                        .map(notary -> notary.key().toString())
                                        .toList());
            case Action.SetRules a -> "set the rules to " + rules(a.rules());
        };
    }

    /** Units as votes. */
    static String votes(BigInteger units) {
        return Fraction.of(units, Tally.VOTE).toString();
    }

    /** A constant as the formats spell it: lower case, hyphens. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
