// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.codec.EntryCodec;
import org.althing.codec.GroupKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = {"Show a proposal.", "Its text and terms, the tally, the discussion, and your own ballot."},
        footerHeading = "%nExample:%n",
        footer = "  althing show bafyreih7vw2kqxnu")
final class ShowCommand extends AssemblyCommand {

    private static final String INDENT = "  ";

    @Parameters(paramLabel = "PROPOSAL", description = "CID of the proposal, or its beginning (at least 8 characters).")
    String proposal = "";

    ShowCommand(Session session) {
        super(session);
    }

    /** One's own ballot, as far as the node knows it. */
    private record MyBallot(Assembly.BallotView ballot, String choice) {}

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
        Assembly.ProposalView view = assembly.proposal(proposal);
        List<Assembly.CommentView> comments = assembly.comments(view.proposal());
        Optional<MyBallot> mine = mine(assembly, view);
        if (session.json()) {
            ObjectNode answer = Json.of(view);
            answer.set("comments", Json.of(comments));
            answer.set(
                    "myBallot",
                    mine.map(m -> ((ObjectNode) Json.of(m.ballot())).put("choice", m.choice()))
                            .orElse(null));
            session.print(answer);
        } else {
            head(view);
            terms(view);
            text(view);
            tally(view);
            mine.ifPresent(m -> session.line("\nYour ballot: " + Words.clean(m.choice()) + " ("
                    + m.ballot().state() + ", revision " + m.ballot().revision() + ")"));
            discussion(comments);
        }
        return ExitCode.FINE.code();
    }

    private Optional<MyBallot> mine(Assembly assembly, Assembly.ProposalView view)
            throws RefusedException, AlthingException, IOException {
        Optional<String> root = new Identities(session).ownRoot();
        Optional<Assembly.BallotView> ballot =
                root.isEmpty() ? Optional.empty() : assembly.ballot(view.proposal(), root.get());
        if (ballot.isEmpty()) {
            return Optional.empty();
        }
        Body body = GroupKeys.of(assembly.groupKeys(view.dao()))
                .show(EntryCodec.decode(assembly.entry(ballot.get().ballot())))
                .body();
        return body instanceof Body.Ballot b
                ? Optional.of(new MyBallot(ballot.get(), new ChoiceText(view.options()).write(b.choice())))
                : Optional.empty();
    }

    private void head(Assembly.ProposalView view) {
        Terminal terminal = session.terminal();
        Words.fold(view.title(), terminal.widthChars())
                .forEach(line -> session.line(terminal.style(Terminal.Style.BOLD, line)));
        String status = terminal.style(ProposalText.style(view.status()), ProposalText.words(view.status()));
        String gist = ProposalText.gist(view, session.surroundings().clock().millis());
        session.line(status + (gist.isEmpty() ? "" : ": " + Words.clean(gist)));
        session.line("");
        session.line("Proposal   " + view.proposal());
        session.line("By         " + Words.clean(view.authorName()) + " (" + Words.shortKey(view.author()) + ")");
    }

    private void terms(Assembly.ProposalView view) {
        session.line("Method     " + view.method() + " (version " + view.methodVersion() + "), "
                + Words.count(view.seats(), "seat"));
        session.line("Takes part " + Words.count(view.ballots(), "ballot") + ", "
                + ProposalText.shown(view.ballotPower()) + " of " + ProposalText.shown(view.electoratePower())
                + " votes; quorum " + view.quorum() + ", threshold " + view.threshold());
        if (view.sponsorsNeeded() > 0) {
            session.line("Sponsors   " + view.sponsors().size() + " of " + view.sponsorsNeeded());
        }
        if (view.deadlineMillis() >= 0) {
            session.line("Voting to  "
                    + Words.time(view.deadlineMillis(), session.surroundings().zone())
                    + (view.extendedMillis() > 0
                            ? " (an outage gave back " + Words.span(view.extendedMillis()) + ")"
                            : ""));
        }
        session.line("Seals      submitted " + height(view.submittedAt()) + ", opened " + height(view.openedAt())
                + ", closed " + height(view.closedAt()) + ", decided " + height(view.decidedAt()));
        if (!view.actions().isEmpty()) {
            session.line("If passed  " + Words.count(view.actions().size(), "action") + ":");
            view.actions().forEach(action -> folded(INDENT + "- ", action));
        }
    }

    private void text(Assembly.ProposalView view) {
        if (!view.text().isBlank()) {
            session.line("");
            folded(INDENT, view.text().strip());
        }
    }

    private void tally(Assembly.ProposalView view) {
        session.line("");
        if (view.tally().isEmpty()) {
            session.line("Options: " + Words.clean(String.join(", ", view.options())));
            return;
        }
        Assembly.TallyView tally = view.tally().get();
        session.line(tally.running() ? "So far (not final):" : "Result:");
        ProposalText.scores(session.terminal(), tally.ranking(), tally.scores());
        session.line(Words.count(tally.valid(), "valid ballot") + ", " + tally.blank() + " blank, " + tally.invalid()
                + " invalid" + (tally.tie().isEmpty() ? "" : "; tie: " + Words.clean(tally.tie())));
        if (!tally.running()) {
            session.line("Tally " + tally.resultHash() + ", counted alike by "
                    + count(view.results(), "notary", "notaries"));
        }
    }

    private void discussion(List<Assembly.CommentView> comments) {
        if (!comments.isEmpty()) {
            session.line("\nDiscussion:");
        }
        for (Assembly.CommentView comment : comments) {
            session.line(Words.clean(comment.authorName()) + ", "
                    + Words.time(comment.timeMillis(), session.surroundings().zone()) + ", "
                    + Words.shortCid(comment.comment())
                    + (comment.parent().isEmpty() ? "" : ", answers " + Words.shortCid(comment.parent())));
            folded(INDENT, comment.text().strip());
        }
    }

    private void folded(String indent, String text) {
        String prefix = indent;
        for (String line : Words.fold(text, session.terminal().widthChars() - indent.length())) {
            session.line(prefix + line);
            prefix = " ".repeat(indent.length());
        }
    }

    private static String height(long height) {
        return height < 0 ? "-" : Long.toString(height);
    }

    private static String count(List<?> list, String one, String many) {
        return list.size() + " " + (list.size() == 1 ? one : many);
    }
}
