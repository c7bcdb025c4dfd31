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
        name = "withdraw",
        description = {"Take your own proposal back.", "Possible until voting opens."},
        footerHeading = "%nExample:%n",
        footer = "  althing withdraw bafyreih7vw2kqxnu")
final class WithdrawCommand extends EntryCommand {

    @Parameters(paramLabel = "PROPOSAL", description = "CID of the proposal, or its beginning (at least 8 characters).")
    String proposal = "";

    WithdrawCommand(Session session) {
        super(session);
    }

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
        Assembly.ProposalView view = assembly.proposal(proposal);
        return publish(
                assembly,
                view.dao(),
                new Body.Withdrawal(cid(view)),
                "withdrawal",
                Json.object().put("proposal", view.proposal()));
    }
}
