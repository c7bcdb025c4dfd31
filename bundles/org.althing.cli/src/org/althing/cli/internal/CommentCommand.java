// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "comment",
        description = "Say something on a proposal.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing comment bafyreih7vw2kqxnu \"What does the mooring cost?\"",
            "  althing comment bafyreih7vw2kqxnu \"1200 a year\" --reply-to bafyreic4xkz7mqpa"
        })
final class CommentCommand extends EntryCommand {

    @Parameters(
            index = "0",
            paramLabel = "PROPOSAL",
            description = "CID of the proposal, or its beginning (at least 8 characters).")
    String proposal = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "What you say, in CommonMark.")
    String text = "";

    @Option(
            names = "--reply-to",
            paramLabel = "COMMENT",
            description = "CID of the comment that you answer, or its beginning.")
    @Nullable
    String parent;

    CommentCommand(Session session) {
        super(session);
    }

    @Override
    void check() throws Failure {
        Limits.text("TEXT", text, 1, Body.TEXT_MAX_BYTES);
    }

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
        Assembly.ProposalView view = assembly.proposal(proposal);
        Optional<Cid> answered = parent == null ? Optional.empty() : Optional.of(parent(assembly, view, parent));
        Body body = new Body.Comment(cid(view), answered, text);
        return publish(assembly, view.dao(), body, "comment", Json.object().put("proposal", view.proposal()));
    }

    private static Cid parent(Assembly assembly, Assembly.ProposalView view, String named)
            throws Failure, RefusedException, AlthingException {
        var found = assembly.comments(view.proposal()).stream()
                .map(Assembly.CommentView::comment)
                .filter(c -> c.startsWith(named))
                .toList();
        if (named.length() < Assembly.PREFIX_MIN_CHARS || found.size() != 1) {
            throw Failure.usage("--reply-to: " + (found.isEmpty() ? "no comment" : "no single comment")
                    + " of this proposal begins with '" + named + "'; `althing show " + Words.shortCid(view.proposal())
                    + "` lists them");
        }
        return Cid.parse(found.getFirst());
    }
}
