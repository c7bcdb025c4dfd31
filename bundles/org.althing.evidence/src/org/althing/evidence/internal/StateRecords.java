// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import org.althing.api.tally.Question;
import org.althing.codec.CborReader;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;
import org.jspecify.annotations.Nullable;

/** Reads blocks and records of the state, which docs/formats/state.cddl describes. Refuses all that the format does not have. */
final class StateRecords {

    private static final int FORMAT_VERSION = 1;
    private static final int WORD_MAX_BYTES = 32;
    /** A sum of more powers of 120 bits than there can be members. */
    private static final int TOTAL_MAX_BYTES = 32;
    /** Sponsors, different results and voices of one proposal that are read; the fold cannot make more. */
    private static final int KEYS_MAX = 1 << 20;

    private StateRecords() {}

    /**
     * The root block of a state, as far as a proof needs it.
     *
     * @param keys CID of the map of keys
     * @param members CID of the map of members
     * @param proposals CID of the map of proposals
     */
    record Root(Cid dao, Cid keys, Cid members, Cid proposals, Rules rules) {}

    static Root root(byte[] block) {
        CborReader in = new CborReader(block);
        boolean isPrivate = in.readMap(9, 10) == 10;
        in.expectKey("v");
        in.readLong(FORMAT_VERSION, FORMAT_VERSION);
        in.expectKey("dao");
        Cid dao = in.readLink();
        in.expectKey("keys");
        Cid keys = in.readLink();
        in.expectKey("epoch");
        in.readLong(0, Long.MAX_VALUE);
        if (isPrivate) {
            in.expectKey("group");
            in.skip();
        }
        in.expectKey("rules");
        Rules rules = RulesCodec.read(in);
        in.expectKey("members");
        Cid members = in.readLink();
        in.expectKey("notaries");
        RulesCodec.readNotaries(in);
        in.expectKey("proposals");
        Cid proposals = in.readLink();
        in.expectKey("submitted");
        in.readLong(0, Long.MAX_VALUE);
        in.finish();
        return new Root(dao, keys, members, proposals, rules);
    }

    static Member member(byte[] root, byte[] record) {
        CborReader in = new CborReader(record);
        int fields = in.readList(5, 7);
        String name = in.readText(Body.NAME_MAX_BYTES);
        SortedSet<String> roles = RulesCodec.readTexts(in, Rules.ROLES_MAX, Body.NAME_MAX_BYTES);
        BigInteger power = RulesCodec.readPower(in);
        boolean active = in.readBool();
        long since = in.readLong(0, Long.MAX_VALUE);
        Optional<ReadingKey> reader =
                fields > 5 ? Optional.of(ReadingKey.of(in.readBytesExactly(ReadingKey.BYTES))) : Optional.empty();
        int readerChanges = fields > 6 ? (int) in.readLong(1, Body.READER_CHANGES_MAX) : 0;
        in.finish();
        return new Member(key(root), name, roles, power, active, since, reader, readerChanges);
    }

    static KeyState keyState(PublicKey key, byte[] record) {
        CborReader in = new CborReader(record);
        in.readListExactly(5);
        KeyState.Kind kind = word(KeyState.Kind.class, in);
        PublicKey owner = RulesCodec.readKey(in);
        KeyState.Status status = word(KeyState.Status.class, in);
        long sequence = in.readLong(-1, Long.MAX_VALUE);
        Cid last = readLinkOrNull(in);
        in.finish();
        return new KeyState(key, kind, owner, status, sequence, last);
    }

    static CountingBallot ballot(byte[] member, byte[] record) {
        CborReader in = new CborReader(record);
        in.readListExactly(3);
        Cid ballot = in.readLink();
        long revision = in.readLong(0, Long.MAX_VALUE);
        BigInteger power = RulesCodec.readPower(in);
        in.finish();
        return new CountingBallot(key(member), ballot, revision, power);
    }

    /** The record of a proposal, which leaves out what its entry says. */
    static ProposalState proposal(Cid proposal, Body.Proposal body, byte[] record) {
        CborReader in = new CborReader(record);
        in.readMapExactly(29);
        long due = height(in, "due");
        long grace = period(in, "grace");
        in.expectKey("author");
        PublicKey author = RulesCodec.readKey(in);
        long number = period(in, "number");
        in.expectKey("quorum");
        Fraction quorum = RulesCodec.readPart(in);
        in.expectKey("reason");
        String reason = in.readText(Body.TEXT_MAX_BYTES);
        long review = period(in, "review");
        in.expectKey("status");
        ProposalStatus status = word(ProposalStatus.class, in);
        long voting = period(in, "voting");
        long ballots = period(in, "ballots");
        in.expectKey("outcome");
        Body.Counted outcome = in.tryNull() ? null : readCounted(proposal, in);
        Map<Body.Counted, List<PublicKey>> results = readResults(proposal, in);
        long closedAt = height(in, "closedAt");
        in.expectKey("comments");
        Cid comments = in.readLink();
        long deadline = height(in, "deadline");
        long extended = period(in, "extended");
        long openedAt = height(in, "openedAt");
        in.expectKey("sponsors");
        SortedSet<PublicKey> sponsors = new TreeSet<>(readKeys(in));
        long timeLock = period(in, "timeLock");
        in.expectKey("ballotMap");
        Cid ballotMap = in.readLink();
        long decidedAt = height(in, "decidedAt");
        in.expectKey("threshold");
        Fraction threshold = RulesCodec.readPart(in);
        in.expectKey("electorate");
        Cid electorate = readLinkOrNull(in);
        in.expectKey("voterRoles");
        SortedSet<String> voterRoles = RulesCodec.readTexts(in, Rules.ROLES_MAX, Body.NAME_MAX_BYTES);
        in.expectKey("ballotPower");
        BigInteger ballotPower = sum(in);
        long submittedAt = period(in, "submittedAt");
        long extensionMax = period(in, "extensionMax");
        in.expectKey("sponsorsNeeded");
        int sponsorsNeeded = (int) in.readLong(0, Rules.SPONSORS_MAX);
        in.expectKey("electoratePower");
        BigInteger electoratePower = sum(in);
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
                Optional.ofNullable(electorate),
                voterRoles,
                electoratePower,
                ballots,
                ballotPower,
                ballotMap,
                comments,
                results,
                Optional.ofNullable(outcome),
                decidedAt);
    }

    private static Map<Body.Counted, List<PublicKey>> readResults(Cid proposal, CborReader in) {
        in.expectKey("results");
        Map<Body.Counted, List<PublicKey>> results = new LinkedHashMap<>();
        int count = in.readList(KEYS_MAX);
        for (int i = 0; i < count; i++) {
            in.readListExactly(2);
            Body.Counted counted = readCounted(proposal, in);
            results.put(counted, readKeys(in));
        }
        return results;
    }

    private static Body.Counted readCounted(Cid proposal, CborReader in) {
        in.readListExactly(3);
        Cid tally = in.readLink();
        Decision.Verdict verdict = word(Decision.Verdict.class, in);
        int count = in.readList(Question.OPTIONS_MAX);
        List<Integer> winners = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            winners.add((int) in.readLong(0, Question.OPTIONS_MAX - 1L));
        }
        return new Body.Counted(proposal, tally, new Decision(verdict, winners));
    }

    private static List<PublicKey> readKeys(CborReader in) {
        int count = in.readList(KEYS_MAX);
        List<PublicKey> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(RulesCodec.readKey(in));
        }
        return keys;
    }

    /** A sum of powers can pass the bound of one power. */
    private static BigInteger sum(CborReader in) {
        int at = in.position();
        byte[] bytes = in.readBytes(TOTAL_MAX_BYTES);
        if (bytes.length > 0 && bytes[0] == 0) {
            throw new MalformedException(at, "a power has no leading zeros");
        }
        return new BigInteger(1, bytes);
    }

    private static long height(CborReader in, String field) {
        in.expectKey(field);
        return in.readLong(-1, Long.MAX_VALUE);
    }

    private static long period(CborReader in, String field) {
        in.expectKey(field);
        return in.readLong(0, Long.MAX_VALUE);
    }

    private static PublicKey key(byte[] raw) {
        if (raw.length != PublicKey.BYTES) {
            throw new MalformedException(
                    0, "the map has a key of " + raw.length + " bytes where " + PublicKey.BYTES + " must be");
        }
        return PublicKey.of(raw);
    }

    private static @Nullable Cid readLinkOrNull(CborReader in) {
        return in.tryNull() ? null : in.readLink();
    }

    private static <E extends Enum<E>> E word(Class<E> type, CborReader in) {
        int at = in.position();
        String text = in.readText(WORD_MAX_BYTES);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                return constant;
            }
        }
        throw new MalformedException(at, "unknown word: " + text);
    }
}
