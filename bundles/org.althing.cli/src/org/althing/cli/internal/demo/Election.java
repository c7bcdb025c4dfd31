// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.althing.api.tally.Choice;

/**
 * A real election.
 *
 * @param published the ranking that its organisers published, best first; numbers of options from 0, equal options together
 * @param ballots one ranking for each ballot
 */
record Election(String title, List<String> options, List<Set<Integer>> published, List<Choice.Ranking> ballots) {

    Election {
        options = List.copyOf(options);
        published = List.copyOf(published);
        ballots = List.copyOf(ballots);
    }

    /** Debian's election of its project leader in this year, from the resources of this bundle. */
    static Election debianLeader(int year) {
        String resource = "debian-leader-" + year + ".txt";
        try (InputStream in = Objects.requireNonNull(Election.class.getResourceAsStream(resource), resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return read(lines);
        } catch (IOException e) {
            throw new AssertionError("a resource of this bundle is unreadable: " + resource, e);
        }
    }

    /** Names of the published winner; several if they are equal. */
    String publishedWinner() {
        return String.join(" = ", publishedRanking().getFirst());
    }

    /** The published ranking in names. */
    List<List<String>> publishedRanking() {
        return published.stream()
                .map(group -> group.stream().sorted().map(options::get).toList())
                .toList();
    }

    /** Whether a ranking in names is the published one. */
    boolean isPublished(List<List<String>> ranking) {
        return ranking.stream()
                .map(Set::copyOf)
                .toList()
                .equals(publishedRanking().stream().map(Set::copyOf).toList());
    }

    private static Election read(BufferedReader lines) throws IOException {
        String title = "";
        List<String> options = new ArrayList<>();
        List<Set<Integer>> published = List.of();
        List<Choice.Ranking> ballots = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int colon = line.indexOf(": ");
            if (line.startsWith("#") || colon < 0) {
                continue;
            }
            String key = line.substring(0, colon);
            String value = line.substring(colon + 2);
            switch (key) {
                case "title" -> title = value;
                case "option" -> options.add(value);
                case "published" ->
                    published = ranking(value).stream().map(Set::copyOf).toList();
                default -> {
                    Choice.Ranking ballot = new Choice.Ranking(ranking(value));
                    for (int i = Integer.parseInt(key); i > 0; i--) {
                        ballots.add(ballot);
                    }
                }
            }
        }
        return new Election(title, options, published, ballots);
    }

    /** {@code 4 > 3 > 1=5}, options from 1, as numbers from 0. */
    private static List<List<Integer>> ranking(String text) {
        return Arrays.stream(text.split(" > "))
                .map(group -> Arrays.stream(group.split("="))
                        .map(number -> Integer.parseInt(number) - 1)
                        .sorted()
                        .toList())
                .toList();
    }
}
