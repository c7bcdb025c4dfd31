// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.InviteLink;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.identity.Keystore;
import org.althing.api.tally.Tally;
import org.althing.codec.Consent;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code althing dao ...}. */
@Command(name = "dao", description = "Found, list and show DAOs.", synopsisSubcommandLabel = "COMMAND")
final class DaoCommand extends CommandGroup {

    /** DAOs in a table. */
    static void table(Session session, List<Assembly.DaoView> daos) {
        if (daos.isEmpty()) {
            session.line("No DAO yet; found one with `althing dao create NAME`.");
            return;
        }
        Table table = new Table(
                session.terminal(), "DAO", "Name", ">Members", ">Proposals", ">Open", ">Entries", ">Pending", ">Seal");
        for (Assembly.DaoView dao : daos) {
            table.row(
                    Words.shortCid(dao.dao()),
                    dao.name(),
                    "" + dao.members(),
                    "" + dao.proposals(),
                    "" + dao.open(),
                    "" + dao.entries(),
                    "" + dao.pending(),
                    "" + dao.height());
        }
        table.print();
    }

    @Command(
            name = "list",
            description = "List the DAOs of the running node.",
            footerHeading = "%nExample:%n",
            footer = "  althing dao list")
    static final class Listing extends AssemblyCommand {

        Listing(Session session) {
            super(session);
        }

        @Override
        int run(Assembly assembly) throws AlthingException {
            if (session.json()) {
                session.print(Json.object().set("daos", Json.of(assembly.daos())));
            } else {
                table(session, assembly.daos());
            }
            return ExitCode.FINE.code();
        }
    }

    @Command(
            name = "show",
            description = {"Show a DAO.", "Its purpose, rules, notaries and members."},
            footerHeading = "%nExample:%n",
            footer = "  althing dao show bafyreic4xkz7mqpa")
    static final class Show extends AssemblyCommand {

        private static final int MEMBERS_SHOWN_MAX = 20;
        private static final int RULE_WIDTH_CHARS = 19;
        private static final String MILLIS = "Millis";

        @Parameters(
                paramLabel = "DAO",
                arity = "0..1",
                description = "CID, or its beginning; not needed if there is but one.")
        @Nullable
        String dao;

        Show(Session session) {
            super(session);
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException {
            Assembly.DaoView view = assembly.dao(dao(assembly, dao));
            List<Assembly.MemberView> members = assembly.members(view.dao());
            if (session.json()) {
                ObjectNode answer = Json.of(view);
                answer.set("memberList", Json.of(members));
                session.print(answer);
                return ExitCode.FINE.code();
            }
            session.line(session.terminal().style(Terminal.Style.BOLD, Words.clean(view.name())));
            if (!view.purpose().isBlank()) {
                Words.fold(view.purpose().strip(), session.terminal().widthChars())
                        .forEach(session::line);
            }
            session.line("DAO       " + view.dao());
            session.line("Head      " + view.head());
            session.line("Height    " + view.height() + ", "
                    + Words.time(view.sealTimeMillis(), session.surroundings().zone()));
            session.line("State     " + view.stateRoot());
            view.notaries().forEach(notary -> session.line("Notary    " + notary));
            if (!assembly.groupKeys(view.dao()).isEmpty()) {
                session.line("Private   only members read it");
            }
            session.line("Votes     " + view.power() + " of " + Words.count(view.members(), "member"));
            session.line("");
            rules(view);
            session.line("");
            members(members);
            return ExitCode.FINE.code();
        }

        private void rules(Assembly.DaoView view) {
            session.line(session.terminal().style(Terminal.Style.BOLD, "Rules"));
            for (Map.Entry<String, Object> rule : view.rules().entrySet()) {
                boolean span = rule.getKey().endsWith(MILLIS) && rule.getValue() instanceof Number;
                String name =
                        span ? rule.getKey().substring(0, rule.getKey().length() - MILLIS.length()) : rule.getKey();
                String text = rule.getValue() instanceof Number number && span
                        ? Words.span(number.longValue())
                        : words(rule.getValue());
                String prefix = "  " + name + " ".repeat(Math.max(1, RULE_WIDTH_CHARS - name.length()));
                for (String line : Words.fold(text, session.terminal().widthChars() - prefix.length())) {
                    session.line(prefix + line);
                    prefix = " ".repeat(prefix.length());
                }
            }
        }

        /** Lists and maps without brackets. */
        private static String words(Object value) {
            return switch (value) {
                case Collection<?> all ->
                    String.join(", ", all.stream().map(Show::words).toList());
                case Map<?, ?> map ->
                    String.join(
                            "; ",
                            map.entrySet().stream()
                                    .map(e -> e.getKey() + ": " + words(e.getValue()))
                                    .toList());
                default -> String.valueOf(value);
            };
        }

        private void members(List<Assembly.MemberView> members) {
            Table table = new Table(session.terminal(), "Member", "Name", "Roles", ">Votes", ">Devices", "");
            for (Assembly.MemberView member : members.subList(0, Math.min(members.size(), MEMBERS_SHOWN_MAX))) {
                table.row(
                        Words.shortKey(member.root()),
                        member.name(),
                        String.join(", ", member.roles()),
                        ProposalText.shown(member.power()),
                        "" + member.devices().size(),
                        member.active() ? "" : "removed");
            }
            table.print();
            if (members.size() > MEMBERS_SHOWN_MAX) {
                session.line("and " + (members.size() - MEMBERS_SHOWN_MAX) + " more; --json lists all");
            }
        }
    }

    @Command(
            name = "create",
            description = {"Found a DAO.", "You are its first founder, and the running node its notary."},
            footerHeading = "%nExamples:%n",
            footer = {
                "  althing dao create \"Ferry co-op\" --purpose \"Runs the ferry\"",
                "  althing dao create Club --founder brynja.card --voting 2d --quorum 1/3"
            })
    static final class Create extends AssemblyCommand {

        @Parameters(paramLabel = "NAME", description = "Its name.")
        String name = "";

        @Option(names = "--purpose", paramLabel = "TEXT", order = 1, description = "What it is for, in CommonMark.")
        String purpose = "";

        @Option(
                names = "--founder",
                paramLabel = "CARD",
                order = 2,
                description = "Another founder's card (`althing key card --founding NAME --convener KEY`); repeat it.")
        List<Path> founders = List.of();

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                order = 3,
                description = "Your own roles; default member; guardian may veto. Repeat it.")
        List<String> roles = List.of("member");

        @Option(
                names = "--review",
                paramLabel = "TIME",
                order = 4,
                description = "Time before voting opens; default none.")
        @Nullable
        String review;

        @Option(
                names = "--voting",
                paramLabel = "TIME",
                order = 5,
                description = "Shortest time that voting stays open; default 3d.")
        @Nullable
        String voting;

        @Option(
                names = "--time-lock",
                paramLabel = "TIME",
                order = 6,
                description = "Time between outcome and execution; default none.")
        @Nullable
        String timeLock;

        @Option(
                names = "--quorum",
                paramLabel = "PART",
                order = 7,
                description = "Part of all power that must take part; default 1/4.")
        @Nullable
        String quorum;

        @Option(
                names = "--threshold",
                paramLabel = "PART",
                order = 8,
                description = "Part of the decided votes that For must exceed; default 1/2.")
        @Nullable
        String threshold;

        @Option(
                names = "--sponsors",
                paramLabel = "N",
                order = 9,
                description = "Members who must support a proposal first; default 0.")
        int sponsors;

        @Option(
                names = "--methods",
                paramLabel = "METHOD,...",
                split = ",",
                order = 10,
                description = "Voting methods that proposals may use.")
        List<String> methods = List.of();

        @Option(
                names = "--private",
                order = 11,
                description = "Only members read it: what is said is encrypted for them, and no other node gets it."
                        + " The founders' cards need `althing key card --private`.")
        boolean isPrivate;

        @Mixin
        final SigningOptions signing = new SigningOptions();

        Create(Session session) {
            super(session);
        }

        @Override
        void check() throws Failure {
            Limits.text("NAME", name, 1, Body.NAME_MAX_BYTES);
            Limits.text("--purpose", purpose, 0, Body.TEXT_MAX_BYTES);
            if (sponsors < 0 || sponsors > Rules.SPONSORS_MAX) {
                throw Failure.usage("--sponsors: " + sponsors + " is out of range; write 0 to " + Rules.SPONSORS_MAX);
            }
            rules(Rules.usual().methods());
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
            PublicKey notary = PublicKey.parse(assembly.status().notary());
            byte[] salt = new byte[Body.Charter.SALT_SIZE_BYTES];
            session.surroundings().random().nextBytes(salt);
            byte[] groupKey = new byte[Enclosure.KEY_SIZE_BYTES];
            session.surroundings().random().nextBytes(groupKey);
            byte[] entry;
            try (Keystore.Unlocked identity = signing.unlock(session)) {
                SortedSet<String> own = new TreeSet<>(roles);
                Cid founding = Consent.founding(identity.identity().root(), name);
                List<Action.Admit> admitted = new ArrayList<>();
                Optional<ReadingKey> reader =
                        isPrivate ? Optional.of(ReadingKey.parse(assembly.readingKey())) : Optional.empty();
                admitted.add(MemberCard.of(identity, founding, reader).admit(own, Tally.VOTE));
                admitted.addAll(others(founding, identity.identity().root()));
                Body charter = new Body.Charter(
                        name,
                        purpose,
                        salt,
                        admitted,
                        List.of(new Notary(notary, List.of())),
                        rules(enabled(assembly)),
                        isPrivate ? Optional.of(Enclosure.name(groupKey)) : Optional.empty());
                entry = EntryCodec.sign(
                        new EntryCodec.Draft(
                                null,
                                identity.root().key(),
                                0,
                                null,
                                null,
                                session.surroundings().clock().millis(),
                                charter),
                        identity.root());
            } catch (IllegalArgumentException e) {
                throw Failure.usage(String.valueOf(e.getMessage()));
            }
            Assembly.Submission submission = Author.accepted(
                    isPrivate ? assembly.foundPrivate(entry, groupKey) : assembly.found(entry), "charter");
            if (session.json()) {
                ObjectNode answer = Json.object().put("dao", submission.entry()).put("name", name);
                session.print(answer.put("state", submission.state()).put("height", submission.height()));
            } else {
                session.line("DAO " + submission.entry());
                session.line("  founded; " + Words.clean(name) + " has " + Words.count(1 + founders.size(), "member"));
            }
            return ExitCode.FINE.code();
        }

        private List<Action.Admit> others(Cid founding, PublicKey convener) throws Failure, IOException {
            List<Action.Admit> others = new ArrayList<>();
            for (Path file : founders) {
                MemberCard card = MemberCard.read(file);
                if (!card.dao().equals(founding)) {
                    throw Failure.usage(file + " is a card for another DAO; its owner makes the right one with"
                            + " `althing key card --founding '" + name + "' --convener " + convener + "`");
                }
                others.add(card.admit(new TreeSet<>(List.of("member")), Tally.VOTE));
            }
            return others;
        }

        private SortedSet<String> enabled(Assembly assembly) throws Failure, AlthingException {
            if (methods.isEmpty()) {
                return Rules.usual().methods();
            }
            Methods known = Methods.of(session, assembly);
            SortedSet<String> enabled = new TreeSet<>();
            for (String method : methods) {
                enabled.add(known.enabled("--methods", method.strip()));
            }
            return enabled;
        }

        private Rules rules(SortedSet<String> enabled) throws Failure {
            Rules usual = Rules.usual();
            for (String role : roles) {
                if (!usual.roles().containsKey(role)) {
                    throw Failure.usage("--role: no role '" + role + "'; write "
                            + String.join(" or ", usual.roles().keySet()));
                }
            }
            return new Rules(
                    usual.roles(),
                    enabled,
                    sponsors,
                    usual.sponsorMillis(),
                    period("--review", review, 0, usual.reviewMillis()),
                    period("--voting", voting, Rules.VOTING_MIN_MILLIS, usual.votingMillis()),
                    period("--time-lock", timeLock, 0, usual.timeLockMillis()),
                    quorum == null ? usual.quorum() : Limits.fraction("--quorum", quorum),
                    threshold == null ? usual.threshold() : Limits.threshold("--threshold", threshold),
                    usual.graceMillis(),
                    usual.extensionMaxMillis(),
                    usual.entriesPerSealMax(),
                    usual.entriesPerDayMax());
        }

        private static long period(String option, @Nullable String text, long minMillis, long usualMillis)
                throws Failure {
            return text == null ? usualMillis : Limits.periodMillis(option, text, minMillis);
        }
    }

    @Command(
            name = "join",
            description = {
                "Join a DAO by an invite link.",
                "The node fetches it from peers, checks it, and serves it to others from then on."
            },
            footerHeading = "%nExample:%n",
            footer = "  althing dao join 'althing:bafyreic4x...?seal=bafy...&peer=/ip4/...'")
    static final class Join extends AssemblyCommand {

        @Parameters(
                paramLabel = "LINK",
                description = "The invite link, in quotes; a DAO's CID where peers are found otherwise.")
        String link = "";

        private Assembly.@Nullable Invite invite;

        Join(Session session) {
            super(session);
        }

        @Override
        void check() throws Failure {
            try {
                invite = InviteLink.parse(link.contains(":") ? link : InviteLink.SCHEME + ":" + link);
            } catch (IllegalArgumentException e) {
                throw Failure.usage("LINK: this is no invite: " + e.getMessage()
                        + "; copy the whole link and put it in quotes, since & means something to shells");
            }
        }

        @Override
        int run(Assembly assembly) throws RefusedException, AlthingException {
            Assembly.SyncView sync = assembly.join(Objects.requireNonNull(invite));
            if (session.json()) {
                session.print(Json.of(sync));
            } else {
                session.line("Joined " + sync.dao());
                session.line("The node fetches it now; `althing peers` shows how far it is.");
            }
            return ExitCode.FINE.code();
        }
    }

    @Command(
            name = "invite",
            description = {
                "Print a link by which others join a DAO.",
                "It names this node and the last seal, so that nobody can give them another history. Who joins reads, unless the DAO"
                        + " is private; members are admitted by proposals."
            },
            footerHeading = "%nExample:%n",
            footer = "  althing dao invite")
    static final class Invite extends AssemblyCommand {

        @Parameters(
                paramLabel = "DAO",
                arity = "0..1",
                description = "CID, or its beginning; not needed if there is but one.")
        @Nullable
        String dao;

        Invite(Session session) {
            super(session);
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException {
            Assembly.Invite invite = assembly.invite(dao(assembly, dao));
            String link = InviteLink.of(invite);
            if (session.json()) {
                session.print(Json.<ObjectNode>of(invite).put("link", link));
            } else {
                session.line(link);
            }
            if (invite.peers().isEmpty()) {
                session.remark("This node listens nowhere, so the link names no peer; start it with --listen.");
            }
            return ExitCode.FINE.code();
        }
    }
}
