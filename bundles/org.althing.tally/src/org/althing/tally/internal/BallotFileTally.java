// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.althing.api.tally.BallotFiles;
import org.althing.api.tally.BallotFiles.Ballot;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.FileTally;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.UnknownMethodException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads a ballot file, brings its choices to the form of the method, sorts out the invalid ones, and counts. */
@Component(service = FileTally.class)
public final class BallotFileTally implements FileTally {

    /** Ballots counted in one go; enough that a thread is not idle for long at the end. */
    private static final int PART_BALLOTS = 16_384;

    private final BallotFiles files;
    private final TallyEngine engine;

    @Activate
    public BallotFileTally(@Reference BallotFiles files, @Reference TallyEngine engine) {
        this.files = files;
        this.engine = engine;
    }

    @Override
    public Count count(Path file, Request request) throws IOException, UnreadableException, UnknownMethodException {
        Rule rule = Rule.of(engine, request.method());
        BallotFile read = files.read(file);
        Question question = question(read, request);
        Optional<String> reason = rule.refuse(question);
        if (reason.isPresent()) {
            throw new UnreadableException("cannot count this file by " + rule.id() + ": " + reason.get());
        }
        ProblemList problems = new ProblemList(read.problems());
        List<Ballot> ballots = valid(read.ballots(), rule, question, problems);
        Tally tally = new BallotCount(rule, question).count(new ListSource(ballots), problems.ballots());
        return new Count(read.format(), read.options(), tally, problems.toList());
    }

    private static Question question(BallotFile file, Request request) throws UnreadableException {
        int options = file.options().size();
        int seats = request.seats().or(file::seats).orElse(1);
        if (options == 0) {
            throw new UnreadableException("the file names no options; there is nothing to count");
        }
        if (seats < 1 || seats > options) {
            throw new UnreadableException(
                    seats + " seats cannot be filled from " + options + " options; give --seats 1 to " + options);
        }
        Question.Unranked unranked = request.unranked().or(file::unranked).orElse(Question.Unranked.LAST);
        List<Integer> lot =
                file.lot().orElse(IntStream.range(0, options).boxed().toList());
        return new Question(options, seats, unranked, lot);
    }

    private static List<Ballot> valid(List<Ballot> ballots, Rule rule, Question question, ProblemList problems) {
        return ballots.stream()
                .<Ballot>mapMulti((ballot, valid) -> {
                    Optional<Choice> choice =
                            ChoiceForms.convert(ballot.choice(), rule.method().choiceForm());
                    Optional<String> reason = choice.isEmpty()
                            ? rule.refuse(ballot.choice(), question)
                            : rule.refuse(choice.get(), question);
                    if (choice.isEmpty() || reason.isPresent()) {
                        problems.add(
                                ballot.line(),
                                ballot.count(),
                                reason.orElse("the ballot has no form that "
                                        + rule.method().id() + " takes"));
                    } else {
                        valid.accept(new Ballot(ballot.line(), ballot.count(), choice.get(), ballot.power()));
                    }
                })
                .toList();
    }

    /** Ballots from a list, in parts. */
    private record ListSource(List<Ballot> ballots) implements TallyEngine.BallotSource {

        @Override
        public int parts() {
            return Math.max(1, Math.ceilDiv(ballots.size(), PART_BALLOTS));
        }

        @Override
        public void read(int part, TallyEngine.Sink sink) {
            int end = Math.min(ballots.size(), (part + 1) * PART_BALLOTS);
            BallotPaper paper = new BallotPaper();
            for (Ballot ballot : ballots.subList(part * PART_BALLOTS, end)) {
                paper.setChoice(ballot.choice());
                paper.setPower(ballot.power(), ballot.count());
                sink.accept(paper);
            }
        }
    }
}
