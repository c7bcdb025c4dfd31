// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
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
import org.althing.codec.RulesCodec;
import org.jspecify.annotations.Nullable;

/** The encoding of the state, as docs/formats/state.cddl describes it. */
final class Records {

    /** The version of the format. */
    private static final int FORMAT_VERSION = 1;

    private static final int WORD_MAX_BYTES = 16;

    private static final Words<KeyState.Kind> KINDS = new Words<>(KeyState.Kind.class);
    private static final Words<KeyState.Status> KEY_STATUSES = new Words<>(KeyState.Status.class);
    private static final Words<ProposalStatus> STATUSES = new Words<>(ProposalStatus.class);
    private static final Words<Decision.Verdict> VERDICTS = new Words<>(Decision.Verdict.class);

    static final Table.Layout<PublicKey, Member> MEMBER = new KeyedByKey<>() {
        @Override
        public void write(CborWriter out, Member member) {
            out.list(5).text(member.name());
            RulesCodec.writeTexts(out, member.roles());
            RulesCodec.writePower(out, member.power());
            out.bool(member.active()).integer(member.since());
        }

        @Override
        public Member read(PublicKey root, CborReader in) {
            in.readListExactly(5);
            String name = in.readText(Body.NAME_MAX_BYTES);
            TreeSet<String> roles = new TreeSet<>(RulesCodec.readTexts(in, Rules.ROLES_MAX, Body.NAME_MAX_BYTES));
            BigInteger power = RulesCodec.readPower(in);
            boolean active = in.readBool();
            return new Member(root, name, roles, power, active, in.readLong());
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

    /** The record of a proposal. It is written only: the fold keeps proposals in memory with their trees, and a restart is a replay. */
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
        out.map(9);
        out.key("v").integer(FORMAT_VERSION);
        out.key("dao").link(dao);
        out.key("keys").link(world.keys().root());
        out.key("epoch").integer(epoch);
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
