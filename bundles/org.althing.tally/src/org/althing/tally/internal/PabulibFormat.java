// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.tally.internal.BallotCollector.BadBallotException;
import org.jspecify.annotations.Nullable;

/**
 * Pabulib's participatory-budgeting files (.pb; D. Stolicki, S. Szufa, N. Talmon, "Pabulib: A Participatory Budgeting Library", 2020):
 * sections META, PROJECTS and VOTES, each a table parted by semicolons. Options are called by {@code project_id}. Votes of type
 * {@code approval} and {@code choose-1} are sets, {@code ordinal} are rankings, {@code cumulative} and {@code scoring} are weights by
 * {@code points}. The costs and the budget are not read: they say what is funded, not how ballots are counted.
 */
final class PabulibFormat implements BallotFormat {

    private static final char SEPARATOR = ';';
    private static final int POINTS_DIGITS_MAX = 20;

    @Override
    public boolean recognises(List<String> head) {
        return head.getFirst().equals("META");
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        return new Reading(new TextLines(in)).read();
    }

    private enum Section {
        NONE,
        META,
        PROJECTS,
        VOTES
    }

    private static final class Reading {

        private final TextLines lines;
        private final BallotCollector collector = new BallotCollector("pabulib");
        private Section section = Section.NONE;
        /** The header of the section at hand; null before it is read. */
        private @Nullable List<String> columns;

        private String voteType = "approval";

        Reading(TextLines lines) {
            this.lines = lines;
        }

        BallotFile read() throws IOException, UnreadableException {
            for (String line = lines.next(); line != null; line = lines.next()) {
                switch (line.strip()) {
                    case "" -> {}
                    case "META" -> enter(Section.META);
                    case "PROJECTS" -> enter(Section.PROJECTS);
                    case "VOTES" -> enter(Section.VOTES);
                    default -> row(SeparatedValues.split(line, SEPARATOR));
                }
            }
            return collector.toFile();
        }

        private void enter(Section next) {
            section = next;
            columns = null;
        }

        private void row(List<String> cells) throws UnreadableException {
            if (columns == null) {
                columns = cells;
                return;
            }
            switch (section) {
                case NONE -> {}
                case META -> meta(cells);
                case PROJECTS -> collector.option(required(cells, "project_id"), lines.number());
                case VOTES -> vote(cells);
            }
        }

        private void meta(List<String> cells) {
            if (cells.size() >= 2 && cells.get(0).equals("vote_type")) {
                voteType = cells.get(1);
            } else if (cells.size() >= 2 && cells.get(0).equals("description")) {
                collector.title(cells.get(1));
            }
        }

        private String required(List<String> cells, String column) throws UnreadableException {
            int index = columns == null ? -1 : columns.indexOf(column);
            if (index < 0) {
                throw BallotCollector.unreadable(lines.number(), "follows a header without the column " + column);
            }
            return index < cells.size() ? cells.get(index) : "";
        }

        private void vote(List<String> cells) throws UnreadableException {
            String vote = required(cells, "vote");
            try {
                List<Integer> projects = projects(vote);
                Choice choice = switch (voteType) {
                    case "approval", "choose-1" -> BallotCollector.approval(projects);
                    case "ordinal" ->
                        BallotCollector.ranking(
                                projects.stream().map(BallotCollector::sole).toList());
                    case "cumulative", "scoring" -> weights(projects, required(cells, "points"));
                    default ->
                        throw BallotCollector.unreadable(
                                lines.number(),
                                "holds a vote of type " + BallotCollector.quote(voteType)
                                        + ", which is not read; approval, choose-1, ordinal, cumulative and scoring are");
                };
                collector.ballot(lines.number(), 1, choice);
            } catch (BadBallotException e) {
                collector.problem(lines.number(), 1, e.getMessage());
            }
        }

        private List<Integer> projects(String vote) throws BadBallotException {
            List<Integer> projects = new ArrayList<>();
            for (String id : vote.isEmpty() ? new String[0] : vote.split(",")) {
                projects.add(collector
                        .find(id.strip())
                        .orElseThrow(() -> new BadBallotException(BallotCollector.quote(id) + " is no project_id")));
            }
            return projects;
        }

        private static Choice weights(List<Integer> projects, String points) throws BadBallotException {
            String[] values = points.isEmpty() ? new String[0] : points.split(",");
            if (values.length != projects.size()) {
                throw new BadBallotException(
                        "the vote names " + projects.size() + " projects, but " + values.length + " points");
            }
            if (projects.isEmpty()) {
                return new Choice.Blank();
            }
            Map<Integer, BigDecimal> weights = new TreeMap<>();
            for (int i = 0; i < values.length; i++) {
                String value = values[i].strip();
                if (value.length() > POINTS_DIGITS_MAX || !value.matches("-?\\d+(\\.\\d+)?")) {
                    throw new BadBallotException(BallotCollector.quote(value) + " is no number of points");
                }
                if (weights.put(projects.get(i), new BigDecimal(value)) != null) {
                    throw new BadBallotException("a project is named twice");
                }
            }
            return WholeWeights.of(weights, POINTS_DIGITS_MAX);
        }
    }
}
