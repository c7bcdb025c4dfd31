// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;

/** The encoding of bodies and actions; see docs/formats/althing.cddl. */
final class BodyCodec {

    private BodyCodec() {}

    /** The text of an entry's type. */
    static String type(Body body) {
        return switch (body) {
            case Body.Charter b -> "charter";
            case Body.KeyAdded b -> "key-added";
            case Body.KeyRevoked b -> "key-revoked";
            case Body.Proposal b -> "proposal";
            case Body.Sponsorship b -> "sponsorship";
            case Body.Withdrawal b -> "withdrawal";
            case Body.Veto b -> "veto";
            case Body.Ballot b -> "ballot";
            case Body.Comment b -> "comment";
            case Body.Counted b -> "counted";
            case Body.Equivocation b -> "equivocation";
            case Body.ReaderChanged b -> "reader-changed";
            case Body.GroupKey b -> "group-key";
            case Body.Enclosed b -> "enclosed";
        };
    }

    static void write(CborWriter out, Body body) {
        switch (body) {
            case Body.Charter b -> writeCharter(out, b);
            case Body.KeyAdded b ->
                out.map(2)
                        .key("proof")
                        .bytes(b.proof().toBytes())
                        .key("device")
                        .bytes(b.device().toBytes());
            case Body.KeyRevoked b -> out.map(1).key("device").bytes(b.device().toBytes());
            case Body.Proposal b -> writeProposal(out, b);
            case Body.Sponsorship b -> out.map(1).key("proposal").link(b.proposal());
            case Body.Withdrawal b -> out.map(1).key("proposal").link(b.proposal());
            case Body.Veto b ->
                out.map(2).key("reason").text(b.reason()).key("proposal").link(b.proposal());
            case Body.Ballot b -> {
                ChoiceCodec.write(out.map(3).key("choice"), b.choice());
                out.key("proposal").link(b.proposal()).key("revision").integer(b.revision());
            }
            case Body.Comment b -> writeComment(out, b);
            case Body.Counted b -> writeCounted(out, b);
            case Body.Equivocation b ->
                out.map(2).key("first").bytes(b.first()).key("second").bytes(b.second());
            case Body.ReaderChanged b ->
                out.map(1).key("reader").bytes(b.reader().toBytes());
            case Body.GroupKey b ->
                out.map(2).key("group").link(b.group()).key("number").integer(b.number());
            case Body.Enclosed b ->
                out.map(3)
                        .key("box")
                        .bytes(b.box())
                        .key("salt")
                        .bytes(b.salt())
                        .key("group")
                        .link(b.group());
        }
    }

    /** Reads the body of an entry of the given type. */
    static Body read(CborReader in, String type) {
        int at = in.position();
        return switch (type) {
            case "charter" -> readCharter(in);
            case "key-added" -> readKeyAdded(in);
            case "key-revoked" -> new Body.KeyRevoked(readDevice(in));
            case "proposal" -> readProposal(in);
            case "sponsorship" -> new Body.Sponsorship(readTarget(in));
            case "withdrawal" -> new Body.Withdrawal(readTarget(in));
            case "veto" -> readVeto(in);
            case "ballot" -> readBallot(in);
            case "comment" -> readComment(in);
            case "counted" -> readCounted(in);
            case "equivocation" -> readEquivocation(in);
            case "reader-changed" -> readReaderChanged(in);
            case "group-key" -> readGroupKey(in);
            case "enclosed" -> readEnclosed(in);
            default -> throw new MalformedException(at, "unknown type of entry: " + type);
        };
    }

    private static void writeCharter(CborWriter out, Body.Charter charter) {
        out.map(charter.group().isPresent() ? 7 : 6);
        out.key("name").text(charter.name());
        out.key("salt").bytes(charter.salt());
        charter.group().ifPresent(group -> out.key("group").link(group));
        RulesCodec.write(out.key("rules"), charter.rules());
        out.key("purpose").text(charter.purpose());
        out.key("founders").list(charter.founders().size());
        charter.founders().forEach(founder -> writeAdmit(out, founder));
        RulesCodec.writeNotaries(out.key("notaries"), charter.notaries());
    }

    private static Body readCharter(CborReader in) {
        boolean isPrivate = in.readMap(6, 7) == 7;
        in.expectKey("name");
        String name = in.readText(Body.NAME_MAX_BYTES);
        in.expectKey("salt");
        byte[] salt = in.readBytesExactly(Body.Charter.SALT_SIZE_BYTES);
        Optional<Cid> group = Optional.empty();
        if (isPrivate) {
            in.expectKey("group");
            group = Optional.of(in.readLink());
        }
        in.expectKey("rules");
        Rules rules = RulesCodec.read(in);
        in.expectKey("purpose");
        String purpose = in.readText(Body.TEXT_MAX_BYTES);
        in.expectKey("founders");
        int count = in.readList(Body.FOUNDERS_MAX);
        List<Action.Admit> founders = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            founders.add(readAdmit(in));
        }
        in.expectKey("notaries");
        List<Notary> notaries = RulesCodec.readNotaries(in);
        return new Body.Charter(name, purpose, salt, founders, notaries, rules, group);
    }

    private static Body readKeyAdded(CborReader in) {
        in.readMapExactly(2);
        in.expectKey("proof");
        Signature proof = readSignature(in);
        in.expectKey("device");
        return new Body.KeyAdded(RulesCodec.readKey(in), proof);
    }

    private static PublicKey readDevice(CborReader in) {
        in.readMapExactly(1);
        in.expectKey("device");
        return RulesCodec.readKey(in);
    }

    private static void writeProposal(CborWriter out, Body.Proposal proposal) {
        out.map(9);
        out.key("text").text(proposal.text());
        out.key("seats").integer(proposal.seats());
        writeTerms(out.key("terms"), proposal.terms());
        out.key("title").text(proposal.title());
        out.key("method").text(proposal.method());
        out.key("actions").list(proposal.actions().size());
        proposal.actions().forEach(action -> writeAction(out, action));
        out.key("options").list(proposal.options().size());
        proposal.options().forEach(out::text);
        out.key("version").integer(proposal.methodVersion());
        out.key("unranked").text(proposal.unrankedIgnored() ? "ignored" : "last");
    }

    private static Body readProposal(CborReader in) {
        in.readMapExactly(9);
        in.expectKey("text");
        String text = in.readText(Body.TEXT_MAX_BYTES);
        in.expectKey("seats");
        int seats = (int) in.readLong(1, Question.OPTIONS_MAX);
        in.expectKey("terms");
        Terms terms = readTerms(in);
        in.expectKey("title");
        String title = in.readText(Body.TITLE_MAX_BYTES);
        in.expectKey("method");
        String method = in.readText(MethodId.TEXT_LENGTH_MAX_CHARS);
        in.expectKey("actions");
        List<Action> actions = readActions(in);
        in.expectKey("options");
        int count = in.readList(Question.OPTIONS_MAX);
        List<String> options = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            options.add(in.readText(Body.NAME_MAX_BYTES));
        }
        in.expectKey("version");
        int version = (int) in.readLong(1, Integer.MAX_VALUE);
        in.expectKey("unranked");
        boolean ignored = RulesCodec.word(Question.Unranked.class, in) == Question.Unranked.IGNORED;
        return new Body.Proposal(title, text, options, method, version, seats, ignored, actions, terms);
    }

    private static void writeTerms(CborWriter out, Terms terms) {
        int count = (terms.quorum().isPresent() ? 1 : 0)
                + (terms.reviewMillis().isPresent() ? 1 : 0)
                + (terms.votingMillis().isPresent() ? 1 : 0)
                + (terms.timeLockMillis().isPresent() ? 1 : 0)
                + (terms.threshold().isPresent() ? 1 : 0);
        out.map(count);
        terms.quorum().ifPresent(quorum -> RulesCodec.writeFraction(out.key("quorum"), quorum));
        terms.reviewMillis().ifPresent(millis -> out.key("review").integer(millis));
        terms.votingMillis().ifPresent(millis -> out.key("voting").integer(millis));
        terms.timeLockMillis().ifPresent(millis -> out.key("timeLock").integer(millis));
        terms.threshold().ifPresent(threshold -> RulesCodec.writeFraction(out.key("threshold"), threshold));
    }

    private static Terms readTerms(CborReader in) {
        int left = in.readMap(5);
        Optional<Fraction> quorum = Optional.empty();
        OptionalLong review = OptionalLong.empty();
        OptionalLong voting = OptionalLong.empty();
        OptionalLong timeLock = OptionalLong.empty();
        Optional<Fraction> threshold = Optional.empty();
        for (; left > 0; left--) {
            int at = in.position();
            String key = in.readKey(16);
            switch (key) {
                case "quorum" -> quorum = Optional.of(RulesCodec.readPart(in));
                case "review" -> review = OptionalLong.of(RulesCodec.readPeriod(in, 0));
                case "voting" -> voting = OptionalLong.of(RulesCodec.readPeriod(in, Rules.VOTING_MIN_MILLIS));
                case "timeLock" -> timeLock = OptionalLong.of(RulesCodec.readPeriod(in, 0));
                case "threshold" -> threshold = Optional.of(RulesCodec.readPart(in));
                default -> throw new MalformedException(at, "unknown term: " + key);
            }
        }
        return new Terms(review, voting, timeLock, quorum, threshold);
    }

    private static Cid readTarget(CborReader in) {
        in.readMapExactly(1);
        in.expectKey("proposal");
        return in.readLink();
    }

    private static Body readVeto(CborReader in) {
        in.readMapExactly(2);
        in.expectKey("reason");
        String reason = in.readText(Body.TITLE_MAX_BYTES);
        in.expectKey("proposal");
        return new Body.Veto(in.readLink(), reason);
    }

    private static Body readBallot(CborReader in) {
        in.readMapExactly(3);
        in.expectKey("choice");
        var choice = ChoiceCodec.read(in);
        in.expectKey("proposal");
        Cid proposal = in.readLink();
        in.expectKey("revision");
        return new Body.Ballot(proposal, in.readLong(0, Long.MAX_VALUE), choice);
    }

    private static void writeComment(CborWriter out, Body.Comment comment) {
        out.map(comment.parent().isPresent() ? 3 : 2);
        out.key("text").text(comment.text());
        comment.parent().ifPresent(parent -> out.key("parent").link(parent));
        out.key("proposal").link(comment.proposal());
    }

    private static Body readComment(CborReader in) {
        boolean isReply = in.readMap(2, 3) == 3;
        in.expectKey("text");
        String text = in.readText(Body.TEXT_MAX_BYTES);
        Optional<Cid> parent = Optional.empty();
        if (isReply) {
            in.expectKey("parent");
            parent = Optional.of(in.readLink());
        }
        in.expectKey("proposal");
        return new Body.Comment(in.readLink(), parent, text);
    }

    private static void writeCounted(CborWriter out, Body.Counted counted) {
        out.map(4).key("tally").link(counted.tally());
        out.key("verdict").text(RulesCodec.word(counted.decision().verdict()));
        out.key("winners").list(counted.decision().winners().size());
        counted.decision().winners().forEach(out::integer);
        out.key("proposal").link(counted.proposal());
    }

    private static Body readCounted(CborReader in) {
        in.readMapExactly(4);
        in.expectKey("tally");
        Cid tally = in.readLink();
        in.expectKey("verdict");
        Decision.Verdict verdict = RulesCodec.word(Decision.Verdict.class, in);
        in.expectKey("winners");
        int count = in.readList(Question.OPTIONS_MAX);
        List<Integer> winners = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            winners.add((int) in.readLong(0, Question.OPTIONS_MAX - 1L));
        }
        in.expectKey("proposal");
        return new Body.Counted(in.readLink(), tally, new Decision(verdict, winners));
    }

    private static Body readEquivocation(CborReader in) {
        in.readMapExactly(2);
        in.expectKey("first");
        byte[] first = in.readBytes(Entry.SIZE_MAX_BYTES);
        in.expectKey("second");
        return new Body.Equivocation(first, in.readBytes(Entry.SIZE_MAX_BYTES));
    }

    private static void writeAction(CborWriter out, Action action) {
        out.map(1);
        switch (action) {
            case Action.Admit a -> writeAdmit(out.key("admit"), a);
            case Action.Remove a -> out.key("remove").bytes(a.root().toBytes());
            case Action.SetRoles a -> {
                out.key("roles").map(2).key("root").bytes(a.root().toBytes());
                RulesCodec.writeTexts(out.key("roles"), a.roles());
            }
            case Action.SetPower a -> {
                out.key("power").map(2).key("root").bytes(a.root().toBytes());
                RulesCodec.writePower(out.key("power"), a.power());
            }
            case Action.SetNotaries a -> writeSetNotaries(out.key("notaries"), a);
            case Action.SetRules a -> RulesCodec.write(out.key("rules"), a.rules());
        }
    }

    private static List<Action> readActions(CborReader in) {
        int count = in.readList(Body.ACTIONS_MAX);
        List<Action> actions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            actions.add(readAction(in));
        }
        return actions;
    }

    private static Action readAction(CborReader in) {
        in.readMapExactly(1);
        int at = in.position();
        String kind = in.readKey(16);
        return switch (kind) {
            case "admit" -> readAdmit(in);
            case "remove" -> new Action.Remove(RulesCodec.readKey(in));
            case "roles" -> {
                PublicKey root = readRootOf(in);
                in.expectKey("roles");
                yield new Action.SetRoles(root, readRoles(in));
            }
            case "power" -> {
                PublicKey root = readRootOf(in);
                in.expectKey("power");
                yield new Action.SetPower(root, RulesCodec.readPower(in));
            }
            case "notaries" -> readSetNotaries(in);
            case "rules" -> new Action.SetRules(RulesCodec.read(in));
            default -> throw new MalformedException(at, "unknown action: " + kind);
        };
    }

    private static void writeSetNotaries(CborWriter out, Action.SetNotaries action) {
        RulesCodec.writeNotaries(out.map(2).key("set"), action.notaries());
        out.key("consents").list(action.consents().size());
        action.consents()
                .forEach((key, consent) -> out.list(2).bytes(key.toBytes()).bytes(consent.toBytes()));
    }

    private static Action.SetNotaries readSetNotaries(CborReader in) {
        in.readMapExactly(2);
        in.expectKey("set");
        List<Notary> set = RulesCodec.readNotaries(in);
        in.expectKey("consents");
        int count = in.readList(Body.NOTARIES_MAX);
        TreeMap<PublicKey, Signature> consents = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int at = in.position();
            in.readListExactly(2);
            PublicKey key = RulesCodec.readKey(in);
            if (i > 0 && consents.lastKey().compareTo(key) >= 0) {
                throw new MalformedException(at, "consents must stand in ascending order of their keys, each once");
            }
            consents.put(key, readSignature(in));
        }
        return new Action.SetNotaries(set, consents);
    }

    private static PublicKey readRootOf(CborReader in) {
        in.readMapExactly(2);
        in.expectKey("root");
        return RulesCodec.readKey(in);
    }

    private static void writeAdmit(CborWriter out, Action.Admit admit) {
        out.map(admit.reader().isPresent() ? 8 : 7);
        out.key("name").text(admit.name());
        out.key("root").bytes(admit.root().toBytes());
        RulesCodec.writePower(out.key("power"), admit.power());
        RulesCodec.writeTexts(out.key("roles"), admit.roles());
        out.key("device").bytes(admit.device().toBytes());
        admit.reader().ifPresent(reader -> out.key("reader").bytes(reader.toBytes()));
        out.key("rootProof").bytes(admit.rootProof().toBytes());
        out.key("deviceProof").bytes(admit.deviceProof().toBytes());
    }

    private static Action.Admit readAdmit(CborReader in) {
        boolean reads = in.readMap(7, 8) == 8;
        in.expectKey("name");
        String name = in.readText(Body.NAME_MAX_BYTES);
        in.expectKey("root");
        PublicKey root = RulesCodec.readKey(in);
        in.expectKey("power");
        BigInteger power = RulesCodec.readPower(in);
        in.expectKey("roles");
        SortedSet<String> roles = readRoles(in);
        in.expectKey("device");
        PublicKey device = RulesCodec.readKey(in);
        Optional<ReadingKey> reader = Optional.empty();
        if (reads) {
            in.expectKey("reader");
            reader = Optional.of(readReader(in));
        }
        in.expectKey("rootProof");
        Signature rootProof = readSignature(in);
        in.expectKey("deviceProof");
        return new Action.Admit(name, root, device, readSignature(in), rootProof, roles, power, reader);
    }

    private static ReadingKey readReader(CborReader in) {
        return ReadingKey.of(in.readBytesExactly(ReadingKey.BYTES));
    }

    private static Body readReaderChanged(CborReader in) {
        in.readMapExactly(1);
        in.expectKey("reader");
        return new Body.ReaderChanged(readReader(in));
    }

    private static Body readGroupKey(CborReader in) {
        in.readMapExactly(2);
        in.expectKey("group");
        Cid group = in.readLink();
        in.expectKey("number");
        return new Body.GroupKey(in.readLong(1, Body.GROUP_KEYS_MAX - 1L), group);
    }

    private static Body readEnclosed(CborReader in) {
        in.readMapExactly(3);
        in.expectKey("box");
        byte[] box = in.readBytes(Entry.SIZE_MAX_BYTES);
        in.expectKey("salt");
        byte[] salt = in.readBytesExactly(Body.Enclosed.SALT_SIZE_BYTES);
        in.expectKey("group");
        return new Body.Enclosed(in.readLink(), salt, box);
    }

    private static SortedSet<String> readRoles(CborReader in) {
        return RulesCodec.readTexts(in, Rules.ROLES_MAX, Body.NAME_MAX_BYTES);
    }

    private static Signature readSignature(CborReader in) {
        return Signature.of(in.readBytesExactly(64));
    }
}
