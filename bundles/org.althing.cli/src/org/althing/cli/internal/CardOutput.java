// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a card goes: to the terminal, or into a file for somebody else. */
final class CardOutput {

    @Option(names = "--out", paramLabel = "FILE", description = "Write to FILE, which must not exist.")
    @Nullable
    Path file;

    /** @param next the command of whoever gets the card, up to its name */
    int hand(Session session, ObjectNode card, String next) throws Failure, IOException {
        if (file == null) {
            session.print(card);
            return ExitCode.FINE.code();
        }
        OutputFile.write(file, card + "\n");
        if (session.json()) {
            session.print(card);
        } else {
            session.line("Card written to " + file + "; give it to a member, who types `althing " + next + " "
                    + file.getFileName() + "`");
        }
        return ExitCode.FINE.code();
    }
}
