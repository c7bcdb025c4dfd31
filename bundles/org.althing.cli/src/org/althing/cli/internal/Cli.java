// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.files.FileMessages;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: parses it, runs the command and turns whatever happens into lines and an exit code. */
public final class Cli {

    private final Terminal terminal;
    private final Services services;
    private final Surroundings surroundings;

    public Cli(Services services, Terminal terminal, Surroundings surroundings) {
        this.services = services;
        this.terminal = terminal;
        this.surroundings = surroundings;
    }

    /** Runs one command line; returns its exit code. Never throws. */
    public int run(String... arguments) {
        int exit = execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return exit;
    }

    private int execute(String... arguments) {
        try {
            CommandLine commands = CommandTree.build(services, terminal, surroundings, List.of(arguments));
            commands.setParameterExceptionHandler(this::misused);
            commands.setExecutionExceptionHandler(this::failed);
            return commands.execute(arguments);
        } catch (RuntimeException | Error e) {
            return bug(e, wantsJson(List.of(arguments)));
        }
    }

    private int misused(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        String message = problem instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched)
                : lowerFirst(problem.getMessage()).replace("for option option", "for option") + "; see `"
                        + command.getCommandSpec().qualifiedName() + " --help`";
        return report(message, ExitCode.USAGE, wantsJson(List.of(arguments)));
    }

    private int failed(Exception problem, CommandLine command, ParseResult parsed) {
        boolean json = wantsJson(parsed.originalArgs());
        return switch (problem) {
            case Failure failure -> report(failure.getMessage(), failure.exit(), json);
            case RefusedException refused -> report(text(refused), ExitCode.USAGE, json);
            case AlthingException environment -> report(text(environment), ExitCode.ENVIRONMENT, json);
            case IOException io -> report(FileMessages.of(io), ExitCode.ENVIRONMENT, json);
            case UncheckedIOException io -> report(FileMessages.of(io.getCause()), ExitCode.ENVIRONMENT, json);
            case InvalidPathException path ->
                report(
                        "'" + path.getInput() + "' is no name of a file here: " + path.getReason(),
                        ExitCode.USAGE,
                        json);
            default -> bug(problem, json);
        };
    }

    private int report(String message, ExitCode exit, boolean json) {
        String line = Words.oneLine(message);
        if (json) {
            terminal.out().println(Json.error(line, exit));
        }
        terminal.err().println(terminal.style(Terminal.Style.BAD, "althing:") + " " + line);
        return exit.code();
    }

    /** Our own mistake: one line here, the rest in a file for whoever mends it. */
    private int bug(Throwable problem, boolean json) {
        String line = "a mistake in althing itself: " + problem.getClass().getSimpleName()
                + (problem.getMessage() == null ? "" : ": " + problem.getMessage());
        try {
            Path log = Files.createTempFile("althing-", ".log");
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8))) {
                problem.printStackTrace(out);
            }
            return report(line + "; please report it with " + log, ExitCode.ENVIRONMENT, json);
        } catch (IOException e) {
            return report(line + "; its log could not be written: " + FileMessages.of(e), ExitCode.ENVIRONMENT, json);
        }
    }

    private static String unmatched(UnmatchedArgumentException problem) {
        CommandLine command = problem.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String argument = problem.getUnmatched().getFirst();
        boolean option = problem.isUnknownOption();
        boolean branch = !command.getSubcommands().isEmpty();
        List<String> near = problem.getSuggestions();
        return "unknown " + (option ? "option" : branch ? "command" : "argument") + " '" + argument + "'"
                + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?")
                + (near.isEmpty() ? "; see `" + name + " --help`" : "");
    }

    private static boolean wantsJson(List<String> arguments) {
        int end = arguments.indexOf("--");
        return (end < 0 ? arguments : arguments.subList(0, end)).contains("--json");
    }

    private static String text(Exception problem) {
        return problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
    }

    private static String lowerFirst(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isEmpty() ? "bad usage" : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
