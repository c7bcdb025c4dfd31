// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.api.identity.Keystore;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "vote",
        description = {
            "Cast your ballot, or replace the one you cast.",
            "Name options by their names or their numbers from 1 (#2 where names are numbers). Put names with spaces, and rankings, in"
                    + " quotes: the shell would take > as a file."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing vote bafyreih7vw2 For           basic, single choice: one option",
            "  althing vote bafyreih7vw2 Ferry Bridge  approval: all that you approve",
            "  althing vote bafyreih7vw2 \"B > A = C\"   ranked: best first, = for equal",
            "  althing vote bafyreih7vw2 Ferry=3 2=1   weighted, quadratic: weights",
            "  althing vote bafyreih7vw2 --blank       take part, prefer nothing",
            "  althing vote bafyreih7vw2 For --offline ballot.entry"
        })
final class VoteCommand extends EntryCommand {

    @Parameters(
            index = "0",
            paramLabel = "PROPOSAL",
            description = "CID of the proposal, or its beginning (at least 8 characters).")
    String proposal = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "CHOICE",
            description = "What you choose; see the examples.")
    List<String> words = List.of();

    @Option(names = "--blank", description = "A blank ballot: it counts for the quorum and prefers nothing.")
    boolean blank;

    VoteCommand(Session session) {
        super(session);
    }

    @Override
    void check() throws Failure {
        if (blank && !words.isEmpty()) {
            throw Failure.usage("--blank goes without a choice");
        }
    }

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
        Assembly.ProposalView view = assembly.proposal(proposal);
        if (!view.status().equals("voting")) {
            throw Failure.usage(
                    "'" + view.title() + "' is not open for votes: it is " + ProposalText.words(view.status()));
        }
        Choice choice = choice(assembly, view);
        String written = new ChoiceText(view.options()).write(choice);
        try (Keystore.Unlocked identity = signing.unlock(session)) {
            String root = identity.identity().root().toString();
            long revision = assembly.ballot(view.proposal(), root)
                    .map(last -> last.revision() + 1)
                    .orElse(0L);
            ObjectNode details = Json.object()
                    .put("proposal", view.proposal())
                    .put("choice", written)
                    .put("revision", revision);
            Body ballot = new Body.Ballot(cid(view), revision, choice);
            int exit = publish(assembly, view.dao(), identity.device(), ballot, "ballot", details);
            if (!session.json()) {
                session.line("  you chose: " + Words.clean(written)
                        + (revision > 0 ? " (replaces your earlier ballot)" : ""));
            }
            return exit;
        }
    }

    private Choice choice(Assembly assembly, Assembly.ProposalView view) throws Failure, AlthingException {
        if (blank) {
            return new Choice.Blank();
        }
        Methods methods = Methods.of(session, assembly);
        Methods.Chosen counting = methods.of(view);
        Choice choice = new ChoiceText(view.options()).read(counting.method().ballot(), words);
        Question question = new Question(
                view.options().size(),
                view.seats(),
                Question.Unranked.LAST,
                IntStream.range(0, view.options().size()).boxed().toList());
        methods.check(counting, choice, question);
        return choice;
    }
}
