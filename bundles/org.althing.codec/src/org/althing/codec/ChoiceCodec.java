// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.List;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;

/** The encoding of choices; see {@code choice} in docs/formats/althing.cddl. */
public final class ChoiceCodec {

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
        int from = in.position();
        in.skip();
        BallotPaper paper = new BallotPaper();
        BallotReader.read(in.input(), from, in.position(), paper);
        return paper.choice();
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
}
