// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Decision;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.codec.BallotReader;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestSigner;

/** Entries with their bodies, and the short way to the choice of a ballot. */
public final class EntryTarget {

    private static final Ed25519 ED25519 = Ed25519.fastest();
    private static final Cid CID = Cid.hash(new byte[] {1});

    private EntryTarget() {}

    public static List<byte[]> seeds() {
        TestMember member = new TestMember("a", ED25519);
        TestSigner notary = new TestSigner("n", ED25519);
        Entry charter = TestDao.charter(ED25519, List.of(member), List.of(notary), TestDao.rules());
        Action[] actions = {
            member.admit(CID, 3, "member"),
            member.admitPrivately(CID, "member"),
            new Action.Remove(member.key()),
            new Action.SetRoles(member.key(), new TreeSet<>(List.of("a", "bb"))),
            new Action.SetPower(member.key(), BigInteger.TEN.pow(18)),
            new Action.SetNotaries(
                    TestDao.set(notary), new TreeMap<>(java.util.Map.of(notary.key(), TestDao.consent(CID, notary)))),
            new Action.SetRules(TestDao.rules())
        };
        Terms terms = new Terms(
                java.util.OptionalLong.of(1000),
                java.util.OptionalLong.of(3_600_000),
                java.util.OptionalLong.of(1),
                Optional.of(Fraction.of(1, 3)),
                Optional.of(Fraction.of(1, 2)));
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(EntryCodec.encode(charter));
        Stream<Body> bodies = Stream.of(
                member.adds(CID, member.device("second")),
                new Body.KeyRevoked(member.key()),
                TestDao.basic(terms, actions),
                new Body.Sponsorship(CID),
                new Body.Withdrawal(CID),
                new Body.Veto(CID, "why"),
                new Body.Comment(CID, Optional.of(CID), "text"),
                new Body.Counted(CID, CID, new Decision(Decision.Verdict.PASSED, List.of(0))),
                new Body.Equivocation(new byte[100], new byte[120]),
                new Body.ReaderChanged(member.reader()),
                new Body.GroupKey(3, CID),
                new Body.Enclosed(CID, new byte[Body.Enclosed.SALT_SIZE_BYTES], new byte[272]));
        bodies.forEach(body -> seeds.add(entry(member.device(), body)));
        choices().forEach(choice -> seeds.add(entry(member.device(), new Body.Ballot(CID, 300, choice))));
        return seeds;
    }

    private static List<Choice> choices() {
        return List.of(
                new Choice.Blank(),
                new Choice.Single(30),
                new Choice.Approval(List.of(0, 7, 300)),
                new Choice.Weights(List.of(0, 7), List.of(1L, 70_000L)),
                new Choice.Ranking(List.of(List.of(2), List.of(0, 1))));
    }

    private static byte[] entry(TestSigner author, Body body) {
        return EntryCodec.sign(new EntryCodec.Draft(CID, author.key(), 1, CID, CID, 1_700_000_000_000L, body), author);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Entry entry = null;
        try {
            entry = EntryCodec.decode(input);
        } catch (MalformedException e) {
            // Refused, as declared.
        }
        if (entry != null) {
            FuzzTarget.require(Arrays.equals(EntryCodec.encode(entry), input), "an entry has one form");
            FuzzTarget.require(entry.signature().toBytes().length == Signature.BYTES, "a signature is whole");
            FuzzTarget.require(EntryCodec.signedMessage(input).length < input.length, "what is signed is in it");
        }
        readBallot(entry, input);
    }

    /** The short way asks less, but must agree with the long one. */
    private static void readBallot(Entry entry, byte[] input) {
        BallotPaper paper = new BallotPaper();
        try {
            BallotReader.readEntry(input, 0, input.length, paper);
        } catch (MalformedException e) {
            FuzzTarget.require(
                    entry == null || !(entry.body() instanceof Body.Ballot), "the short way reads every ballot");
            return;
        }
        if (entry != null && entry.body() instanceof Body.Ballot ballot) {
            BallotPaper other = BallotPaper.of(ballot.choice());
            FuzzTarget.require(
                    paper.form() == other.form() && paper.count() == other.count(), "both ways read one choice");
        }
    }
}
