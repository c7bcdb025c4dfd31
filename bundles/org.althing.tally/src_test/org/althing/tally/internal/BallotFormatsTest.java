// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.althing.api.tally.BallotFiles.Ballot;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.Problem;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Question.Unranked;
import org.althing.api.tally.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format, recognised by content, with what it can say and how it can be broken. */
class BallotFormatsTest {

    private final ContentBallotFiles files = new ContentBallotFiles();

    @TempDir
    Path folder;

    private BallotFile read(String content) throws Exception {
        return files.read(Counting.write(folder, content));
    }

    /** {@code 3x 0>1=2}; powers other than one vote in units. */
    private static String ballots(BallotFile file) {
        return file.ballots().stream().map(BallotFormatsTest::ballot).collect(Collectors.joining("; "));
    }

    private static String ballot(Ballot ballot) {
        String choice = switch (ballot.choice()) {
            case Choice.Blank blank -> "blank";
            case Choice.Single single -> "single " + single.option();
            case Choice.Approval approval -> approval.options().toString();
            case Choice.Weights weights -> weights.options() + "~" + weights.weights();
            case Choice.Ranking ranking ->
                ranking.groups().stream()
                        .map(g -> g.stream().map(String::valueOf).collect(Collectors.joining("=")))
                        .collect(Collectors.joining(">"));
        };
        return ballot.count() + "x " + choice + (ballot.power().equals(Tally.VOTE) ? "" : " ^" + ballot.power());
    }

    private static String problems(BallotFile file) {
        return file.problems().stream()
                .map(p -> p.line() + " (" + p.count() + "): " + p.reason())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void blt() throws Exception {
        BallotFile file = read("""
                4 2          # four candidates, two seats
                -2           # Bob has withdrawn
                3 4 1=3 2 0  # 3 ballots
                (id 7) 1 2 0
                2 1 - 3 0 1 4 0
                1.5 1 0
                0            # end
                "Amy"
                "Bob"
                "Chuck # 1"
                "Diane"
                "Gardening"
                """);
        assertThat(file.format()).isEqualTo("blt");
        assertThat(file.title()).contains("Gardening");
        assertThat(file.seats()).contains(2);
        assertThat(file.options()).containsExactly("Amy", "Chuck # 1", "Diane");
        assertThat(ballots(file)).isEqualTo("3x 2>0=1; 1x ; 2x 0>1; 1x 2; 1x 0 ^1500000000000000000");
        assertThat(file.problems()).isEmpty();
    }

    @Test
    void bltWithSettingsOfDroop() throws Exception {
        BallotFile file = read("""
                3 1
                [nick a b c]
                [tie c a]
                [droop precision=5]
                5 a b=c 0
                9223372036854775807 c 0
                0
                "A"
                "B"
                """);
        assertThat(file.options()).containsExactly("A", "B", "3");
        assertThat(ballots(file)).isEqualTo("5x 0>1=2; 9223372036854775807x 2");
        assertThat(file.lot()).contains(List.of(1, 0, 2));
    }

    @Test
    void bltTellsBadBallotsByLine() throws Exception {
        BallotFile file = read("""
                2 1
                1 1 0
                7 3 0
                2 1 2
                x 1 0
                9223372036854775808 1 0
                0
                "A"
                "B"
                """);
        assertThat(ballots(file)).isEqualTo("1x 0");
        assertThat(problems(file)).isEqualTo("""
                3 (7): '3' is no candidate; there are 2
                4 (2): the ballot does not end with 0
                5 (1): 'x' is no number of ballots; write a whole number from 1 to 9223372036854775807
                6 (1): '9223372036854775808' is no number of ballots; write a whole number from 1 to 9223372036854775807""");
    }

    @Test
    void prefLib() throws Exception {
        BallotFile file = read("""
                # FILE NAME: 00001-00000001.toi
                # TITLE: Dublin
                # DATA TYPE: toi
                # NUMBER ALTERNATIVES: 3
                # NUMBER VOTERS: 12
                # ALTERNATIVE NAME 1: Ann
                # ALTERNATIVE NAME 2: Ben, the elder
                # ALTERNATIVE NAME 3: Cy
                7: 1,{2,3}
                4: {1,2}, 3
                1: 3
                2: 4
                3: 1,,2
                """);
        assertThat(file.format()).isEqualTo("preflib");
        assertThat(file.title()).contains("Dublin");
        assertThat(file.options()).containsExactly("Ann", "Ben, the elder", "Cy");
        assertThat(ballots(file)).isEqualTo("7x 0>1=2; 4x 0=1>2; 1x 2");
        assertThat(problems(file))
                .isEqualTo("12 (2): '4' is no alternative; there are 1 to 3\n13 (3): the order is broken at ',2'");
    }

    @Test
    void prefLibOfOld() throws Exception {
        BallotFile file = read("""
                3
                1,Ann
                2,Ben
                3,Cy
                12,12,2
                7,1,{2,3}
                5,3,2,1
                """);
        assertThat(file.options()).containsExactly("Ann", "Ben", "Cy");
        assertThat(ballots(file)).isEqualTo("7x 0>1=2; 5x 2>1>0");
    }

    @Test
    void condorcetElectionFormat() throws Exception {
        BallotFile file = read("""
                # My election
                #/Candidates: Candidate A ; B; C
                #/Number of Seats: 2
                #/Implicit Ranking: false
                #/weight allowed: true
                #/My own: 3

                Candidate A > B > C * 42
                julien , signature:55 || Candidate A > C # the same, with tags
                C > Candidate A = B ^7 * 8 # weighted
                B ^1.5; /EMPTY_RANKING/ * 3
                B > D
                B > > C * 2
                B ^-1
                """);
        assertThat(file.format()).isEqualTo("cvotes");
        assertThat(file.seats()).contains(2);
        assertThat(file.unranked()).contains(Unranked.IGNORED);
        assertThat(file.options()).containsExactly("Candidate A", "B", "C");
        assertThat(ballots(file))
                .isEqualTo("42x 0>1>2; 1x 0>2; 8x 2>0=1 ^7000000000000000000; 1x 1 ^1500000000000000000; 3x blank");
        assertThat(problems(file)).isEqualTo("""
                12 (1): 'D' is not among the candidates
                13 (2): a name is missing beside '>' or '='
                14 (1): the power of a ballot is never negative, as '-1' is""");
    }

    @Test
    void condorcetElectionFormatWithoutParameters() throws Exception {
        BallotFile file = read("B > A ^5\nC = A * 2\n");
        assertThat(file.options()).containsExactly("B", "A", "C");
        assertThat(file.unranked()).contains(Unranked.LAST);
        assertThat(ballots(file)).isEqualTo("1x 0>1; 2x 1=2");
    }

    @Test
    void snapshot() throws Exception {
        BallotFile file = read("""
                {"space": {"x": [1, {"y": null}]},
                 "votes": [
                  {"choice": 2, "balance": 1.5},
                  {"vp": "2", "choice": "1", "balance": 7},
                  {"choice": [3, 1], "vp": 1e-18},
                  {"choice": {"2": 0.5, "1": 1.5}, "vp": 1},
                  {"choice": [], "vp": 1},
                  {"choice": 9, "vp": 0},
                  {"choice": NaN, "vp": 1},
                  {"choice": 1, "vp": -1},
                  {"choice": {"1": Infinity}, "vp": 1, "more": [1]},
                  {"choice": 1, "vp": 1e400000},
                  {"choice": [[1], {"a": 2}], "vp": 1},
                  {"choice": {"1": 1e308, "2": 1}, "vp": 1},
                  {"choice": 1},
                  7,
                  {"choice": 1.5, "vp": 3}
                 ],
                 "proposal": {"title": "T", "choices": ["A", "B", "A"]}}
                """);
        assertThat(file.format()).isEqualTo("snapshot");
        assertThat(file.options()).containsExactly("A", "B", "A (2)");
        assertThat(ballots(file))
                .isEqualTo("1x single 1 ^1500000000000000000; 1x single 0 ^2000000000000000000; 1x 2>0 ^1; "
                        + "1x [0, 1]~[3, 1]; 1x ; 1x single 8 ^0");
        assertThat(problems(file)).isEqualTo("""
                9 (1): the choice is no number: 'NaN'
                10 (1): the power of a ballot is never negative, as '-1' is
                11 (1): a weight is no number: 'Infinity'
                12 (1): the power of the ballot is too large: '1E+400000'
                13 (1): a choice is no number: '['
                14 (1): the weights are too far apart or too fine; they must be in the proportion of whole numbers up to 1000000
                15 (1): the vote has neither vp nor balance
                16 (1): the vote is no object
                17 (1): option '1.5' does not exist""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'votes': [], 'proposal': {'choices': ['A']}} {} | line 1 begins something behind the closing brace
            {'votes': [], 'proposal': {'choices': ['A']}, 'votes': []} | line 1 names 'votes' for the second time
            {'votes': [], 'proposal': {'choices': ['A'], 'choices': ['B']}} | line 1 names 'choices' for the second time
            {'votes': [{'vp': 1, 'choice': 1, 'vp': 9}], 'proposal': {'choices': ['A']}} | line 1 names 'vp' for the second time
            """)
    void aSnapshotFileThatSaysTwoThingsIsNotRead(String text, String message) {
        assertThatThrownBy(() -> read(text.replace('\'', '"')))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(message);
    }

    @Test
    void devotee() throws Exception {
        BallotFile file = read("""
                    Tally Sheet

                     Option 1---->: Ann
                   /  Option 2--->: Rapha\u00EBl
                   |/  Option 3-->: None of the above
                   ||/
                V: 213 \t\t1d7ba886
                V: 1-1 \t\t5983810b
                V: --- \t\t5983810c
                V: 1 \t\t5983810d
                V: 0-1 \t\t5983810e
                """);
        assertThat(file.format()).isEqualTo("devotee");
        assertThat(file.options()).containsExactly("Ann", "Rapha\u00EBl", "None of the above");
        assertThat(ballots(file)).isEqualTo("1x 1>0>2; 1x 0=2; 1x ");
        assertThat(problems(file))
                .isEqualTo(
                        "10 (1): the vote '1' has 1 characters for 3 options\n11 (1): the vote '0-1' holds a rank that is none");
    }

    @Test
    void pabulib() throws Exception {
        String head =
                "META\nkey;value\ndescription;Local PB\nvote_type;%s\nbudget;100\nPROJECTS\nproject_id;cost;name\np1;10;One\np2;90;\"Two; or more\"\nVOTES\n";
        BallotFile approval = read(head.formatted("approval") + "voter_id;age;vote\n1;30;p2,p1\n2;31;\n3;32;p3\n");
        assertThat(approval.format()).isEqualTo("pabulib");
        assertThat(approval.options()).containsExactly("p1", "p2");
        assertThat(ballots(approval)).isEqualTo("1x [0, 1]; 1x []");
        assertThat(problems(approval)).isEqualTo("14 (1): 'p3' is no project_id");
        assertThat(ballots(read(head.formatted("ordinal") + "voter_id;vote\n1;p2,p1\n")))
                .isEqualTo("1x 1>0");
        assertThat(ballots(read(head.formatted("cumulative") + "voter_id;vote;points\n1;p2,p1;2,1\n")))
                .isEqualTo("1x [0, 1]~[1, 2]");
        assertThatThrownBy(() -> read(head.formatted("odd") + "voter_id;vote\n1;p2,p1\n"))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("line 12 holds a vote of type 'odd', which is not read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "profile: [[1, 2], [],[0]]\n",
                "profile:\n  [[1, 2],\n  [], [0]]\n",
                "profile:\n- [1, 2]\n- []\n- [0]\n"
            })
    void abcvoting(String profile) throws Exception {
        BallotFile file = read("description: \"small\"\n" + profile
                + "num_cand: 3\ncommitteesize: 2\ncompute:\n- rule_id: av\n  result: [[0, 3]]\n");
        assertThat(file.format()).isEqualTo("abcvoting");
        assertThat(file.title()).contains("small");
        assertThat(file.seats()).contains(2);
        assertThat(file.options()).containsExactly("0", "1", "2");
        assertThat(ballots(file)).isEqualTo("1x [1, 2]; 1x []; 1x [0]");
    }

    @Test
    void csv() throws Exception {
        BallotFile file = read("""
                Ann;count;"Ben; the elder";weight;Cy
                1;3;2;1;
                x;1;;2.5;x
                2;1;1;1;one
                1;1
                """);
        assertThat(file.format()).isEqualTo("csv");
        assertThat(file.options()).containsExactly("Ann", "Ben; the elder", "Cy");
        assertThat(ballots(file)).isEqualTo("3x 0>1; 1x 0=2 ^2500000000000000000");
        assertThat(problems(file)).isEqualTo("""
                4 (1): 'one' is no rank; ranks are whole numbers from 1, or empty
                5 (1): the row has 2 cells for 5 columns""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n\n",
                "Dear members,\nplease vote.\n",
                "<html></html>",
                "\u0000\u0001\u0002",
                "{\"a\": 1}",
                "{",
                "[1,2]",
                "3 2\n",
                "3 2\n1 1 0\n",
                "999999 1\n0\n",
                "META\n",
                "profile: [[0, 1]\nnum_cand: 2\n",
                "profile: [[a]]\nnum_cand: 2\n",
                "profile: ]\nnum_cand: 2\n",
                "# NUMBER ALTERNATIVES: 2\n# DATA TYPE: wmd\n",
                "#/Number of Seats: many\n"
            })
    void whatIsOfNoUseIsRefusedInOneLine(String content) {
        assertThatThrownBy(() -> Counting.countText(folder, content, "schulze"))
                .isInstanceOf(UnreadableException.class)
                .satisfies(
                        e -> assertThat(e.getMessage()).hasSizeGreaterThan(20).doesNotContain("\n"));
    }

    @Test
    void brokenUtf8IsToldWithItsLine() throws Exception {
        Path file = Files.write(
                folder.resolve("broken"),
                "#/Candidates: A; B\nA > B\nA\u00E9 > B\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> files.read(file)).hasMessage("line 3 is not UTF-8 text; save the file as UTF-8");
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsAreNoTrouble() throws Exception {
        assertThat(ballots(read("\uFEFFA,B\r\n1,2\r\n"))).isEqualTo("1x 0>1");
        assertThat(read("\uFEFFA,B\r\n1,2\r\n").options()).containsExactly("A", "B");
    }

    @Test
    void aLineOf100MegabytesIsRefusedInBoundedMemory() throws Exception {
        Path file = folder.resolve("long");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("#/Candidates: A; B\nA > B\n".getBytes(StandardCharsets.UTF_8));
            byte[] megabyte = " > A".repeat(1 << 18).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 100; i++) {
                out.write(megabyte);
            }
        }
        assertThatThrownBy(() -> files.read(file))
                .hasMessage("line 3 is longer than 8388608 bytes; put one ballot on a line");
    }

    @Test
    void tooManyOptionsOrRanksAreRefused() throws Exception {
        String many = "A;".repeat(1025);
        assertThatThrownBy(() -> read("#/Candidates: " + many + "\nA\n"))
                .hasMessage("line 1 names more than 1024 options");
        assertThat(problems(read("#/Candidates: A;B\nA" + " > B".repeat(1024) + "\n")))
                .isEqualTo("2 (1): the ballot has more than 1024 ranks");
    }

    @Test
    void aPowerBeyondTheLimitIsAProblemOfItsBallot() throws Exception {
        BallotFile file = read(
                "#/Candidates: A;B\n#/Weight Allowed: true\nA ^1329227995784915872 * 1\nA ^1329227995784915873\nA ^1000000000000 * 9223372036854775807\n");
        assertThat(file.ballots()).hasSize(1);
        assertThat(file.ballots().getFirst().power())
                .isEqualTo(new BigInteger("1329227995784915872").multiply(Tally.VOTE));
        assertThat(file.problems()).extracting(Problem::line).containsExactly(4, 5);
    }

    @Test
    void problemsBeyondTheLimitAreToldAsOne() throws Exception {
        BallotFile file = read("#/Candidates: A;B\n" + "X * 2\n".repeat(1500) + "A\n");
        assertThat(file.problems()).hasSize(1001);
        assertThat(file.problems().getLast())
                .isEqualTo(new Problem(
                        1002, 1000, "from this line on more ballots have problems; only the first 1000 are told"));
        assertThat(Counting.countText(folder, "#/Candidates: A;B\n" + "X * 2\n".repeat(1500) + "A\n", "schulze")
                        .tally()
                        .invalid())
                .isEqualTo(3000);
    }

    @Test
    void linesEndAtTheBufferAsAnywhere() throws Exception {
        for (int length = 65_530; length < 65_540; length++) {
            byte[] text = ("a".repeat(length) + "\r\nb\n\nc").getBytes(StandardCharsets.UTF_8);
            TextLines lines = new TextLines(new ByteArrayInputStream(text));
            assertThat(lines.next()).hasSize(length);
            assertThat(List.of(line(lines), line(lines), line(lines))).containsExactly("b", "", "c");
            assertThat(lines.next()).isNull();
            assertThat(lines.number()).isEqualTo(4);
        }
    }

    private static String line(TextLines lines) throws IOException, UnreadableException {
        String line = lines.next();
        return line == null ? "(end)" : line;
    }
}
