// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.tally.internal.BallotCollector.BadBallotException;

/**
 * Condorcet Election Format, version 1 (.cvotes): {@code #/Parameter: value} lines, then ballots such as
 * {@code tag || A > B = C ^2 * 42 # comment}, on lines of their own or parted by semicolons. {@code ^} is a weight and read as 1 unless
 * {@code Weight Allowed} is true; {@code *} is a number of equal ballots; {@code /EMPTY_RANKING/} is a blank ballot. Without
 * {@code Candidates} the options are those that ballots name, in the order in which they first appear. Rankings are implicit unless
 * {@code Implicit Ranking} is false. Other parameters are passed over, as the specification asks.
 */
final class CondorcetElectionFormat implements BallotFormat {

    private static final String EMPTY_RANKING = "/EMPTY_RANKING/";

    @Override
    public boolean recognises(List<String> head) {
        return head.stream().anyMatch(line -> line.startsWith("#/"))
                || head.stream()
                        .filter(line -> !line.startsWith("#"))
                        .findFirst()
                        .filter(line -> line.matches("[^<>]+>[^<]*"))
                        .isPresent();
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        return new Reading(new TextLines(in)).read();
    }

    private static final class Reading {

        private final TextLines lines;
        private final BallotCollector collector = new BallotCollector("cvotes");
        private boolean candidatesGiven;
        private boolean weightAllowed;

        Reading(TextLines lines) {
            this.lines = lines;
            collector.unranked(Question.Unranked.LAST);
        }

        BallotFile read() throws IOException, UnreadableException {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (line.strip().startsWith("#/")) {
                    parameter(line.strip().substring(2));
                } else {
                    ballots(line);
                }
            }
            return collector.toFile();
        }

        private void parameter(String text) throws UnreadableException {
            int colon = text.indexOf(':');
            if (colon < 0) {
                return;
            }
            String value = text.substring(colon + 1).strip();
            switch (text.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "candidates" -> candidates(value);
                case "number of seats" -> seats(value);
                case "implicit ranking" ->
                    collector.unranked(isTrue(value) ? Question.Unranked.LAST : Question.Unranked.IGNORED);
                case "weight allowed" -> weightAllowed = isTrue(value);
                default -> {}
            }
        }

        private void candidates(String value) throws UnreadableException {
            candidatesGiven = true;
            for (String name : value.split(";")) {
                if (!name.isBlank()) {
                    collector.option(name.strip(), lines.number());
                }
            }
        }

        private void seats(String value) throws UnreadableException {
            if (!value.matches("[1-9]\\d{0,8}")) {
                throw BallotCollector.unreadable(
                        lines.number(), "has no number of seats: " + BallotCollector.quote(value));
            }
            collector.seats(Integer.parseInt(value));
        }

        private boolean isTrue(String value) throws UnreadableException {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default ->
                    throw BallotCollector.unreadable(
                            lines.number(), "must say true or false, not " + BallotCollector.quote(value));
            };
        }

        private void ballots(String line) throws UnreadableException {
            int comment = line.indexOf('#');
            for (String text : (comment < 0 ? line : line.substring(0, comment)).split(";")) {
                int tags = text.indexOf("||");
                String ballot = text.substring(tags < 0 ? 0 : tags + 2).strip();
                if (!ballot.isEmpty()) {
                    ballot(ballot);
                }
            }
        }

        private void ballot(String text) throws UnreadableException {
            long count = 1;
            try {
                Optional<String> times = after(text, '*');
                count = times.isEmpty() ? 1 : BallotCollector.count(times.get());
                Optional<String> weight = after(text, '^');
                BigInteger power =
                        weightAllowed && weight.isPresent() ? BallotCollector.power(weight.get()) : Tally.VOTE;
                collector.ballot(lines.number(), count, ranking(text.split("[*^]", 2)[0].strip()), power);
            } catch (BadBallotException e) {
                collector.problem(lines.number(), count, e.getMessage());
            }
        }

        /** What follows a mark, up to the next mark. */
        private static Optional<String> after(String text, char mark) {
            int from = text.indexOf(mark);
            return from < 0
                    ? Optional.empty()
                    : Optional.of(text.substring(from + 1).split("[*^]", 2)[0].strip());
        }

        private Choice ranking(String text) throws BadBallotException, UnreadableException {
            if (text.equals(EMPTY_RANKING)) {
                return new Choice.Blank();
            }
            List<List<Integer>> groups = new ArrayList<>();
            for (String rank : text.split(">", -1)) {
                List<Integer> group = new ArrayList<>();
                for (String name : rank.split("=", -1)) {
                    group.add(option(name.strip()));
                }
                groups.add(group);
            }
            return BallotCollector.ranking(groups);
        }

        private int option(String name) throws BadBallotException, UnreadableException {
            if (name.isEmpty()) {
                throw new BadBallotException("a name is missing beside '>' or '='");
            }
            Optional<Integer> known = collector.find(name);
            if (known.isEmpty() && candidatesGiven) {
                throw new BadBallotException(BallotCollector.quote(name) + " is not among the candidates");
            }
            return known.isPresent() ? known.get() : collector.option(name, lines.number());
        }
    }
}
