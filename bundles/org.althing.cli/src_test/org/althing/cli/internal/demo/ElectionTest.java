// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.althing.api.tally.Choice;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionTest {

    @Test
    void theTwoElectionsAreWhole() {
        Election first = Election.debianLeader(2006);
        assertThat(first.ballots()).hasSize(421);
        assertThat(first.options()).hasSize(8);
        assertThat(first.publishedWinner()).isEqualTo("Anthony Towns");
        assertThat(first.publishedRanking().get(2)).containsExactly("Jeroen van Wolffelaar", "Andreas Schuldei");
        Election second = Election.debianLeader(2007);
        assertThat(second.ballots()).hasSize(482);
        assertThat(second.options()).hasSize(9).contains("Raphaël Hertzog");
        assertThat(second.publishedWinner()).isEqualTo("Sam Hocevar");
    }

    @Test
    void aRankingIsThePublishedOneWhateverTheOrderOfEquals() {
        Election election = Election.debianLeader(2006);
        List<List<String>> ranking = election.publishedRanking().stream()
                .map(group -> group.reversed())
                .toList();
        assertThat(election.isPublished(ranking)).isTrue();
        assertThat(election.isPublished(ranking.reversed())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2006, 2007})
    void theBallotsAreThoseOfTheTallySheet(int year) throws Exception {
        Path sheet = Path.of(
                System.getProperty("althing.data", "../../../shared/data"), "debian_dpl/leader" + year + "_tally.txt");
        Assumptions.assumeTrue(Files.exists(sheet), "skipped: no " + sheet);
        Map<List<List<Integer>>, Long> expected = Files.readAllLines(sheet, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith("V: "))
                .map(line -> groups(line.substring(3).split("\\s")[0]))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Map<List<List<Integer>>, Long> carried = Election.debianLeader(year).ballots().stream()
                .collect(Collectors.groupingBy(Choice.Ranking::groups, Collectors.counting()));
        assertThat(carried).isEqualTo(expected);
    }

    private static List<List<Integer>> groups(String vote) {
        TreeMap<Character, List<Integer>> groups = new TreeMap<>();
        for (int option = 0; option < vote.length(); option++) {
            if (vote.charAt(option) != '-') {
                groups.computeIfAbsent(vote.charAt(option), rank -> new java.util.ArrayList<>())
                        .add(option);
            }
        }
        return List.copyOf(groups.values());
    }
}
