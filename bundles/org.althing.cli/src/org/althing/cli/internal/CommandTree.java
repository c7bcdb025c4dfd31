// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.althing.cli.internal.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.TypeConversionException;

/** All commands. Those that are not there yet are not registered, but for the two of {@code dao} that people look for. */
final class CommandTree {

    /** Looks at all commands. */
    private static final String COMPLETION = "completion";

    private CommandTree() {}

    /**
     * The commands that a command line needs: making them all takes longer than most of them do.
     *
     * @param arguments if they begin with the name of a command, there is only that one
     */
    static CommandLine build(Services services, Terminal terminal, Surroundings surroundings, List<String> arguments) {
        Globals globals = new Globals();
        Session session = new Session(services, terminal, surroundings, globals);
        CommandLine root = new CommandLine(globals);
        Map<String, Supplier<Object>> commands = commands(session);
        String wanted = arguments.isEmpty() ? "" : arguments.getFirst();
        if (commands.containsKey(wanted) && !wanted.equals(COMPLETION)) {
            commands.keySet().retainAll(Set.of(wanted));
        }
        commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
        root.registerConverter(Path.class, CommandTree::path);
        root.registerConverter(int.class, text -> (int) number(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
        root.registerConverter(Integer.class, text -> (int) number(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
        root.registerConverter(long.class, text -> number(text, Long.MIN_VALUE, Long.MAX_VALUE));
        root.getCommandSpec().versionProvider(() -> new String[] {"althing " + version()});
        root.setOut(new java.io.PrintWriter(terminal.out(), true));
        root.setErr(new java.io.PrintWriter(terminal.err(), true));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF));
        root.setUsageHelpWidth(Math.max(Terminal.WIDTH_CHARS_DEFAULT, terminal.widthChars()));
        root.setUsageHelpLongOptionsMaxWidth(26);
        unsorted(root);
        root.setExpandAtFiles(false);
        root.setTrimQuotes(false);
        return root;
    }

    /** By name, in the order in which help lists them. */
    private static Map<String, Supplier<Object>> commands(Session session) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", () -> new DemoCommand(session));
        commands.put("node", () -> new NodeCommand(session));
        commands.put("key", () -> key(session));
        commands.put("dao", () -> dao(session));
        commands.put("propose", () -> new ProposeCommand(session));
        commands.put("sponsor", () -> new SponsorCommand(session));
        commands.put("withdraw", () -> new WithdrawCommand(session));
        commands.put("veto", () -> new VetoCommand(session));
        commands.put("vote", () -> new VoteCommand(session));
        commands.put("comment", () -> new CommentCommand(session));
        commands.put("proposals", () -> new ProposalsCommand(session));
        commands.put("show", () -> new ShowCommand(session));
        commands.put("message", () -> message(session));
        commands.put("peers", () -> new PeersCommand(session));
        commands.put("status", () -> new StatusCommand(session));
        commands.put("export", () -> new ExportCommand(session));
        commands.put("import", () -> new ImportCommand(session));
        commands.put("plugin", () -> plugin(session));
        commands.put("verify", () -> new VerifyCommand(session));
        commands.put("backup", () -> new BackupCommand(session));
        commands.put("restore", () -> new RestoreCommand(session));
        commands.put("tally", () -> new TallyCommand(session));
        commands.put("bench", () -> new BenchCommand(session));
        commands.put(COMPLETION, () -> new CompletionCommand(session));
        return commands;
    }

    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the name is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(
                    Words.clean("'" + text + "' is no name of a file here: " + e.getReason()));
        }
    }

    private static long number(String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new TypeConversionException("'" + text + "' is no whole number from " + min + " to " + max);
    }

    private static CommandLine key(Session session) {
        return new CommandLine(new KeyCommand())
                .addSubcommand(new KeyCommand.New(session))
                .addSubcommand(new KeyCommand.Show(session))
                .addSubcommand(new KeyCommand.Export(session))
                .addSubcommand(new KeyCommand.Import(session))
                .addSubcommand(new KeyCommand.Card(session))
                .addSubcommand(new KeyCommand.Notary(session))
                .addSubcommand(new KeyCommand.Add(session))
                .addSubcommand(new KeyCommand.Reader(session))
                .addSubcommand(new KeyCommand.Revoke(session));
    }

    private static CommandLine message(Session session) {
        return new CommandLine(new MessageCommand())
                .addSubcommand(new MessageCommand.Send(session))
                .addSubcommand(new MessageCommand.Listing(session));
    }

    private static CommandLine plugin(Session session) {
        return new CommandLine(new PluginCommand())
                .addSubcommand(new PluginCommand.Add(session))
                .addSubcommand(new PluginCommand.Listing(session))
                .addSubcommand(new PluginCommand.Remove(session));
    }

    private static CommandLine dao(Session session) {
        return new CommandLine(new DaoCommand())
                .addSubcommand(new DaoCommand.Create(session))
                .addSubcommand(new DaoCommand.Listing(session))
                .addSubcommand(new DaoCommand.Show(session))
                .addSubcommand(new DaoCommand.Join(session))
                .addSubcommand(new DaoCommand.Invite(session));
    }

    /** Help lists options in the order that people need them. */
    private static void unsorted(CommandLine command) {
        command.getCommandSpec().usageMessage().sortOptions(false);
        command.getSubcommands().values().forEach(CommandTree::unsorted);
    }

    static String version() {
        String version = CommandTree.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }
}
