// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Tally;
import org.althing.tally.internal.BallotCollector.BadBallotException;

/**
 * A table: the first line names the options, each further line is a ballot, each cell the rank that the ballot gives to the option of its
 * column. Ranks are whole numbers from 1 (best); equal ranks are ties, an empty cell leaves the option unranked, {@code x} is rank 1, so
 * that approvals are written as crosses. A column named {@code count} is a number of equal ballots, one named {@code weight} the power of
 * each in votes. Values are parted by comma, semicolon or tab, whichever the first line has first, and may be quoted (RFC 4180).
 */
final class CsvFormat implements BallotFormat {

    private static final String COUNT = "count";
    private static final String WEIGHT = "weight";
    private static final int NONE = -1;

    @Override
    public boolean recognises(List<String> head) {
        // Prose has commas too: a table has as many in its second line.
        String first = head.getFirst();
        char separator = separator(first);
        int columns = SeparatedValues.split(first, separator).size();
        return columns > 1
                && !first.matches("[\\[{<].*")
                && (head.size() == 1
                        || SeparatedValues.split(head.get(1), separator).size() == columns);
    }

    private static char separator(String header) {
        return (char) header.chars()
                .filter(c -> c == ',' || c == ';' || c == '\t')
                .findFirst()
                .orElse(',');
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        TextLines lines = new TextLines(in);
        String header = lines.next();
        while (header != null && header.isBlank()) {
            header = lines.next();
        }
        Table table = new Table(header == null ? "" : header, lines.number());
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                table.ballot(line, lines.number());
            }
        }
        return table.collector.toFile();
    }

    private static final class Table {

        private final BallotCollector collector = new BallotCollector("csv");
        private final char separator;
        /** The option of each column, or {@link #NONE}. */
        private final List<Integer> options = new ArrayList<>();

        private int countColumn = NONE;
        private int weightColumn = NONE;

        Table(String header, int line) throws UnreadableException {
            separator = separator(header);
            for (String name : SeparatedValues.split(header, separator)) {
                if (name.toLowerCase(Locale.ROOT).equals(COUNT)) {
                    countColumn = options.size();
                    options.add(NONE);
                } else if (name.toLowerCase(Locale.ROOT).equals(WEIGHT)) {
                    weightColumn = options.size();
                    options.add(NONE);
                } else {
                    options.add(collector.option(name, line));
                }
            }
        }

        void ballot(String line, int number) throws UnreadableException {
            List<String> cells = SeparatedValues.split(line, separator);
            long count = 1;
            try {
                if (cells.size() != options.size()) {
                    throw new BadBallotException(
                            "the row has " + cells.size() + " cells for " + options.size() + " columns");
                }
                count = countColumn == NONE ? 1 : BallotCollector.count(cells.get(countColumn));
                BigInteger power = weightColumn == NONE ? Tally.VOTE : BallotCollector.power(cells.get(weightColumn));
                collector.ballot(number, count, ranking(cells), power);
            } catch (BadBallotException e) {
                collector.problem(number, count, e.getMessage());
            }
        }

        private Choice ranking(List<String> cells) throws BadBallotException {
            TreeMap<Integer, List<Integer>> groups = new TreeMap<>();
            for (int column = 0; column < cells.size(); column++) {
                String cell = cells.get(column);
                if (options.get(column) != NONE && !cell.isEmpty()) {
                    groups.computeIfAbsent(rank(cell), rank -> new ArrayList<>())
                            .add(options.get(column));
                }
            }
            return BallotCollector.ranking(List.copyOf(groups.values()));
        }

        private static int rank(String cell) throws BadBallotException {
            if (cell.equalsIgnoreCase("x")) {
                return 1;
            }
            if (!cell.matches("0*[1-9]\\d{0,8}")) {
                throw new BadBallotException(
                        BallotCollector.quote(cell) + " is no rank; ranks are whole numbers from 1, or empty");
            }
            return Integer.parseInt(cell);
        }
    }
}
