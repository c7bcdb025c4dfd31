// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.Question.Unranked;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.api.tally.VotingMethod;

/** What must hold of every method for every set of ballots. */
class MethodPropertiesTest {

    /** A method with a variant. */
    record Rule(VotingMethod method, String variant) {
        @Override
        public String toString() {
            return method.id() + ":" + variant;
        }
    }

    record Ballot(Choice choice, BigInteger power) {}

    record Election(Question question, List<Ballot> ballots) {}

    @Provide
    Arbitrary<Rule> rules() {
        return Arbitraries.of(Elections.METHODS.stream()
                .flatMap(m -> m.variants().isEmpty()
                        ? java.util.stream.Stream.of(new Rule(m, ""))
                        : m.variants().stream().map(v -> new Rule(m, v)))
                .toList());
    }

    @Provide
    Arbitrary<Election> elections() {
        return Arbitraries.integers()
                .between(1, 6)
                .flatMap(options -> Arbitraries.integers()
                        .between(1, options)
                        .flatMap(seats -> Arbitraries.of(Unranked.values())
                                .flatMap(unranked -> Arbitraries.shuffle(IntStream.range(0, options)
                                                .boxed()
                                                .toList())
                                        .flatMap(lot -> ballot(options)
                                                .list()
                                                .ofMaxSize(16)
                                                .map(ballots -> new Election(
                                                        new Question(options, seats, unranked, lot), ballots))))));
    }

    /** All forms, most of them valid, some not. */
    private static Arbitrary<Ballot> ballot(int options) {
        Arbitrary<Integer> option = Arbitraries.integers().between(0, options - 1);
        Arbitrary<Integer> wild = Arbitraries.integers().between(-2, options + 2);
        Arbitrary<Choice> single = option.map(Choice.Single::new);
        Arbitrary<Choice> approval =
                option.set().map(s -> new Choice.Approval(s.stream().sorted().toList()));
        Arbitrary<Choice> weights = Arbitraries.maps(option, Arbitraries.longs().between(0, 50))
                .map(TreeMap::new)
                .map(m -> new Choice.Weights(List.copyOf(m.keySet()), List.copyOf(m.values())));
        Arbitrary<Choice> complete = Arbitraries.shuffle(
                        IntStream.range(0, options).boxed().toList())
                .map(order -> new Choice.Ranking(order.stream().map(List::of).toList()));
        Arbitrary<Choice> ranking = Arbitraries.shuffle(
                        IntStream.range(0, options).boxed().toList())
                .flatMap(order -> Arbitraries.randomValue(random -> cut(order, random)));
        Arbitrary<Choice> bad = Arbitraries.oneOf(
                wild.map(Choice.Single::new),
                wild.list().ofMaxSize(4).map(Choice.Approval::new),
                wild.list().ofMaxSize(3).list().ofMaxSize(4).map(Choice.Ranking::new),
                wild.list().ofSize(2).map(o -> new Choice.Weights(o, List.of(-1L, Choice.WEIGHT_MAX + 1))),
                Arbitraries.just(new Choice.Blank()));
        Arbitrary<Choice> choice = Arbitraries.frequencyOf(
                Tuple.of(3, single),
                Tuple.of(3, approval),
                Tuple.of(3, weights),
                Tuple.of(3, complete),
                Tuple.of(5, ranking),
                Tuple.of(1, bad));
        Arbitrary<BigInteger> power = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(Tally.VOTE)),
                Tuple.of(1, Arbitraries.just(BigInteger.ZERO)),
                Tuple.of(1, Arbitraries.just(BigInteger.ONE)),
                Tuple.of(1, Arbitraries.just(Tally.POWER_MAX)),
                Tuple.of(3, Arbitraries.bigIntegers().between(BigInteger.ZERO, Tally.POWER_MAX)));
        return choice.flatMap(c -> power.map(p -> new Ballot(c, p)));
    }

    /** A ranking with ties and without some options. */
    private static Choice cut(List<Integer> order, Random random) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int option : order.subList(0, random.nextInt(order.size() + 1))) {
            if (groups.isEmpty() || random.nextInt(3) > 0) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(option);
        }
        groups.forEach(Collections::sort);
        return new Choice.Ranking(groups);
    }

    private static boolean takes(Rule rule, Election election) {
        return rule.method.refuse(rule.variant, election.question).isEmpty();
    }

    private static List<Ballot> valid(Rule rule, Election election) {
        return election.ballots.stream()
                .filter(b -> rule.method
                        .refuse(rule.variant, b.choice, election.question)
                        .isEmpty())
                .toList();
    }

    private static Counter counter(Rule rule, Question question, List<Ballot> ballots) {
        Counter counter = rule.method.counter(rule.variant, question);
        ballots.forEach(b -> counter.add(BallotPaper.of(b.choice, b.power, 1)));
        return counter;
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void anyBallotIsRefusedOrCountedAndTheResultIsWellFormed(
            @ForAll("rules") Rule rule, @ForAll("elections") Election election) {
        if (!takes(rule, election)) {
            return;
        }
        Question question = election.question;
        Result result = counter(rule, question, valid(rule, election)).result();
        List<Integer> ranked =
                result.ranking().stream().flatMap(List::stream).sorted().toList();
        assertThat(ranked)
                .isEqualTo(IntStream.range(0, question.options()).boxed().toList());
        assertThat(result.scores()).hasSize(question.options());
        assertThat(result.winners()).doesNotHaveDuplicates();
        boolean anyPower = valid(rule, election).stream().anyMatch(b -> !b.choice.isBlank() && b.power.signum() > 0);
        assertThat(result.winners()).hasSize(anyPower ? question.seats() : 0);
        List<Integer> first =
                result.ranking().stream().flatMap(List::stream).limit(1).toList();
        if (anyPower) {
            assertThat(result.ranking().getFirst()).contains(result.winners().getFirst());
            assertThat(first).isNotEmpty();
        }
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfBallotsNeverMatters(
            @ForAll("rules") Rule rule, @ForAll("elections") Election election, @ForAll Random random) {
        if (takes(rule, election)) {
            List<Ballot> ballots = valid(rule, election);
            List<Ballot> shuffled = new ArrayList<>(ballots);
            Collections.shuffle(shuffled, random);
            assertThat(counter(rule, election.question, shuffled).result())
                    .isEqualTo(counter(rule, election.question, ballots).result());
        }
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void splittingAndMergingNeverMatters(
            @ForAll("rules") Rule rule, @ForAll("elections") Election election, @ForAll Random random) {
        if (takes(rule, election)) {
            List<Ballot> ballots = valid(rule, election);
            int cut = random.nextInt(ballots.size() + 1);
            Counter first = counter(rule, election.question, ballots.subList(0, cut));
            first.merge(counter(rule, election.question, ballots.subList(cut, ballots.size())));
            assertThat(first.result())
                    .isEqualTo(counter(rule, election.question, ballots).result());
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void copiesCountLikeBallotsOneByOne(@ForAll("rules") Rule rule, @ForAll("elections") Election election) {
        if (takes(rule, election)) {
            List<Ballot> ballots = valid(rule, election);
            Counter copies = rule.method.counter(rule.variant, election.question);
            Counter singly = rule.method.counter(rule.variant, election.question);
            for (Ballot b : ballots) {
                copies.add(BallotPaper.of(b.choice, b.power, 3));
                for (int i = 0; i < 3; i++) {
                    singly.add(BallotPaper.of(b.choice, b.power, 1));
                }
            }
            assertThat(copies.result()).isEqualTo(singly.result());
        }
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void optionsAreTreatedAlikeUpToTheLot(
            @ForAll("rules") Rule rule, @ForAll("elections") Election election, @ForAll Random random) {
        // Largest remainders and Snapshot's runoff prefer lower options by rule; all others must not.
        boolean prefersLower =
                rule.variant.equals("snapshot") && rule.method.id().equals("irv")
                        || rule.method.choiceForm() == Choice.Weights.class;
        if (prefersLower || !takes(rule, election)) {
            return;
        }
        List<Integer> renamed = new ArrayList<>(
                IntStream.range(0, election.question.options()).boxed().toList());
        Collections.shuffle(renamed, random);
        Question question = election.question;
        Question other = new Question(
                question.options(),
                question.seats(),
                question.unranked(),
                question.lot().stream().map(renamed::get).toList());
        List<Ballot> ballots = valid(rule, election);
        Result before = counter(rule, question, ballots).result();
        Result after = counter(
                        rule,
                        other,
                        ballots.stream()
                                .map(b -> new Ballot(rename(b.choice, renamed), b.power))
                                .toList())
                .result();
        assertThat(after.winners())
                .isEqualTo(before.winners().stream().map(renamed::get).toList());
        assertThat(sets(after.ranking()))
                .isEqualTo(sets(before.ranking().stream()
                        .map(g -> g.stream().map(renamed::get).toList())
                        .toList()));
        for (int option = 0; option < question.options(); option++) {
            assertThat(after.scores().get(renamed.get(option)))
                    .isEqualTo(before.scores().get(option));
        }
    }

    private static List<Set<Integer>> sets(List<List<Integer>> groups) {
        return groups.stream().<Set<Integer>>map(HashSet::new).toList();
    }

    private static Choice rename(Choice choice, List<Integer> renamed) {
        return switch (choice) {
            case Choice.Blank blank -> blank;
            case Choice.Single single -> new Choice.Single(renamed.get(single.option()));
            case Choice.Approval approval ->
                new Choice.Approval(
                        approval.options().stream().map(renamed::get).sorted().toList());
            case Choice.Weights weights -> weights;
            case Choice.Ranking ranking ->
                new Choice.Ranking(ranking.groups().stream()
                        .map(g -> g.stream().map(renamed::get).sorted().toList())
                        .toList());
        };
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void scoresAddUpToTheValidPowerToTheUnit(@ForAll("elections") Election election) {
        for (VotingMethod method : List.of(new SingleChoice(), new Weighted(), new Quadratic(), new Plurality())) {
            Rule rule = new Rule(method, "");
            List<Ballot> ballots = valid(rule, election);
            BigInteger power = ballots.stream()
                    .filter(b -> !b.choice.isBlank())
                    .map(Ballot::power)
                    .reduce(BigInteger.ZERO, BigInteger::add);
            Fraction sum = counter(rule, election.question, ballots).result().scores().stream()
                    .reduce(Fraction.ZERO, Fraction::plus);
            assertThat(sum).as(method.id()).isEqualTo(Fraction.of(power, Tally.VOTE));
        }
    }
}
