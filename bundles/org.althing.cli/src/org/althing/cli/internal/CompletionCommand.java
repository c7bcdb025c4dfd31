// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = {
            "Print a completion script for the shell.",
            "The shell then completes althing's commands and options."
        },
        footerHeading = "%nExample:%n",
        footer = "  source <(althing completion bash)      bash, and zsh with bashcompinit")
final class CompletionCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "bash")
    String shell = "";

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure {
        if (!shell.equals("bash")) {
            throw Failure.usage("no completion for '" + shell + "'; there is bash (zsh reads it too)");
        }
        session.terminal().out().print(AutoComplete.bash("althing", spec.root().commandLine()));
        return ExitCode.FINE.code();
    }
}
