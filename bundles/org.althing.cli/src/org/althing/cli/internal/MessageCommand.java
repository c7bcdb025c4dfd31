// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ReadingKey;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Message;
import org.althing.api.identity.Keystore;
import org.althing.codec.MessageCodec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code althing message ...}. */
@Command(
        name = "message",
        description = "Send and read messages between members of a private DAO.",
        synopsisSubcommandLabel = "COMMAND")
final class MessageCommand extends CommandGroup {

    @Command(
            name = "send",
            description = {
                "Send a message to another member.",
                "It is encrypted for that member's node; others pass it on for a week without being able to read it."
            },
            footerHeading = "%nExample:%n",
            footer = "  althing message send Brynja \"Can you chair on Monday?\"")
    static final class Send extends AssemblyCommand {

        @Parameters(index = "0", paramLabel = "MEMBER", description = "Name or root key.")
        String member = "";

        @Parameters(index = "1", paramLabel = "TEXT", description = "What you say.")
        String text = "";

        @Option(names = "--dao", paramLabel = "DAO", description = "Which DAO, if the node has several.")
        @Nullable
        String dao;

        @Mixin
        final SigningOptions signing = new SigningOptions();

        Send(Session session) {
            super(session);
        }

        @Override
        void check() throws Failure {
            Limits.text("TEXT", text, 1, Message.TEXT_MAX_BYTES);
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
            String chosen = dao(assembly, dao);
            Assembly.MemberView to = addressee(assembly.members(chosen));
            ReadingKey reader = ReadingKey.parse(assembly.readingKey(chosen, to.root()));
            byte[] message;
            try (Keystore.Unlocked identity = signing.unlock(session)) {
                message = MessageCodec.write(
                        Cid.parse(chosen),
                        reader,
                        session.surroundings().clock().millis(),
                        text,
                        identity.device());
            }
            assembly.send(chosen, message);
            String cid = Cid.hash(message).toString();
            if (session.json()) {
                session.print(Json.object().put("message", cid).put("to", to.root()));
            } else {
                session.line("Message " + cid);
                session.line("  on its way to " + Words.clean(to.name()));
            }
            return ExitCode.FINE.code();
        }

        private Assembly.MemberView addressee(List<Assembly.MemberView> members) throws Failure {
            List<Assembly.MemberView> found = members.stream()
                    .filter(Assembly.MemberView::active)
                    .filter(each -> each.name().equals(member) || each.root().equals(member))
                    .toList();
            if (found.size() != 1) {
                throw Failure.usage("MEMBER: " + (found.isEmpty() ? "no member" : found.size() + " members")
                        + " called '" + member + "'; `althing dao show` lists names and, with --json, root keys");
            }
            return found.getFirst();
        }
    }

    @Command(
            name = "list",
            description = "List the messages to you, of the last week.",
            footerHeading = "%nExample:%n",
            footer = "  althing message list")
    static final class Listing extends AssemblyCommand {

        @Option(names = "--dao", paramLabel = "DAO", description = "Which DAO, if the node has several.")
        @Nullable
        String dao;

        Listing(Session session) {
            super(session);
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException {
            List<Assembly.MessageView> messages = assembly.messages(dao(assembly, dao));
            if (session.json()) {
                session.print(Json.object().set("messages", Json.of(messages)));
            } else if (messages.isEmpty()) {
                session.line("No message.");
            } else {
                messages.forEach(this::print);
            }
            return ExitCode.FINE.code();
        }

        private void print(Assembly.MessageView message) {
            String from =
                    message.from().isEmpty() ? "somebody who is no member any more" : Words.clean(message.fromName());
            session.line(session.terminal().style(Terminal.Style.BOLD, from) + ", "
                    + Words.time(message.timeMillis(), session.surroundings().zone()));
            String text = message.text().isEmpty() ? "(it cannot be decrypted)" : message.text();
            Words.fold(text, session.terminal().widthChars() - 2).forEach(line -> session.line("  " + line));
        }
    }
}
