// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import picocli.CommandLine.Parameters;

/** A command that signs one entry about a proposal. */
abstract class TargetCommand extends EntryCommand {

    @Parameters(
            index = "0",
            paramLabel = "PROPOSAL",
            description = "CID of the proposal, or its beginning (at least 8 characters).")
    String proposal = "";

    private final String what;

    /** @param what the kind of entry, for messages */
    TargetCommand(Session session, String what) {
        super(session);
        this.what = what;
    }

    /** What is said about the proposal. */
    abstract Body body(Cid target);

    @Override
    final int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
        Assembly.ProposalView view = assembly.proposal(proposal);
        return publish(
                assembly, view.dao(), body(cid(view)), what, Json.object().put("proposal", view.proposal()));
    }
}
