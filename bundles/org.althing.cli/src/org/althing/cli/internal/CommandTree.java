// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.althing.cli.internal.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.TypeConversionException;

/** All commands. Those that are not there yet are not registered, but for the two of {@code dao} that people look for. */
final class CommandTree {

    private CommandTree() {}

    static CommandLine build(Services services, Terminal terminal, Surroundings surroundings) {
        Globals globals = new Globals();
        Session session = new Session(services, terminal, surroundings, globals);
        CommandLine root = new CommandLine(globals);
        root.addSubcommand(new DemoCommand(session))
                .addSubcommand(new NodeCommand(session))
                .addSubcommand(key(session))
                .addSubcommand(dao(session))
                .addSubcommand(new ProposeCommand(session))
                .addSubcommand(new SponsorCommand(session))
                .addSubcommand(new WithdrawCommand(session))
                .addSubcommand(new VetoCommand(session))
                .addSubcommand(new VoteCommand(session))
                .addSubcommand(new CommentCommand(session))
                .addSubcommand(new ProposalsCommand(session))
                .addSubcommand(new ShowCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new ExportCommand(session))
                .addSubcommand(new ImportCommand(session))
                .addSubcommand(plugin(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(new BackupCommand(session))
                .addSubcommand(new RestoreCommand(session))
                .addSubcommand(new TallyCommand(session))
                .addSubcommand(new BenchCommand(session))
                .addSubcommand(new CompletionCommand(session));
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
                .addSubcommand(new KeyCommand.Revoke(session));
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
                .addSubcommand(new DaoCommand.Join())
                .addSubcommand(new DaoCommand.Invite());
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
