// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.althing.api.Fraction;
import org.althing.api.assembly.Assembly;

/** Proposals and results in words and bars. */
public final class ProposalText {

    private static final int BAR_WIDTH_CHARS = 24;
    private static final int NAME_WIDTH_MAX_CHARS = 32;
    private static final int EXACT_MAX_CHARS = 12;
    private static final MathContext SHOWN_DIGITS = new MathContext(9, RoundingMode.HALF_EVEN);

    private ProposalText() {}

    static Terminal.Style style(String status) {
        return switch (status) {
            case "voting" -> Terminal.Style.WARNING;
            case "passed", "executed" -> Terminal.Style.GOOD;
            case "rejected", "quorum-missed", "vetoed", "void", "expired" -> Terminal.Style.BAD;
            default -> Terminal.Style.PLAIN;
        };
    }

    /** A status in words. */
    static String words(String status) {
        return status.replace('-', ' ');
    }

    /** What matters about a proposal now, in a few words. */
    static String gist(Assembly.ProposalView view, long nowMillis) {
        if (view.status().equals("voting")) {
            long left = view.deadlineMillis() - nowMillis;
            return left > 0 ? "closes in " + Words.span(left) : "closing";
        }
        if (view.decidedAt() >= 0 && view.tally().isPresent()) {
            List<String> winners = view.tally().get().winners();
            return winners.isEmpty() ? "no winner" : String.join(", ", winners);
        }
        if (view.status().equals("submitted") && view.sponsors().size() < view.sponsorsNeeded()) {
            return view.sponsors().size() + " of " + Words.count(view.sponsorsNeeded(), "sponsor");
        }
        return view.reason();
    }

    /** Options with places, scores and bars. */
    public static void scores(Terminal terminal, List<List<String>> ranking, Map<String, String> scores) {
        Table table = new Table(terminal, ">", "", ">", "");
        double top =
                scores.values().stream().mapToDouble(ProposalText::value).max().orElse(0);
        int place = 1;
        for (List<String> group : ranking) {
            for (String option : group) {
                String score = scores.getOrDefault(option, "");
                table.row(
                        place + (group.size() > 1 ? "=" : " "),
                        Words.cut(option, NAME_WIDTH_MAX_CHARS),
                        shown(score),
                        terminal.bar(top > 0 ? value(score) / top : 0, BAR_WIDTH_CHARS));
            }
            place += group.size();
        }
        table.print();
    }

    /** A ranking in one line. */
    static String line(List<List<String>> ranking) {
        return ranking.stream().map(group -> String.join(" = ", group)).collect(Collectors.joining(" > "));
    }

    /** An exact score, or, where it is too long to read, a decimal marked as not exact. */
    static String shown(String score) {
        if (score.length() <= EXACT_MAX_CHARS) {
            return score;
        }
        Fraction exact = Fraction.parse(score);
        return "~"
                + new BigDecimal(exact.numerator())
                        .divide(new BigDecimal(exact.denominator()), SHOWN_DIGITS)
                        .toPlainString();
    }

    /** For the length of a bar only. */
    private static double value(String score) {
        if (score.isEmpty()) {
            return 0;
        }
        Fraction exact = Fraction.parse(score);
        return new BigDecimal(exact.numerator())
                .divide(new BigDecimal(exact.denominator()), SHOWN_DIGITS)
                .doubleValue();
    }
}
