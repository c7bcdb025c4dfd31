// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.entry.Body;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.Decision;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Rules;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Hamt;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;
import org.jspecify.annotations.Nullable;

/** The encoding of the state, as docs/formats/state.cddl describes it. */
final class Records {

    /** The version of the format. */
    static final int FORMAT_VERSION = 1;

    private static final int WORD_MAX_BYTES = 16;
    /** A sum of powers: of 120 bits each, of as many members as anybody could have. */
    private static final int TOTAL_SIZE_MAX_BYTES = 24;
    /** What an author wrote, or an action that was impossible. */
    private static final int REASON_MAX_BYTES = Body.TEXT_MAX_BYTES;
    /** Options of a proposal, so also winners. */
    private static final int WINNERS_MAX = 1024;

    private static final Words<KeyState.Kind> KINDS = new Words<>(KeyState.Kind.class);
    private static final Words<KeyState.Status> KEY_STATUSES = new Words<>(KeyState.Status.class);
    private static final Words<ProposalStatus> STATUSES = new Words<>(ProposalStatus.class);
    private static final Words<Decision.Verdict> VERDICTS = new Words<>(Decision.Verdict.class);

    static final Table.Layout<PublicKey, Member> MEMBER = new KeyedByKey<>() {
        @Override
        public void write(CborWriter out, Member member) {
            boolean changed = member.readerChanges() > 0;
            out.list(changed ? 7 : member.reader().isPresent() ? 6 : 5).text(member.name());
            RulesCodec.writeTexts(out, member.roles());
            RulesCodec.writePower(out, member.power());
            out.bool(member.active()).integer(member.since());
            member.reader().ifPresent(reader -> out.bytes(reader.toBytes()));
            if (changed) {
                out.integer(member.readerChanges());
            }
        }

        @Override
        public Member read(PublicKey root, CborReader in) {
            int fields = in.readList(5, 7);
            String name = in.readText(Body.NAME_MAX_BYTES);
            TreeSet<String> roles = new TreeSet<>(RulesCodec.readTexts(in, Rules.ROLES_MAX, Body.NAME_MAX_BYTES));
            BigInteger power = RulesCodec.readPower(in);
            boolean active = in.readBool();
            long since = in.readLong();
            Optional<ReadingKey> reader =
                    fields > 5 ? Optional.of(ReadingKey.of(in.readBytesExactly(ReadingKey.BYTES))) : Optional.empty();
            int readerChanges = fields > 6 ? (int) in.readLong(1, Body.READER_CHANGES_MAX) : 0;
            return new Member(root, name, roles, power, active, since, reader, readerChanges);
        }
    };

    static final Table.Layout<PublicKey, KeyState> KEY = new KeyedByKey<>() {
        @Override
        public void write(CborWriter out, KeyState key) {
            out.list(5)
                    .text(KINDS.write(key.kind()))
                    .bytes(key.owner().toBytes())
                    .text(KEY_STATUSES.write(key.status()))
                    .integer(key.sequence());
            linkOrNull(out, key.last());
        }

        @Override
        public KeyState read(PublicKey key, CborReader in) {
            in.readListExactly(5);
            KeyState.Kind kind = KINDS.read(in.readText(WORD_MAX_BYTES));
            PublicKey owner = RulesCodec.readKey(in);
            KeyState.Status status = KEY_STATUSES.read(in.readText(WORD_MAX_BYTES));
            long sequence = in.readLong();
            return new KeyState(key, kind, owner, status, sequence, in.tryNull() ? null : in.readLink());
        }
    };

    static final Table.Layout<PublicKey, CountingBallot> BALLOT = new KeyedByKey<>() {
        @Override
        public void write(CborWriter out, CountingBallot ballot) {
            out.list(3).link(ballot.ballot()).integer(ballot.revision());
            RulesCodec.writePower(out, ballot.power());
        }

        @Override
        public CountingBallot read(PublicKey member, CborReader in) {
            in.readListExactly(3);
            Cid ballot = in.readLink();
            long revision = in.readLong();
            return new CountingBallot(member, ballot, revision, RulesCodec.readPower(in));
        }
    };

    static final Table.Layout<Cid, PublicKey> COMMENT = new KeyedByCid<>() {
        @Override
        public void write(CborWriter out, PublicKey author) {
            out.bytes(author.toBytes());
        }

        @Override
        public PublicKey read(Cid comment, CborReader in) {
            return RulesCodec.readKey(in);
        }
    };

    private Records() {}

    /** Whether the member of this record is active; the rest is not looked at. */
    static boolean isActive(byte[] member) {
        CborReader in = new CborReader(member);
        in.readList(5, 6);
        in.skip();
        in.skip();
        in.skip();
        return in.readBool();
    }

    /** The record of a proposal. */
    static byte[] proposal(ProposalState proposal) {
        CborWriter out = new CborWriter();
        writeProposal(out, proposal);
        return out.toBytes();
    }

    private abstract static class KeyedByKey<V> implements Table.Layout<PublicKey, V> {
        @Override
        public byte[] bytes(PublicKey key) {
            return key.toBytes();
        }

        @Override
        public PublicKey key(byte[] bytes) {
            return PublicKey.of(bytes);
        }
    }

    private abstract static class KeyedByCid<V> implements Table.Layout<Cid, V> {
        @Override
        public byte[] bytes(Cid key) {
            return key.toBytes();
        }

        @Override
        public Cid key(byte[] bytes) {
            return Cid.fromBytes(bytes);
        }
    }

    /** The root block: its CID is the state root. */
    static byte[] root(Cid dao, World world, long epoch, Hamt proposals, long submitted) {
        CborWriter out = new CborWriter(2048);
        out.map(world.isPrivate() ? 10 : 9);
        out.key("v").integer(FORMAT_VERSION);
        out.key("dao").link(dao);
        out.key("keys").link(world.keys().root());
        out.key("epoch").integer(epoch);
        if (world.isPrivate()) {
            out.key("group")
                    .list(2)
                    .bool(world.groupKeyDue())
                    .list(world.groupKeys().size());
            world.groupKeys().forEach(out::link);
        }
        RulesCodec.write(out.key("rules"), world.rules());
        out.key("members").link(world.members().root());
        RulesCodec.writeNotaries(out.key("notaries"), world.notaries());
        out.key("proposals").link(proposals.root());
        out.key("submitted").integer(submitted);
        return out.toBytes();
    }

    private static void writeProposal(CborWriter out, ProposalState p) {
        out.map(29);
        out.key("due").integer(p.dueMillis());
        out.key("grace").integer(p.graceMillis());
        out.key("author").bytes(p.author().toBytes());
        out.key("number").integer(p.number());
        RulesCodec.writeFraction(out.key("quorum"), p.quorum());
        out.key("reason").text(p.reason());
        out.key("review").integer(p.reviewMillis());
        out.key("status").text(STATUSES.write(p.status()));
        out.key("voting").integer(p.votingMillis());
        out.key("ballots").integer(p.ballots());
        writeOutcome(out.key("outcome"), p.outcome());
        out.key("results").list(p.results().size());
        p.results().forEach((counted, notaries) -> writeResult(out.list(2), counted, notaries));
        out.key("closedAt").integer(p.closedAt());
        out.key("comments").link(p.comments());
        out.key("deadline").integer(p.deadlineMillis());
        out.key("extended").integer(p.extendedMillis());
        out.key("openedAt").integer(p.openedAt());
        writeKeys(out.key("sponsors"), List.copyOf(p.sponsors()));
        out.key("timeLock").integer(p.timeLockMillis());
        out.key("ballotMap").link(p.ballotMap());
        out.key("decidedAt").integer(p.decidedAt());
        out.key("threshold");
        RulesCodec.writeFraction(out, p.threshold());
        linkOrNull(out.key("electorate"), p.electorate().orElse(null));
        RulesCodec.writeTexts(out.key("voterRoles"), p.voterRoles());
        RulesCodec.writePower(out.key("ballotPower"), p.ballotPower());
        out.key("submittedAt").integer(p.submittedAt());
        out.key("extensionMax").integer(p.extensionMaxMillis());
        out.key("sponsorsNeeded").integer(p.sponsorsNeeded());
        RulesCodec.writePower(out.key("electoratePower"), p.electoratePower());
    }

    /**
     * Reads the record of a proposal.
     *
     * @throws MalformedException if it is none
     */
    static ProposalState readProposal(Cid proposal, Body.Proposal body, byte[] record) {
        CborReader in = new CborReader(record);
        in.readMapExactly(29);
        in.expectKey("due");
        long due = in.readLong(-1, Long.MAX_VALUE);
        in.expectKey("grace");
        long grace = readPeriod(in);
        in.expectKey("author");
        PublicKey author = RulesCodec.readKey(in);
        in.expectKey("number");
        long number = in.readLong(1, Long.MAX_VALUE);
        in.expectKey("quorum");
        Fraction quorum = RulesCodec.readPart(in);
        in.expectKey("reason");
        String reason = in.readText(REASON_MAX_BYTES);
        in.expectKey("review");
        long review = readPeriod(in);
        in.expectKey("status");
        ProposalStatus status = readWord(in, STATUSES);
        in.expectKey("voting");
        long voting = readPeriod(in);
        in.expectKey("ballots");
        long ballots = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("outcome");
        Optional<Body.Counted> outcome = in.tryNull() ? Optional.empty() : Optional.of(readCounted(proposal, in));
        in.expectKey("results");
        Map<Body.Counted, List<PublicKey>> results = readResults(proposal, in);
        in.expectKey("closedAt");
        long closedAt = readHeight(in);
        in.expectKey("comments");
        Cid comments = in.readLink();
        in.expectKey("deadline");
        long deadline = in.readLong(-1, Long.MAX_VALUE);
        in.expectKey("extended");
        long extended = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("openedAt");
        long openedAt = readHeight(in);
        in.expectKey("sponsors");
        TreeSet<PublicKey> sponsors = new TreeSet<>(readKeys(in, Integer.MAX_VALUE));
        in.expectKey("timeLock");
        long timeLock = readPeriod(in);
        in.expectKey("ballotMap");
        Cid ballotMap = in.readLink();
        in.expectKey("decidedAt");
        long decidedAt = readHeight(in);
        in.expectKey("threshold");
        Fraction threshold = RulesCodec.readPart(in);
        in.expectKey("electorate");
        Optional<Cid> electorate = in.tryNull() ? Optional.empty() : Optional.of(in.readLink());
        in.expectKey("voterRoles");
        SortedSet<String> voterRoles = RulesCodec.readTexts(in, Rules.ROLES_MAX, Body.NAME_MAX_BYTES);
        in.expectKey("ballotPower");
        BigInteger ballotPower = readTotal(in);
        in.expectKey("submittedAt");
        long submittedAt = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("extensionMax");
        long extensionMax = readPeriod(in);
        in.expectKey("sponsorsNeeded");
        int sponsorsNeeded = (int) in.readLong(0, Rules.SPONSORS_MAX);
        in.expectKey("electoratePower");
        BigInteger electoratePower = readTotal(in);
        in.finish();
        return new ProposalState(
                proposal,
                number,
                author,
                body,
                status,
                reason,
                submittedAt,
                sponsors,
                sponsorsNeeded,
                review,
                voting,
                timeLock,
                grace,
                extensionMax,
                quorum,
                threshold,
                due,
                openedAt,
                deadline,
                extended,
                closedAt,
                electorate,
                voterRoles,
                electoratePower,
                ballots,
                ballotPower,
                ballotMap,
                comments,
                results,
                outcome,
                decidedAt);
    }

    private static long readPeriod(CborReader in) {
        return in.readLong(0, Rules.PERIOD_MAX_MILLIS);
    }

    private static long readHeight(CborReader in) {
        return in.readLong(-1, Long.MAX_VALUE);
    }

    private static <E extends Enum<E>> E readWord(CborReader in, Words<E> words) {
        int at = in.position();
        return words.find(in.readText(WORD_MAX_BYTES))
                .orElseThrow(() -> new MalformedException(at, "not a word of this record"));
    }

    private static BigInteger readTotal(CborReader in) {
        return new BigInteger(1, in.readBytes(TOTAL_SIZE_MAX_BYTES));
    }

    private static List<PublicKey> readKeys(CborReader in, int max) {
        int count = in.readList(max);
        List<PublicKey> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(RulesCodec.readKey(in));
        }
        return keys;
    }

    private static Map<Body.Counted, List<PublicKey>> readResults(Cid proposal, CborReader in) {
        int count = in.readList(Integer.MAX_VALUE);
        Map<Body.Counted, List<PublicKey>> results = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            in.readListExactly(2);
            Body.Counted counted = readCounted(proposal, in);
            results.put(counted, readKeys(in, Integer.MAX_VALUE));
        }
        return results;
    }

    private static Body.Counted readCounted(Cid proposal, CborReader in) {
        in.readListExactly(3);
        Cid tally = in.readLink();
        Decision.Verdict verdict = readWord(in, VERDICTS);
        int count = in.readList(WINNERS_MAX);
        List<Integer> winners = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            winners.add((int) in.readLong(0, WINNERS_MAX));
        }
        return new Body.Counted(proposal, tally, new Decision(verdict, winners));
    }

    private static void writeOutcome(CborWriter out, Optional<Body.Counted> outcome) {
        outcome.ifPresentOrElse(counted -> writeCounted(out, counted), out::nil);
    }

    private static void writeResult(CborWriter out, Body.Counted counted, List<PublicKey> notaries) {
        writeCounted(out, counted);
        writeKeys(out, notaries);
    }

    private static void writeCounted(CborWriter out, Body.Counted counted) {
        Decision decision = counted.decision();
        out.list(3)
                .link(counted.tally())
                .text(VERDICTS.write(decision.verdict()))
                .list(decision.winners().size());
        decision.winners().forEach(out::integer);
    }

    private static void writeKeys(CborWriter out, List<PublicKey> keys) {
        out.list(keys.size());
        keys.forEach(key -> out.bytes(key.toBytes()));
    }

    private static void linkOrNull(CborWriter out, @Nullable Cid cid) {
        if (cid == null) {
            out.nil();
        } else {
            out.link(cid);
        }
    }
}
