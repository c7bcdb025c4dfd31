// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Question.Unranked;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.junit.jupiter.api.Test;

/** The engine's contract, and the bytes that everybody who recounts must reach. */
class TallyEncodingTest {

    private static final Question QUESTION = new Question(2, 1, Unranked.LAST, List.of(1, 0));

    private static Tally count(String method, Question question, List<Choice> choices) throws Exception {
        return Counting.engine().count(MethodId.parse(method), question, source(choices, Tally.VOTE));
    }

    /** One part for each ballot, so that threads and merging are at work. */
    private static TallyEngine.BallotSource source(List<Choice> choices, BigInteger power) {
        return new TallyEngine.BallotSource() {
            @Override
            public int parts() {
                return Math.max(1, choices.size());
            }

            @Override
            public void read(int part, TallyEngine.Sink sink) {
                if (part < choices.size()) {
                    sink.accept(BallotPaper.of(choices.get(part), power, 1));
                }
            }
        };
    }

    @Test
    void theBytesOfASmallTallyAreFrozen() throws Exception {
        Tally tally = count(
                "single-choice",
                QUESTION,
                List.of(new Choice.Single(0), new Choice.Single(1), new Choice.Blank(), new Choice.Single(7)));
        assertThat(HexFormat.of().formatHex(TallyEncoding.encode(tally)))
                .isEqualTo(
                        "b3617601636c6f7482010063746965a36472756c65636c6f74656f72646572820100676f7074696f6e7382000165626c616e6b6131657365"
                                + "617473016576616c69646132666d6574686f646d73696e676c652d63686f69636566726f756e6473806673636f726573826131613167696e"
                                + "76616c69646131676f7074696f6e73026772616e6b696e67818200016776617269616e74606776657273696f6e016777696e6e6572738101"
                                + "68756e72616e6b6564646c6173746a626c616e6b506f77657273313030303030303030303030303030303030306a636f6d6d697474656573"
                                + "806a76616c6964506f7765727332303030303030303030303030303030303030");
        assertThat(tally.hash()).isEqualTo(Cid.hash(TallyEncoding.encode(tally)));
        assertThat(tally.hash()).hasToString("bafyreige7fa3fiswk3d656flevwlduix5hxj4al7zexwwfqzz7i43szxbm");
    }

    @Test
    void everyPartOfATallyIsInItsHash() throws Exception {
        List<Choice> ballots = List.of(new Choice.Ranking(List.of(List.of(0), List.of(1))));
        Tally tally = count("schulze", QUESTION, ballots);
        List<Tally> others = List.of(
                count("schulze:margin", QUESTION, ballots),
                count("copeland", QUESTION, ballots),
                count("schulze", Question.of(2), ballots),
                count("schulze", new Question(2, 2, Unranked.LAST, QUESTION.lot()), ballots),
                count("schulze", new Question(2, 1, Unranked.IGNORED, QUESTION.lot()), ballots),
                count("schulze", QUESTION, List.of(ballots.getFirst(), new Choice.Blank())),
                count("schulze", QUESTION, List.of(ballots.getFirst(), new Choice.Single(0))),
                count("schulze", QUESTION, List.of(ballots.getFirst(), ballots.getFirst())));
        assertThat(others).extracting(Tally::hash).doesNotContain(tally.hash()).doesNotHaveDuplicates();
        assertThat(count("schulze", QUESTION, ballots).hash()).isEqualTo(tally.hash());
    }

    @Test
    void powerThatNoBallotMayHaveIsABugOfTheSource() {
        for (BigInteger power : List.of(BigInteger.ONE.negate(), Tally.POWER_MAX.add(BigInteger.ONE))) {
            TallyEngine.BallotSource source = source(List.of(new Choice.Single(0), new Choice.Single(0)), power);
            assertThatThrownBy(() -> Counting.engine().count(MethodId.parse("single-choice"), QUESTION, source))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2^120-1");
        }
    }

    @Test
    void theLargestPowersAddUpExactly() throws Exception {
        List<Choice> choices = java.util.Collections.nCopies(1000, new Choice.Single(1));
        Tally tally =
                Counting.engine().count(MethodId.parse("single-choice"), QUESTION, source(choices, Tally.POWER_MAX));
        assertThat(tally.validPower()).isEqualTo(Tally.POWER_MAX.multiply(BigInteger.valueOf(1000)));
        assertThat(tally.result().winners()).containsExactly(1);
    }

    @Test
    void aQuestionThatTheMethodRefusesIsAnIllegalArgument() {
        assertThatThrownBy(() -> count("basic", QUESTION, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("three");
    }

    @Test
    void methodsAreListedByIdAndTheHigherVersionFirst() {
        assertThat(Counting.engine().methods()).extracting(m -> m.id()).isSorted();
        assertThat(Counting.engine().method("irv")).isPresent();
        assertThat(Counting.engine().method("none")).isEmpty();
    }
}
