// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.ArrayList;
import java.util.List;
import org.althing.api.tally.Choice;

/** The encoding of choices; see {@code choice} in docs/formats/althing.cddl. */
public final class ChoiceCodec {

    private static final long OPTION_MAX = Choice.ITEMS_MAX - 1;

    private ChoiceCodec() {}

    /** Writes a choice as one item. */
    public static void write(CborWriter out, Choice choice) {
        out.map(1);
        switch (choice) {
            case Choice.Blank blank -> out.key("blank").nil();
            case Choice.Single single -> out.key("single").integer(single.option());
            case Choice.Approval approval -> {
                out.key("approve");
                writeOptions(out, approval.options());
            }
            case Choice.Weights weights -> writeWeights(out.key("weigh"), weights);
            case Choice.Ranking ranking -> {
                out.key("rank").list(ranking.groups().size());
                ranking.groups().forEach(group -> writeOptions(out, group));
            }
        }
    }

    /**
     * Reads a choice.
     *
     * @throws MalformedException if it has no form that a choice may have; options may still be out of a question's range
     */
    public static Choice read(CborReader in) {
        in.readMapExactly(1);
        int at = in.position();
        String form = in.readKey(16);
        return switch (form) {
            case "blank" -> {
                in.readNull();
                yield new Choice.Blank();
            }
            case "single" -> new Choice.Single((int) in.readLong(0, OPTION_MAX));
            case "approve" -> new Choice.Approval(readAscending(in));
            case "weigh" -> readWeights(in);
            case "rank" -> readRanking(in);
            default -> throw new MalformedException(at, "no form of choice: " + form);
        };
    }

    private static void writeOptions(CborWriter out, List<Integer> options) {
        out.list(options.size());
        for (int option : options) {
            out.integer(option);
        }
    }

    private static void writeWeights(CborWriter out, Choice.Weights weights) {
        out.list(weights.options().size());
        for (int i = 0; i < weights.options().size(); i++) {
            out.list(2)
                    .integer(weights.options().get(i))
                    .integer(weights.weights().get(i));
        }
    }

    private static List<Integer> readAscending(CborReader in) {
        int count = in.readList(Choice.ITEMS_MAX);
        List<Integer> options = new ArrayList<>(count);
        long least = 0;
        for (int i = 0; i < count; i++) {
            long option = in.readLong(least, OPTION_MAX);
            options.add((int) option);
            least = option + 1;
        }
        return options;
    }

    private static Choice readWeights(CborReader in) {
        int count = in.readList(Choice.ITEMS_MAX);
        List<Integer> options = new ArrayList<>(count);
        List<Long> weights = new ArrayList<>(count);
        long least = 0;
        for (int i = 0; i < count; i++) {
            in.readListExactly(2);
            long option = in.readLong(least, OPTION_MAX);
            options.add((int) option);
            weights.add(in.readLong(0, Choice.WEIGHT_MAX));
            least = option + 1;
        }
        return new Choice.Weights(options, weights);
    }

    private static Choice readRanking(CborReader in) {
        int count = in.readList(Choice.ITEMS_MAX);
        List<List<Integer>> groups = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = in.position();
            List<Integer> group = readAscending(in);
            if (group.isEmpty()) {
                throw new MalformedException(at, "an empty rank");
            }
            groups.add(group);
        }
        return new Choice.Ranking(groups);
    }
}
