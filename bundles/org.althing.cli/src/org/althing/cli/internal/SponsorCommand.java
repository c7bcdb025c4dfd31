// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import org.althing.api.Cid;
import org.althing.api.entry.Body;
import picocli.CommandLine.Command;

@Command(
        name = "sponsor",
        description = "Support that a proposal comes to the vote.",
        footerHeading = "%nExample:%n",
        footer = "  althing sponsor bafyreih7vw2kqxnu")
final class SponsorCommand extends TargetCommand {

    SponsorCommand(Session session) {
        super(session, "sponsorship");
    }

    @Override
    Body body(Cid target) {
        return new Body.Sponsorship(target);
    }
}
