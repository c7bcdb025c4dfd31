// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "propose",
        description = {"Put a question to the DAO.", "Without --option it is a motion: For, Against, Abstain."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing propose \"Buy the ferry\" --text-file ferry.md --voting 3d",
            "  althing propose \"Colour of the ferry\" --option Red --option Blue \\",
            "          --option Green --method schulze",
            "  althing propose \"Admit Brynja\" --admit brynja.card",
            "  althing propose \"Buy the ferry\" --voting 3d --save ferry.draft",
            "  althing propose --from ferry.draft"
        })
final class ProposeCommand extends EntryCommand {

    static final String KEY_PREFIX = "did:key:";
    private static final String MOTION_METHOD = "basic";
    private static final String CHOICE_METHOD = "single-choice";
    private static final List<String> MOTION_OPTIONS = List.of("For", "Against", "Abstain");

    private @Nullable DraftFile draft;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "TITLE", arity = "0..1", description = "The question in one line.")
    String title = "";

    @Option(names = "--text", paramLabel = "TEXT", order = 1, description = "What is proposed and why, in CommonMark.")
    String text = "";

    @Option(names = "--text-file", paramLabel = "FILE", order = 2, description = "The text, from a file.")
    @Nullable
    Path textFile;

    @Option(
            names = "--option",
            paramLabel = "NAME",
            order = 3,
            description = "Something that can be chosen; repeat it.")
    List<String> options = List.of();

    @Option(
            names = "--method",
            paramLabel = "METHOD[:VARIANT]",
            order = 4,
            description = "How it is counted; default basic, with --option single-choice.")
    @Nullable
    String method;

    @Option(names = "--seats", paramLabel = "N", order = 5, description = "How many win; default 1.")
    int seats = 1;

    @Option(
            names = "--unranked",
            paramLabel = "last|ignored",
            order = 6,
            description = "How options that a ballot leaves out are counted.")
    String unranked = "last";

    @Option(names = "--dao", paramLabel = "DAO", order = 7, description = "Which DAO, if the node has several.")
    @Nullable
    String dao;

    @Option(
            names = "--review",
            paramLabel = "TIME",
            order = 10,
            description = "Time before voting opens, such as 2d; at least the rules'.")
    @Nullable
    String review;

    @Option(
            names = "--voting",
            paramLabel = "TIME",
            order = 11,
            description = "Time that voting stays open; at least the rules'.")
    @Nullable
    String voting;

    @Option(
            names = "--time-lock",
            paramLabel = "TIME",
            order = 12,
            description = "Time between outcome and execution; at least the rules'.")
    @Nullable
    String timeLock;

    @Option(
            names = "--quorum",
            paramLabel = "PART",
            order = 13,
            description = "Part of all power that must take part, such as 1/3.")
    @Nullable
    String quorum;

    @Option(
            names = "--threshold",
            paramLabel = "PART",
            order = 14,
            description = "Part of the decided votes that For must exceed.")
    @Nullable
    String threshold;

    @Option(
            names = "--admit",
            paramLabel = "CARD",
            order = 20,
            description = "If passed, admit the member of this card file; repeat it.")
    List<Path> admit = List.of();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            order = 21,
            description = "Roles of those admitted; default member; repeat it.")
    List<String> admitRoles = List.of("member");

    @Option(
            names = "--votes",
            paramLabel = "N",
            order = 22,
            description = "Voting power of those admitted, in votes; default 1.")
    String votes = "1";

    @Option(
            names = "--remove",
            paramLabel = "MEMBER",
            order = 23,
            description = "If passed, end this membership (root key).")
    List<String> remove = List.of();

    @Option(
            names = "--set-roles",
            paramLabel = "MEMBER=ROLE[,ROLE]",
            order = 24,
            description = "If passed, give a member these roles.")
    Map<String, String> roles = new LinkedHashMap<>();

    @Option(
            names = "--set-power",
            paramLabel = "MEMBER=N",
            order = 25,
            description = "If passed, give a member so many votes.")
    Map<String, String> power = new LinkedHashMap<>();

    @Option(
            names = "--set-rule",
            paramLabel = "FIELD=VALUE",
            order = 26,
            description = "If passed, change a rule: " + RulesText.FIELDS + ". Repeat it.")
    Map<String, String> rules = new LinkedHashMap<>();

    @Option(
            names = "--set-notary",
            paramLabel = "KEY|CARD",
            order = 27,
            description = "If passed, these are the notaries: one that serves already by its key, another by the card"
                    + " that `althing key notary` makes; repeat it.")
    List<String> notaries = List.of();

    @Option(
            names = "--save",
            paramLabel = "FILE",
            order = 30,
            description = "Sign nothing, but keep all this as a draft in FILE, which must not exist.")
    @Nullable
    Path save;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            order = 31,
            description = "Propose what the draft in FILE says; what is typed goes before it.")
    @Nullable
    Path from;

    ProposeCommand(Session session) {
        super(session);
    }

    @Override
    void check() throws Failure, IOException {
        DraftFile file = new DraftFile(spec);
        if (from != null) {
            file.fill(from);
        }
        draft = file;
        if (title.isEmpty() && from == null) {
            throw Failure.usage("TITLE is missing: the question in one line");
        }
        Limits.text("TITLE", title, 1, Body.TITLE_MAX_BYTES);
        if (!text.isEmpty() && textFile != null) {
            throw Failure.usage("give --text or --text-file, not both");
        }
        if (new TreeSet<>(options).size() < options.size()) {
            throw Failure.usage("--option: a name is given twice");
        }
        for (String option : options) {
            Limits.text("--option", option, 1, Body.NAME_MAX_BYTES);
        }
        int named = named().size();
        if (seats < 1 || seats > named) {
            throw Failure.usage(
                    "--seats: " + seats + " is out of range; write 1 to " + named + ", the number of options");
        }
        Methods.unranked(unranked);
        terms();
        votes("--votes", votes);
    }

    @Override
    OptionalInt alone() throws Failure, IOException {
        if (save == null) {
            return OptionalInt.empty();
        }
        Objects.requireNonNull(draft).write(save);
        if (session.json()) {
            session.print(Json.object().put("draft", save.toAbsolutePath().toString()));
        } else {
            session.line("Draft kept in " + save + "; propose it with `althing propose --from " + save + "`");
        }
        return OptionalInt.of(ExitCode.FINE.code());
    }

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
        String chosenDao = dao(assembly, dao);
        List<String> named = named();
        String wanted = method != null ? method : options.isEmpty() ? MOTION_METHOD : CHOICE_METHOD;
        Question question = Methods.question(
                named.size(),
                seats,
                Methods.unranked(unranked),
                IntStream.range(0, named.size()).boxed().toList());
        Methods.Chosen counting = Methods.of(session, assembly).choose(wanted, question);
        Body proposal = new Body.Proposal(
                title,
                Limits.text(
                        "the text",
                        textFile == null ? text : InputFile.text(textFile, Body.TEXT_MAX_BYTES),
                        0,
                        Body.TEXT_MAX_BYTES),
                named,
                counting.id().toString(),
                counting.method().version(),
                seats,
                Methods.unranked(unranked) == Question.Unranked.IGNORED,
                actions(assembly, chosenDao),
                terms());
        return publish(assembly, chosenDao, proposal, "proposal", Json.object().put("dao", chosenDao));
    }

    private List<String> named() {
        return options.isEmpty() ? MOTION_OPTIONS : options;
    }

    private Terms terms() throws Failure {
        return new Terms(
                span("--review", review, 0),
                span("--voting", voting, Rules.VOTING_MIN_MILLIS),
                span("--time-lock", timeLock, 0),
                quorum == null ? Optional.empty() : Optional.of(Limits.fraction("--quorum", quorum)),
                threshold == null ? Optional.empty() : Optional.of(Limits.threshold("--threshold", threshold)));
    }

    private List<Action> actions(Assembly assembly, String chosenDao)
            throws Failure, RefusedException, AlthingException, IOException {
        List<Action> actions = new ArrayList<>();
        for (Path file : admit) {
            MemberCard card = MemberCard.read(file);
            if (!card.dao().toString().equals(chosenDao)) {
                throw Failure.usage(
                        file + " is a card for another DAO; its owner makes the right one with `althing key card --dao "
                                + Words.shortCid(chosenDao) + "`");
            }
            actions.add(card.admit(roles(String.join(",", admitRoles)), votes("--votes", votes)));
        }
        Set<String> members = new HashSet<>();
        if (!remove.isEmpty() || !roles.isEmpty() || !power.isEmpty()) {
            assembly.members(chosenDao).forEach(member -> members.add(member.root()));
        }
        for (String member : remove) {
            actions.add(new Action.Remove(member("--remove", member, members)));
        }
        for (Map.Entry<String, String> entry : roles.entrySet()) {
            actions.add(new Action.SetRoles(member("--set-roles", entry.getKey(), members), roles(entry.getValue())));
        }
        for (Map.Entry<String, String> entry : power.entrySet()) {
            actions.add(new Action.SetPower(
                    member("--set-power", entry.getKey(), members), votes("--set-power", entry.getValue())));
        }
        if (!rules.isEmpty()) {
            actions.add(new Action.SetRules(
                    RulesText.changed(assembly.dao(chosenDao).rules(), rules, Methods.of(session, assembly))));
        }
        if (!notaries.isEmpty()) {
            actions.add(setNotaries(assembly.dao(chosenDao)));
        }
        if (actions.size() > Body.ACTIONS_MAX) {
            throw Failure.usage(actions.size() + " actions; a proposal holds at most " + Body.ACTIONS_MAX);
        }
        return actions;
    }

    private Action setNotaries(Assembly.DaoView view) throws Failure, IOException {
        SortedMap<PublicKey, Notary> set = new TreeMap<>();
        SortedMap<PublicKey, Signature> consents = new TreeMap<>();
        for (String text : notaries) {
            PublicKey key = text.startsWith(KEY_PREFIX)
                    ? serving(view, text)
                    : joining(view, InputFile.path("--set-notary", text), consents);
            List<String> addresses = view.notaryAddresses().getOrDefault(key.toString(), List.of());
            if (set.put(key, new Notary(key, addresses)) != null) {
                throw Failure.usage("--set-notary: " + key + " is named twice");
            }
        }
        return new Action.SetNotaries(List.copyOf(set.values()), consents);
    }

    private static PublicKey serving(Assembly.DaoView view, String text) throws Failure {
        PublicKey key = key("--set-notary", text, "key");
        if (!view.notaries().contains(key.toString())) {
            throw Failure.usage("--set-notary: " + key + " is no notary now; its operator makes a card with"
                    + " `althing key notary --dao " + view.dao() + "`, name that file");
        }
        return key;
    }

    private static PublicKey joining(Assembly.DaoView view, Path file, SortedMap<PublicKey, Signature> consents)
            throws Failure, IOException {
        NotaryCard card = NotaryCard.read(file);
        if (!card.dao().toString().equals(view.dao())) {
            throw Failure.usage(file + " is a card for another DAO; its operator makes the right one with"
                    + " `althing key notary --dao " + view.dao() + "`");
        }
        consents.put(card.notary(), card.consent());
        return card.notary();
    }

    private static OptionalLong span(String option, @Nullable String text, long minMillis) throws Failure {
        return text == null ? OptionalLong.empty() : OptionalLong.of(Limits.periodMillis(option, text, minMillis));
    }

    private static SortedSet<String> roles(String text) throws Failure {
        SortedSet<String> roles = new TreeSet<>();
        for (String role : text.split(",")) {
            roles.add(Limits.text("a role", role.strip(), 1, Body.NAME_MAX_BYTES));
        }
        return roles;
    }

    private static PublicKey member(String option, String text, Set<String> members) throws Failure {
        PublicKey key = key(option, text, "member");
        if (!members.contains(key.toString())) {
            throw Failure.usage(
                    option + ": " + key + " is no member of this DAO; `althing dao show --json` lists those who are");
        }
        return key;
    }

    private static PublicKey key(String option, String text, String what) throws Failure {
        try {
            return PublicKey.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": '" + text + "' is no " + what + ": " + e.getMessage());
        }
    }

    /** Votes with up to 18 decimals, in units. */
    static BigInteger votes(String option, String text) throws Failure {
        String range = option + ": '" + text + "' is no number of votes; write 1 or 2.5, at most 18 decimals";
        if (!text.matches("\\d{1,20}(\\.\\d{1,18})?")) {
            throw Failure.usage(range);
        }
        BigInteger units =
                new BigDecimal(text).multiply(new BigDecimal(Tally.VOTE)).toBigIntegerExact();
        if (units.compareTo(Tally.POWER_MAX) > 0) {
            throw Failure.usage(range);
        }
        return units;
    }
}
