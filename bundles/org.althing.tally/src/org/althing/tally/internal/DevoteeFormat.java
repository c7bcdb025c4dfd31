// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.tally.internal.BallotCollector.BadBallotException;

/**
 * Tally sheets of Debian's vote engine devotee: {@code Option 2---->: name} lines, then {@code V: 21-3 hash} with one character for each
 * option: its rank (1 to 9, then letters), or a dash if it is unranked. Lower ranks are better, ranks may be shared and left out. Old sheets
 * are in Latin 1, so a line that is not UTF-8 is read as that.
 */
final class DevoteeFormat implements BallotFormat {

    private static final Pattern OPTION = Pattern.compile("[\\s/|]*Option\\s+(\\d{1,4})-*>:\\s*(.*)");
    private static final Pattern BALLOT = Pattern.compile("V:\\s+(\\S+).*");
    private static final int RANK_RADIX = 36;

    @Override
    public boolean recognises(List<String> head) {
        return head.stream().anyMatch(line -> OPTION.matcher(line).matches());
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        TextLines lines = new TextLines(in, StandardCharsets.ISO_8859_1);
        BallotCollector collector = new BallotCollector("devotee");
        for (String line = lines.next(); line != null; line = lines.next()) {
            Matcher option = OPTION.matcher(line);
            Matcher ballot = BALLOT.matcher(line);
            if (option.matches()) {
                option(collector, option, lines.number());
            } else if (ballot.matches()) {
                ballot(collector, ballot.group(1), lines.number());
            }
        }
        return collector.toFile();
    }

    private static void option(BallotCollector collector, Matcher option, int line) throws UnreadableException {
        int number = collector.option(option.group(2).strip(), line) + 1;
        if (Integer.parseInt(option.group(1)) != number) {
            throw BallotCollector.unreadable(
                    line, "numbers an option " + option.group(1) + " that is the " + number + ". named");
        }
    }

    private static void ballot(BallotCollector collector, String ranks, int line) throws UnreadableException {
        try {
            collector.ballot(line, 1, ranking(collector, ranks));
        } catch (BadBallotException e) {
            collector.problem(line, 1, e.getMessage());
        }
    }

    private static Choice ranking(BallotCollector collector, String ranks) throws BadBallotException {
        if (ranks.length() != collector.options()) {
            throw new BadBallotException("the vote " + BallotCollector.quote(ranks) + " has " + ranks.length()
                    + " characters for " + collector.options() + " options");
        }
        TreeMap<Integer, List<Integer>> groups = new TreeMap<>();
        for (int option = 0; option < ranks.length(); option++) {
            char rank = ranks.charAt(option);
            if (rank != '-') {
                int value = rank < 128 ? Character.digit(rank, RANK_RADIX) : -1;
                if (value < 1) {
                    throw new BadBallotException(
                            "the vote " + BallotCollector.quote(ranks) + " holds a rank that is none");
                }
                groups.computeIfAbsent(value, r -> new ArrayList<>()).add(option);
            }
        }
        return BallotCollector.ranking(List.copyOf(groups.values()));
    }
}
