// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "veto",
        description = {"Stop a proposal before it is executed.", "Only for members whose role has the right."},
        footerHeading = "%nExample:%n",
        footer = "  althing veto bafyreih7vw2kqxnu \"Breaks the lease, section 4\"")
final class VetoCommand extends EntryCommand {

    @Parameters(
            index = "0",
            paramLabel = "PROPOSAL",
            description = "CID of the proposal, or its beginning (at least 8 characters).")
    String proposal = "";

    @Parameters(index = "1", paramLabel = "REASON", description = "Why, for everybody to read.")
    String reason = "";

    VetoCommand(Session session) {
        super(session);
    }

    @Override
    void check() throws Failure {
        Limits.text("REASON", reason, 1, Body.TITLE_MAX_BYTES);
    }

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
        Assembly.ProposalView view = assembly.proposal(proposal);
        return publish(
                assembly,
                view.dao(),
                new Body.Veto(cid(view), reason),
                "veto",
                Json.object().put("proposal", view.proposal()));
    }
}
