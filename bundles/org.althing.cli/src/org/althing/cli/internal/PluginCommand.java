// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.Plugins;
import org.althing.api.node.Plugins.Plugin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code althing plugin ...}. */
@Command(
        name = "plugin",
        description = "Add bundles to the running node, list and remove them.",
        synopsisSubcommandLabel = "COMMAND")
final class PluginCommand extends CommandGroup {

    /** Of a hash in a table; JSON has all of it. */
    private static final int SHA256_SHOWN_CHARS = 16;

    private static void print(Session session, Plugin plugin) {
        session.line("Name      " + Words.clean(plugin.name()));
        session.line("Version   " + Words.clean(plugin.version()));
        session.line("Services  " + services(plugin));
        session.line("SHA-256   " + plugin.sha256());
        session.line("Size      " + plugin.sizeBytes() + " bytes");
    }

    private static String services(Plugin plugin) {
        return plugin.services().isEmpty() ? "none" : Words.clean(String.join(", ", plugin.services()));
    }

    /** A command that speaks to the plugins of the running node. */
    private abstract static class OfNode implements Callable<Integer> {

        final Session session;

        OfNode(Session session) {
            this.session = session;
        }

        abstract void run(Plugins plugins) throws Failure, RefusedException, AlthingException;

        /** Refuses what is wrong in itself, before anything is connected. */
        void check() throws Failure, IOException {}

        @Override
        public final Integer call() throws Failure, RefusedException, AlthingException, IOException {
            check();
            try (AssemblyClients.Connection node = session.connect()) {
                run(node.plugins());
            }
            return ExitCode.FINE.code();
        }
    }

    @Command(
            name = "add",
            aliases = "upgrade",
            description = {
                "Add a bundle to the running node, or replace it by a higher version.",
                "Shows what the jar says of itself and its SHA-256, and asks. What you accept is started again with the"
                        + " node, as long as the file stays the same. It runs with all rights of the node."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  althing plugin add ranked-pairs.jar", "  althing plugin add ranked-pairs.jar --yes --json"})
    static final class Add extends OfNode {

        @Parameters(paramLabel = "FILE", description = "The jar of an OSGi bundle.")
        @Nullable
        Path file;

        @Option(names = "--yes", description = "Do not ask.")
        boolean yes;

        private byte[] jar = {};

        Add(Session session) {
            super(session);
        }

        @Override
        void check() throws Failure, IOException {
            if (file == null) {
                throw Failure.usage("name the jar to add");
            }
            if (session.json() && !yes) {
                throw Failure.usage("with --json nobody is asked; add --yes if you accept " + file);
            }
            jar = InputFile.bytes(file, Plugins.JAR_SIZE_MAX_BYTES);
        }

        @Override
        void run(Plugins plugins) throws Failure, RefusedException, AlthingException {
            Plugin found = plugins.inspect(jar);
            if (!session.json()) {
                print(session, found);
                older(plugins, found).ifPresent(older -> session.line("Replaces  version " + older));
                session.terminal().out().flush();
            }
            if (!yes) {
                confirm();
            }
            Plugin added = plugins.add(jar, found.sha256());
            if (session.json()) {
                session.print(Json.of(added));
            } else {
                session.line("Added; it runs.");
            }
        }

        private static Optional<String> older(Plugins plugins, Plugin found) throws AlthingException {
            return plugins.plugins().stream()
                    .filter(plugin -> plugin.name().equals(found.name()))
                    .map(Plugin::version)
                    .findFirst();
        }

        private void confirm() throws Failure {
            String answer = session.terminal()
                    .prompt()
                    .line("It will run with all rights of the node. Add it? [y/N]")
                    .orElseThrow(() -> Failure.usage(
                            "there is no terminal to ask whether you accept this plugin; if you do, add --yes"));
            if (!List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT))) {
                throw Failure.no("the plugin was not accepted, nothing has changed; answer y to add it");
            }
        }
    }

    @Command(
            name = "list",
            description = "List the plugins of the running node.",
            footerHeading = "%nExample:%n",
            footer = "  althing plugin list --json")
    static final class Listing extends OfNode {

        Listing(Session session) {
            super(session);
        }

        @Override
        void run(Plugins plugins) throws AlthingException {
            List<Plugin> all = plugins.plugins();
            if (session.json()) {
                session.print(Json.object().set("plugins", Json.of(all)));
                return;
            }
            if (all.isEmpty()) {
                session.line("No plugin yet; add one with `althing plugin add FILE`.");
                return;
            }
            Table table = new Table(session.terminal(), "Plugin", "Version", "State", "SHA-256", "Services");
            for (Plugin plugin : all) {
                table.row(
                        plugin.name(),
                        plugin.version(),
                        plugin.state(),
                        plugin.sha256().substring(0, SHA256_SHOWN_CHARS),
                        services(plugin));
            }
            table.print();
            for (Plugin plugin : all) {
                if (!plugin.problem().isEmpty()) {
                    session.line(session.terminal().style(Terminal.Style.BAD, "Problem:") + " "
                            + Words.clean(plugin.name() + ": " + plugin.problem()));
                }
            }
        }
    }

    @Command(
            name = "remove",
            description = "Stop a plugin of the running node and forget it.",
            footerHeading = "%nExample:%n",
            footer = "  althing plugin remove org.example.ranked-pairs")
    static final class Remove extends OfNode {

        @Parameters(paramLabel = "NAME", description = "Its symbolic name, as `althing plugin list` shows it.")
        String name = "";

        Remove(Session session) {
            super(session);
        }

        @Override
        void run(Plugins plugins) throws RefusedException, AlthingException {
            Plugin removed = plugins.remove(name);
            if (session.json()) {
                session.print(Json.of(removed));
            } else {
                session.line("Removed " + Words.clean(removed.name()) + " " + Words.clean(removed.version()) + ".");
            }
        }
    }
}
