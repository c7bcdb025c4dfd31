// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.althing.api.Fraction;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Choice;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;

/**
 * What words and numbers may be, whoever says them and whenever. The decoder of entries refuses much of it before; it is said again here,
 * since faces ask before they encode, and so that the fold stands by itself.
 *
 * <p>Each check gives the reason against, naming the field, or nothing.
 */
final class Forms {

    /** The method whose outcome a threshold decides, and the only one that can carry actions. */
    static final String BASIC = "basic";
    /** For, against, abstain. */
    private static final int BASIC_OPTIONS = 3;

    private static final Optional<String> FINE = Optional.empty();

    private Forms() {}

    static Optional<String> charter(Body.Charter charter) {
        return name("name", charter.name())
                .or(() -> text("purpose", charter.purpose(), Body.TEXT_MAX_BYTES))
                .or(() -> check(charter.salt().length == Body.Charter.SALT_SIZE_BYTES, "salt: must have 16 bytes"))
                .or(() -> check(!charter.founders().isEmpty(), "founders: at least one is needed"))
                .or(() ->
                        check(charter.founders().size() <= Body.FOUNDERS_MAX, "founders: at most " + Body.FOUNDERS_MAX))
                .or(() -> rules(charter.rules()).map(reason -> "rules: " + reason));
    }

    static Optional<String> rules(Rules rules) {
        return check(rules.roles().size() <= Rules.ROLES_MAX, "at most " + Rules.ROLES_MAX + " roles")
                .or(() -> each(rules.roles().keySet(), role -> name("roles", role)))
                .or(() ->
                        check(rules.methods().size() <= Rules.METHODS_MAX, "at most " + Rules.METHODS_MAX + " methods"))
                .or(() -> each(rules.methods(), Forms::methodName))
                .or(() -> range("sponsors", rules.sponsors(), 0, Rules.SPONSORS_MAX))
                .or(() -> period("sponsorMillis", rules.sponsorMillis(), 0))
                .or(() -> period("reviewMillis", rules.reviewMillis(), 0))
                .or(() -> period("votingMillis", rules.votingMillis(), Rules.VOTING_MIN_MILLIS))
                .or(() -> period("timeLockMillis", rules.timeLockMillis(), 0))
                .or(() -> period("graceMillis", rules.graceMillis(), 0))
                .or(() -> period("extensionMaxMillis", rules.extensionMaxMillis(), 0))
                .or(() -> part("quorum", rules.quorum()))
                .or(() -> threshold(rules.threshold()))
                .or(() -> range("entriesPerSealMax", rules.entriesPerSealMax(), 1, Rules.ENTRIES_PER_SEAL_LIMIT))
                .or(() -> range("entriesPerDayMax", rules.entriesPerDayMax(), 1, Rules.ENTRIES_PER_DAY_LIMIT));
    }

    static Optional<String> notaries(List<Notary> notaries) {
        return check(!notaries.isEmpty(), "at least one notary is needed")
                .or(() -> check(notaries.size() <= Body.NOTARIES_MAX, "at most " + Body.NOTARIES_MAX + " notaries"))
                .or(() -> check(
                        notaries.stream().map(Notary::key).distinct().count() == notaries.size(),
                        "a notary is named twice"))
                .or(() -> each(
                        notaries,
                        n -> check(
                                n.addresses().size() <= Body.ADDRESSES_MAX,
                                "a notary has at most " + Body.ADDRESSES_MAX + " addresses")));
    }

    /** What can be said against a proposal under these rules, whoever proposes it. */
    static Optional<String> proposal(Body.Proposal proposal, Rules rules) {
        return check(!isBlank(proposal.title()), "title: must not be blank")
                .or(() -> text("title", proposal.title(), Body.TITLE_MAX_BYTES))
                .or(() -> text("text", proposal.text(), Body.TEXT_MAX_BYTES))
                .or(() -> options(proposal.options()))
                .or(() -> range("seats", proposal.seats(), 1, proposal.options().size()))
                .or(() -> method(proposal, rules))
                .or(() -> terms(proposal.terms(), rules).map(reason -> "terms: " + reason))
                .or(() -> check(proposal.actions().size() <= Body.ACTIONS_MAX, "actions: at most " + Body.ACTIONS_MAX))
                .or(() -> each(proposal.actions(), Forms::action).map(reason -> "actions: " + reason));
    }

    /** What can be said against an action in any state of the DAO. */
    static Optional<String> action(Action action) {
        return switch (action) {
            case Action.Admit a ->
                name("name", a.name()).or(() -> power(a.power())).or(() -> roleCount(a.roles()));
            case Action.Remove a -> FINE;
            case Action.SetRoles a -> roleCount(a.roles());
            case Action.SetPower a -> power(a.power());
            case Action.SetNotaries a ->
                notaries(a.notaries())
                        .or(() -> check(
                                a.notaries().stream()
                                        .map(Notary::key)
                                        .collect(Collectors.toSet())
                                        .containsAll(a.consents().keySet()),
                                "a consent is by a key that is not named as a notary"));
            case Action.SetRules a -> rules(a.rules());
        };
    }

    /** Whether a choice has the form of one; whether it suits the method is for the count to say. */
    static Optional<String> choice(Choice choice) {
        return switch (choice) {
            case Choice.Blank c -> FINE;
            case Choice.Single c -> option(c.option());
            case Choice.Approval c -> ascending(c.options());
            case Choice.Weights c ->
                ascending(c.options())
                        .or(() -> each(c.weights(), weight -> range("weight", weight, 0, Choice.WEIGHT_MAX)));
            case Choice.Ranking c -> each(c.groups(), Forms::group);
        };
    }

    static Optional<String> text(String field, String text, int sizeMaxBytes) {
        return check(
                text.getBytes(StandardCharsets.UTF_8).length <= sizeMaxBytes,
                field + ": at most " + sizeMaxBytes + " bytes");
    }

    private static Optional<String> method(Body.Proposal proposal, Rules rules) {
        Optional<MethodId> parsed = parse(proposal.method());
        if (parsed.isEmpty()) {
            return Optional.of("method: no such name of a method");
        }
        String id = parsed.get().id();
        boolean basic = id.equals(BASIC);
        return check(rules.methods().contains(id), "method: " + id + " is not enabled by the rules")
                .or(() -> check(proposal.methodVersion() >= 1, "methodVersion: must be at least 1"))
                .or(() -> check(
                        !basic || proposal.options().size() == BASIC_OPTIONS,
                        "options: basic has for, against and abstain"))
                .or(() -> check(!basic || proposal.seats() == 1, "seats: basic has one"))
                .or(() -> check(!basic || parsed.get().variant().isEmpty(), "method: basic has no variants"))
                .or(() ->
                        check(basic || proposal.actions().isEmpty(), "actions: only the method basic can carry them"));
    }

    private static Optional<String> options(List<String> options) {
        return range("options", options.size(), 1, Question.OPTIONS_MAX)
                .or(() -> each(options, option -> name("options", option)))
                .or(() -> check(new HashSet<>(options).size() == options.size(), "options: one is named twice"));
    }

    private static Optional<String> terms(Terms terms, Rules rules) {
        return atLeast("reviewMillis", terms.reviewMillis(), rules.reviewMillis())
                .or(() -> atLeast("votingMillis", terms.votingMillis(), rules.votingMillis()))
                .or(() -> atLeast("timeLockMillis", terms.timeLockMillis(), rules.timeLockMillis()))
                .or(() -> atLeast("quorum", terms.quorum(), rules.quorum()))
                .or(() -> terms.quorum().flatMap(quorum -> part("quorum", quorum)))
                .or(() -> atLeast("threshold", terms.threshold(), rules.threshold()))
                .or(() -> terms.threshold().flatMap(Forms::threshold));
    }

    private static Optional<String> atLeast(String field, OptionalLong value, long ruleMillis) {
        return value.isEmpty()
                ? FINE
                : check(value.getAsLong() >= ruleMillis, field + ": lower than the rules'")
                        .or(() -> period(field, value.getAsLong(), 0));
    }

    private static Optional<String> atLeast(String field, Optional<Fraction> value, Fraction rule) {
        return value.flatMap(given -> check(given.compareTo(rule) >= 0, field + ": lower than the rules'"));
    }

    private static Optional<String> threshold(Fraction threshold) {
        return part("threshold", threshold)
                .or(() -> check(threshold.compareTo(Fraction.ONE) < 0, "threshold: 1 or more can never be exceeded"));
    }

    private static Optional<String> part(String field, Fraction part) {
        BigInteger max = BigInteger.valueOf(Rules.FRACTION_PART_MAX);
        return check(part.signum() >= 0 && part.compareTo(Fraction.ONE) <= 0, field + ": must be from 0 to 1")
                .or(() -> check(part.denominator().compareTo(max) <= 0, field + ": no number in it may exceed " + max));
    }

    private static Optional<String> methodName(String id) {
        return check(
                parse(id).filter(method -> method.variant().isEmpty()).isPresent(),
                "methods: '" + id + "' is no name of a method");
    }

    private static Optional<MethodId> parse(String method) {
        try {
            return Optional.of(MethodId.parse(method));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> power(BigInteger power) {
        return check(
                power.signum() >= 0 && power.compareTo(Tally.POWER_MAX) <= 0,
                "power: must be from 0 to 2^120 - 1 units");
    }

    private static Optional<String> roleCount(SortedSet<String> roles) {
        return check(roles.size() <= Rules.ROLES_MAX, "roles: at most " + Rules.ROLES_MAX);
    }

    private static Optional<String> name(String field, String name) {
        return check(!isBlank(name), field + ": must not be blank").or(() -> text(field, name, Body.NAME_MAX_BYTES));
    }

    private static Optional<String> period(String field, long millis, long minMillis) {
        return range(field, millis, minMillis, Rules.PERIOD_MAX_MILLIS);
    }

    private static Optional<String> option(int option) {
        return range("option", option, 0, Question.OPTIONS_MAX - 1);
    }

    private static Optional<String> group(List<Integer> group) {
        return check(!group.isEmpty(), "an empty rank").or(() -> ascending(group));
    }

    private static Optional<String> ascending(List<Integer> options) {
        for (int i = 1; i < options.size(); i++) {
            if (options.get(i - 1) >= options.get(i)) {
                return Optional.of("options of a choice must ascend");
            }
        }
        return each(options, Forms::option);
    }

    private static Optional<String> range(String field, long value, long min, long max) {
        return value >= min && value <= max
                ? FINE
                : Optional.of(field + ": must be from " + min + " to " + max + ", not " + value);
    }

    private static <T> Optional<String> each(Iterable<T> items, Function<T, Optional<String>> check) {
        for (T item : items) {
            Optional<String> reason = check.apply(item);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return FINE;
    }

    private static Optional<String> check(boolean holds, String reason) {
        return holds ? FINE : Optional.of(reason);
    }

    /** Written out, since {@link String#isBlank} follows the Unicode tables of the running JDK, and nodes run on several. */
    private static boolean isBlank(String text) {
        return text.chars().allMatch(c -> c == ' ' || c >= '\t' && c <= '\r');
    }
}
