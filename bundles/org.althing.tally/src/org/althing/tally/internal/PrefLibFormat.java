// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.tally.internal.BallotCollector.BadBallotException;

/**
 * PrefLib's ordinal files (.soi, .soc, .toi, .toc; N. Mattei and T. Walsh, "PrefLib: A Library for Preferences", 2013): a header
 * ({@code # ALTERNATIVE NAME 1: A}), then {@code count: 1,{2,3},4} with braces around equals. The older form, a number of alternatives,
 * {@code 1,A} lines, a line of totals, and {@code count,1,{2,3},4}, is read as well.
 */
final class PrefLibFormat implements BallotFormat {

    private static final Pattern OLD_NAME = Pattern.compile("(\\d{1,4})\\s*,(.*)");
    private static final Pattern NAME = Pattern.compile("#\\s*ALTERNATIVE NAME (\\d{1,4}):(.*)");
    private static final Pattern TITLE = Pattern.compile("#\\s*TITLE:(.*)");
    private static final Pattern TYPE = Pattern.compile("#\\s*DATA TYPE:\\s*(\\S*).*");
    private static final Pattern ITEM = Pattern.compile("\\s*(?:\\{([^{}]*)\\}|([^,{}]+))\\s*(?:,|$)");
    private static final Set<String> TYPES = Set.of("soi", "soc", "toi", "toc", "");

    @Override
    public boolean recognises(List<String> head) {
        boolean isNew = head.stream()
                .anyMatch(line -> line.startsWith("# NUMBER ALTERNATIVES:")
                        || NAME.matcher(line).matches());
        boolean isOld = head.getFirst().matches("\\d{1,4}")
                && head.size() > 1
                && OLD_NAME.matcher(head.get(1)).matches();
        return isNew || isOld;
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        TextLines lines = new TextLines(in);
        BallotCollector collector = new BallotCollector("preflib");
        String first = lines.next();
        while (first != null && first.isBlank()) {
            first = lines.next();
        }
        if (first != null && first.strip().matches("\\d{1,4}")) {
            readOldHeader(lines, collector, Integer.parseInt(first.strip()));
            first = lines.next();
        }
        for (String line = first; line != null; line = lines.next()) {
            String text = line.strip();
            if (text.startsWith("#")) {
                header(collector, text, lines.number());
            } else if (!text.isEmpty()) {
                ballot(collector, text, lines.number());
            }
        }
        return collector.toFile();
    }

    private static void readOldHeader(TextLines lines, BallotCollector collector, int alternatives)
            throws IOException, UnreadableException {
        for (int number = 1; number <= alternatives; number++) {
            String line = lines.next();
            Matcher name = OLD_NAME.matcher(line == null ? "" : line.strip());
            if (!name.matches()) {
                throw BallotCollector.unreadable(lines.number(), "does not name alternative " + number);
            }
            name(collector, name, lines.number());
        }
        // The totals say nothing that the ballots do not.
        lines.next();
    }

    private static void header(BallotCollector collector, String text, int line) throws UnreadableException {
        Matcher name = NAME.matcher(text);
        Matcher title = TITLE.matcher(text);
        Matcher type = TYPE.matcher(text);
        if (name.matches()) {
            name(collector, name, line);
        } else if (title.matches()) {
            collector.title(title.group(1).strip());
        } else if (type.matches() && !TYPES.contains(type.group(1))) {
            throw BallotCollector.unreadable(
                    line,
                    "says type " + BallotCollector.quote(type.group(1))
                            + "; of PrefLib's types soi, soc, toi and toc are read");
        }
    }

    private static void name(BallotCollector collector, Matcher name, int line) throws UnreadableException {
        int number = collector.option(name.group(2).strip(), line) + 1;
        if (Integer.parseInt(name.group(1)) != number) {
            throw BallotCollector.unreadable(
                    line, "numbers an alternative " + name.group(1) + " that is the " + number + ". named");
        }
    }

    private static void ballot(BallotCollector collector, String text, int line) throws UnreadableException {
        long count = 1;
        try {
            int end = text.indexOf(':') >= 0 ? text.indexOf(':') : text.indexOf(',');
            if (end < 0) {
                throw new BadBallotException("the line holds no number of ballots before a colon");
            }
            count = BallotCollector.count(text.substring(0, end).strip());
            collector.ballot(
                    line, count, ranking(collector, text.substring(end + 1).strip()));
        } catch (BadBallotException e) {
            collector.problem(line, count, e.getMessage());
        }
    }

    private static Choice ranking(BallotCollector collector, String text) throws BadBallotException {
        List<List<Integer>> groups = new ArrayList<>();
        Matcher item = ITEM.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!item.find(at) || item.start() != at) {
                throw new BadBallotException("the order is broken at " + BallotCollector.quote(text.substring(at)));
            }
            List<Integer> group = new ArrayList<>();
            String names = item.group(1) == null ? item.group(2) : item.group(1);
            for (String number : names.isBlank() ? new String[0] : names.split(",")) {
                group.add(option(collector, number.strip()));
            }
            if (!group.isEmpty()) {
                groups.add(group);
            }
            at = item.end();
        }
        return BallotCollector.ranking(groups);
    }

    private static int option(BallotCollector collector, String number) throws BadBallotException {
        boolean isNumber = number.matches("\\d{1,4}")
                && Integer.parseInt(number) >= 1
                && Integer.parseInt(number) <= collector.options();
        if (!isNumber) {
            throw new BadBallotException(
                    BallotCollector.quote(number) + " is no alternative; there are 1 to " + collector.options());
        }
        return Integer.parseInt(number) - 1;
    }
}
