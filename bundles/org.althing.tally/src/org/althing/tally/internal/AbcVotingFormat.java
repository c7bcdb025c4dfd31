// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.tally.internal.BallotCollector.BadBallotException;

/**
 * Approval ballots as the abcvoting library writes them (.abc.yaml): {@code num_cand}, {@code committeesize}, and {@code profile}, a list of
 * lists of candidates numbered from 0, in YAML's flow style on one or more lines or in block style ({@code - [0, 1]}). Options are called by
 * their numbers. Of YAML no more than that is read; other keys are passed over.
 */
final class AbcVotingFormat implements BallotFormat {

    private static final String PROFILE = "profile:";

    @Override
    public boolean recognises(List<String> head) {
        // The profile is one long line, so num_cand may lie past the head.
        return head.stream().anyMatch(line -> line.startsWith(PROFILE))
                && head.stream().noneMatch(line -> line.startsWith("#/"));
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        return new Reading(new TextLines(in)).read();
    }

    /** A ballot, its options not yet checked: how many there are may come after. */
    private record Given(int line, List<Integer> options) {}

    private static final class Reading {

        private final TextLines lines;
        private final BallotCollector collector = new BallotCollector("abcvoting");
        private final List<Given> ballots = new ArrayList<>();
        private int candidates = -1;
        private boolean inProfile;
        /** Open brackets of the flow style. */
        private int depth;

        private List<Integer> ballot = new ArrayList<>();
        private final StringBuilder number = new StringBuilder();

        Reading(TextLines lines) {
            this.lines = lines;
        }

        BallotFile read() throws IOException, UnreadableException {
            for (String line = lines.next(); line != null; line = lines.next()) {
                boolean isKey = !line.isEmpty() && depth == 0 && Character.isLetter(line.charAt(0));
                if (isKey) {
                    inProfile = line.startsWith(PROFILE);
                    key(line);
                } else if (inProfile) {
                    profile(line.strip().startsWith("-") ? line.strip().substring(1) : line, isBlockItem(line));
                }
            }
            if (candidates < 0 || depth > 0) {
                throw new UnreadableException("the file has no num_cand, or its profile is not closed");
            }
            for (int number = 0; number < candidates; number++) {
                collector.option(Integer.toString(number), lines.number());
            }
            for (Given given : ballots) {
                try {
                    collector.ballot(given.line, 1, BallotCollector.approval(given.options));
                } catch (BadBallotException e) {
                    collector.problem(given.line, 1, e.getMessage());
                }
            }
            return collector.toFile();
        }

        private static boolean isBlockItem(String line) {
            return line.strip().startsWith("-");
        }

        private void key(String line) throws UnreadableException {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (inProfile) {
                profile(value, false);
            } else if (line.startsWith("num_cand:")) {
                candidates = integer(value);
            } else if (line.startsWith("committeesize:")) {
                collector.seats(integer(value));
            } else if (line.startsWith("description:")) {
                collector.title(value.replaceAll("^\"|\"$", ""));
            }
        }

        private int integer(String value) throws UnreadableException {
            if (!value.matches("\\d{1,6}")) {
                throw BallotCollector.unreadable(
                        lines.number(), "holds no whole number: " + BallotCollector.quote(value));
            }
            return Integer.parseInt(value);
        }

        /** Reads a piece of the profile; in block style the outer list has no brackets. */
        private void profile(String text, boolean isBlockItem) throws UnreadableException {
            int ballotDepth = isBlockItem ? 1 : 2;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '[' -> depth++;
                    case ']' -> {
                        endNumber();
                        if (depth == ballotDepth) {
                            endBallot();
                        }
                        depth--;
                    }
                    case ',', ' ', '\t' -> endNumber();
                    case '#' -> i = text.length();
                    default -> number.append(digit(c));
                }
                if (depth < 0 || depth > ballotDepth) {
                    throw BallotCollector.unreadable(lines.number(), "has brackets that make no list of ballots");
                }
            }
            endNumber();
        }

        private char digit(char c) throws UnreadableException {
            if (c < '0' || c > '9' || number.length() > 6) {
                throw BallotCollector.unreadable(
                        lines.number(),
                        "has a profile with more than lists of numbers, at "
                                + BallotCollector.quote(number.toString() + c));
            }
            return c;
        }

        private void endNumber() {
            if (!number.isEmpty()) {
                ballot.add(Integer.parseInt(number.toString()));
                number.setLength(0);
            }
        }

        private void endBallot() throws UnreadableException {
            if (ballots.size() == org.althing.api.tally.BallotFiles.BALLOT_LINES_MAX) {
                throw BallotCollector.unreadable(lines.number(), "holds too many ballots; split the file");
            }
            ballots.add(new Given(lines.number(), List.copyOf(ballot)));
            ballot = new ArrayList<>();
        }
    }
}
