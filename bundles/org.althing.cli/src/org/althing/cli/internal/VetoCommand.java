// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import org.althing.api.Cid;
import org.althing.api.entry.Body;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "veto",
        description = {"Stop a proposal before it is executed.", "Only for members whose role has the right."},
        footerHeading = "%nExample:%n",
        footer = "  althing veto bafyreih7vw2kqxnu \"Breaks the lease, section 4\"")
final class VetoCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "REASON", description = "Why, for everybody to read.")
    String reason = "";

    VetoCommand(Session session) {
        super(session, "veto");
    }

    @Override
    void check() throws Failure {
        Limits.text("REASON", reason, 1, Body.TITLE_MAX_BYTES);
    }

    @Override
    Body body(Cid target) {
        return new Body.Veto(target, reason);
    }
}
