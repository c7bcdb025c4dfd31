// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of the commands, with the options that every command takes, before or after its name. */
@Command(
        name = "althing",
        description =
                "Governance without a server: found a DAO, propose, vote, count, and prove the result to anybody.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing demo                          see it all, with a real election",
            "  althing node &                        run a node on ~/.althing",
            "  althing key new                       make your keys",
            "  althing dao create \"Ferry co-op\"      found a DAO",
            "  althing propose \"Buy the ferry\"       put a question to it",
            "  althing vote bafyreih7vw2 For         vote",
            "  althing tally --method schulze x.blt  count a ballot file",
            "",
            "`althing COMMAND --help` explains a command. Exit codes: 0 fine, 1 the answer is",
            "no, 2 bad usage or input, 3 the environment failed."
        })
final class Globals {

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Answer in JSON, one object in a line.")
    boolean json;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = 101,
            description = "Data folder; else $$ALTHING_HOME, else ~/.althing.")
    @Nullable
    Path data;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 102,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = 103,
            description = "Show the version.")
    boolean version;
}
