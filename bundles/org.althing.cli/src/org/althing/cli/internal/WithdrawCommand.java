// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import org.althing.api.Cid;
import org.althing.api.entry.Body;
import picocli.CommandLine.Command;

@Command(
        name = "withdraw",
        description = {"Take your own proposal back.", "Possible until voting opens."},
        footerHeading = "%nExample:%n",
        footer = "  althing withdraw bafyreih7vw2kqxnu")
final class WithdrawCommand extends TargetCommand {

    WithdrawCommand(Session session) {
        super(session, "withdrawal");
    }

    @Override
    Body body(Cid target) {
        return new Body.Withdrawal(target);
    }
}
