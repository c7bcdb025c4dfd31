// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.althing.api.tally.FileTally;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.VotingMethod;
import org.althing.methods.internal.ApprovalVoting;
import org.althing.methods.internal.Basic;
import org.althing.methods.internal.Copeland;
import org.althing.methods.internal.InstantRunoff;
import org.althing.methods.internal.Minimax;
import org.althing.methods.internal.Plurality;
import org.althing.methods.internal.Quadratic;
import org.althing.methods.internal.Schulze;
import org.althing.methods.internal.SingleChoice;
import org.althing.methods.internal.Weighted;

/** The engine with the real methods and readers, and outcomes as people write them. */
final class Counting {

    static final List<VotingMethod> METHODS = List.of(
            new SingleChoice(),
            new Basic(),
            new Plurality(),
            new ApprovalVoting(),
            new Weighted(),
            new Quadratic(),
            new InstantRunoff(),
            new Copeland(),
            new Schulze(),
            new Minimax());

    private static final FileTally FILES = new BallotFileTally(new ContentBallotFiles(), engine());

    private Counting() {}

    static DynamicTallyEngine engine() {
        return new DynamicTallyEngine(METHODS);
    }

    static FileTally.Count count(Path file, String method, Question.Unranked unranked) throws Exception {
        return FILES.count(file, new FileTally.Request(MethodId.parse(method), Optional.of(1), Optional.of(unranked)));
    }

    /** Counts as the file says. */
    static FileTally.Count count(Path file, String method) throws Exception {
        return FILES.count(file, new FileTally.Request(MethodId.parse(method), Optional.empty(), Optional.empty()));
    }

    /** Counts a text as a file. */
    static FileTally.Count countText(Path folder, String content, String method) throws Exception {
        return count(write(folder, content), method);
    }

    static Path write(Path folder, String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "ballots", ""), content);
    }

    /** {@code A > B = C}. */
    static String ranking(FileTally.Count count) {
        return count.tally().result().ranking().stream()
                .map(group -> group.stream().map(count.options()::get).collect(Collectors.joining(" = ")))
                .collect(Collectors.joining(" > "));
    }

    /** A written ranking with each group sorted: the order within a group says nothing. */
    static String normal(String ranking) {
        return Arrays.stream(ranking.split(" > "))
                .map(group -> String.join(" = ", new TreeSet<>(Arrays.asList(group.split(" = ")))))
                .collect(Collectors.joining(" > "));
    }

    static List<String> winners(FileTally.Count count) {
        return count.tally().result().winners().stream()
                .map(count.options()::get)
                .toList();
    }
}
