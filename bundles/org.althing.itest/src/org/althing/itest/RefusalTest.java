// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Notary;
import org.althing.api.identity.Keystore;
import org.althing.api.node.NodeSettings;
import org.althing.api.tally.Choice;
import org.althing.codec.CborWriter;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that must not get in, and that nothing changes when it tries. */
@Timeout(120)
class RefusalTest {

    @TempDir
    Path data;

    private Community community;
    private TestSigner author;
    private Cid open;

    @BeforeEach
    void found() throws Exception {
        community = Community.founded(data, 3);
        author = community.device(1);
        open = community.open(TestDao.question("single-choice", 1, "A", "B"));
    }

    @AfterEach
    void close() throws Exception {
        community.close();
    }

    /** Nothing of it is kept, and the state stays as it is. */
    private void refused(byte[] entry, String... reasons) throws Exception {
        // Proposals that closed beside the one of the test are counted by another thread.
        community.counted();
        String root = community.stateRoot();
        long entries = community.assembly().dao(community.dao).entries();
        var refusal =
                assertThatThrownBy(() -> community.assembly().submit(entry, 0)).isInstanceOf(RefusedException.class);
        for (String reason : reasons) {
            refusal.hasMessageContaining(reason);
        }
        refusal.message().doesNotContain("\n").isNotBlank();
        assertThat(community.assembly().dao(community.dao).entries()).isEqualTo(entries);
        assertThat(community.stateRoot()).isEqualTo(root);
        // Whoever was refused can go on.
        assertThat(community
                        .say(author, new Body.Comment(open, Optional.empty(), "still here"))
                        .state())
                .isEqualTo("sealed");
    }

    private void refused(Body body, String... reasons) throws Exception {
        refused(community.entry(author, body), reasons);
    }

    private static Body.Proposal proposal(String method, int version, int seats, String... options) {
        return new Body.Proposal(
                "Title", "Text", List.of(options), method, version, seats, false, List.of(), Terms.NONE);
    }

    // What does not fit the DAO.

    @Test
    void anUnknownMethod() throws Exception {
        refused(proposal("sortition", 1, 1, "A", "B"), "sortition");
    }

    @Test
    void anUnknownVersionOfAMethod() throws Exception {
        refused(proposal("schulze", 77, 1, "A", "B"), "77");
    }

    @Test
    void anUnknownVariantOfAMethod() throws Exception {
        refused(proposal("schulze:backwards", 1, 1, "A", "B"), "backwards");
    }

    @Test
    void moreSeatsThanOptions() throws Exception {
        refused(proposal("single-choice", 1, 3, "A", "B"), "seats", "not 3");
    }

    @Test
    void aProposalWithoutOptions() throws Exception {
        refused(proposal("single-choice", 1, 1), "option");
    }

    @Test
    void anOptionOutOfRange() throws Exception {
        refused(TestDao.ballot(open, 0, 2), "option");
    }

    @Test
    void aChoiceOfAnotherForm() throws Exception {
        refused(new Body.Ballot(open, 0, new Choice.Ranking(List.of(List.of(0), List.of(1)))), "ranking");
    }

    @Test
    void aBallotByAStranger() throws Exception {
        TestSigner stranger = new TestMember("stranger", community.signatures).device();
        refused(community.entry(stranger, TestDao.ballot(open, 0, 0)), "unknown key");
    }

    @Test
    void aBallotByARootKey() throws Exception {
        refused(community.entry(community.members.get(1).root(), TestDao.ballot(open, 0, 0)), "root key");
    }

    @Test
    void aBallotByARemovedMember() throws Exception {
        Cid removal = community.open(
                TestDao.basic(new Action.Remove(community.members.get(2).key())));
        for (int i = 0; i < 3; i++) {
            community.say(community.device(i), TestDao.ballot(removal, 0, 0));
        }
        assertThat(community.decided(removal).status()).isEqualTo("executed");
        open = community.open(TestDao.question("single-choice", 1, "A", "B"));
        refused(community.entry(community.device(2), TestDao.ballot(open, 0, 0)), "no member any more");
    }

    @Test
    void aBallotByAMemberWhoJoinedAfterVotingOpened() throws Exception {
        TestMember guest = new TestMember("guest", community.signatures);
        Cid admission = community.open(TestDao.basic(guest.admit(Cid.parse(community.dao), 1, "member")));
        Cid longer = community.open(new Body.Proposal(
                "T",
                "T",
                List.of("A", "B"),
                "single-choice",
                1,
                1,
                false,
                List.of(),
                new Terms(
                        java.util.OptionalLong.empty(),
                        java.util.OptionalLong.of(10 * 3_600_000L),
                        java.util.OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty())));
        for (int i = 0; i < 3; i++) {
            community.say(community.device(i), TestDao.ballot(admission, 0, 0));
        }
        community.decided(admission);
        refused(community.entry(guest.device(), TestDao.ballot(longer, 0, 0)), "may vote");
    }

    @Test
    void aBallotOnAnUnknownProposal() throws Exception {
        refused(TestDao.ballot(Cid.hash(new byte[] {1}), 0, 0), "proposal");
    }

    @Test
    void aBallotOnAClosedProposalHoweverEarlyItClaimsToBe() throws Exception {
        long opened = community.timer.millis();
        community.decided(open);
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        Draft backdated = new Draft(
                draft.dao(), draft.key(), draft.sequence(), draft.previous(), draft.seen(), opened, draft.body());
        refused(EntryCodec.sign(backdated, author), "not open");
    }

    @Test
    void aBallotWithAnOldRevision() throws Exception {
        community.say(author, TestDao.ballot(open, 5, 0));
        refused(TestDao.ballot(open, 4, 1), "revision");
    }

    @Test
    void anEntryForAnotherDao() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        refused(
                EntryCodec.sign(
                        new Draft(
                                Cid.hash(new byte[] {7}),
                                draft.key(),
                                draft.sequence(),
                                draft.previous(),
                                draft.seen(),
                                draft.timeMillis(),
                                draft.body()),
                        author),
                "does not serve DAO");
    }

    @Test
    void anEntryThatHasSeenAnotherChain() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        refused(
                EntryCodec.sign(
                        new Draft(
                                draft.dao(),
                                draft.key(),
                                draft.sequence(),
                                draft.previous(),
                                Cid.hash(new byte[] {7}),
                                draft.timeMillis(),
                                draft.body()),
                        author),
                "not on this chain");
    }

    @Test
    void aTimeMoreThanADayAhead() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        long ahead = community.timer.millis() + 86_400_001;
        refused(
                EntryCodec.sign(
                        new Draft(
                                draft.dao(),
                                draft.key(),
                                draft.sequence(),
                                draft.previous(),
                                draft.seen(),
                                ahead,
                                draft.body()),
                        author),
                "more than a day ahead");
    }

    @Test
    void aBackdatedEntryCountsAsAnyOtherSinceClaimedTimeDecidesNothing() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        byte[] old = EntryCodec.sign(
                new Draft(draft.dao(), draft.key(), draft.sequence(), draft.previous(), draft.seen(), 0, draft.body()),
                author);
        assertThat(community.assembly().submit(old, Community.WAIT_MILLIS).state())
                .isEqualTo("sealed");
    }

    // Chains.

    @Test
    void aSequenceGap() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        Draft gap = new Draft(
                draft.dao(),
                draft.key(),
                draft.sequence() + 2,
                Cid.hash(new byte[] {1}),
                draft.seen(),
                draft.timeMillis(),
                draft.body());
        refused(EntryCodec.sign(gap, author), "sequence gap", "number " + draft.sequence());
    }

    @Test
    void anEntryThatFollowsAnotherThanTheLast() throws Exception {
        community.say(author, TestDao.ballot(open, 0, 0));
        Draft draft = community.draft(author, TestDao.ballot(open, 1, 0));
        Draft other = new Draft(
                draft.dao(),
                draft.key(),
                draft.sequence(),
                Cid.hash(new byte[] {1}),
                draft.seen(),
                draft.timeMillis(),
                draft.body());
        refused(EntryCodec.sign(other, author), "the last entry of its key is");
    }

    @Test
    void aReplayIsAnsweredAsBeforeAndChangesNothing() throws Exception {
        byte[] ballot = community.entry(author, TestDao.ballot(open, 0, 0));
        Submission first = community.assembly().submit(ballot, Community.WAIT_MILLIS);
        String root = community.stateRoot();
        assertThat(community.assembly().submit(ballot, 0)).isEqualTo(first);
        assertThat(community.assembly().submitAll(List.of(ballot, ballot), 0)).containsExactly(first, first);
        assertThat(community.stateRoot()).isEqualTo(root);
    }

    @Test
    void anEntryThatStandsTwiceInABatchIsNoFork() throws Exception {
        byte[] ballot = community.entry(author, TestDao.ballot(open, 0, 0));
        assertThat(community.assembly().submitAll(List.of(ballot, ballot), Community.WAIT_MILLIS))
                .hasSize(2)
                .allSatisfy(answer -> assertThat(answer.state()).isEqualTo("sealed"));
        assertThat(community.problems()).isEmpty();
    }

    @Test
    void aForkFreezesTheKeyAndTheFirstEntryStands() throws Exception {
        fork(TestDao.ballot(open, 0, 0), TestDao.ballot(open, 0, 1));
        assertThat(community.decided(open).tally().orElseThrow().scores())
                .containsEntry("A", "1")
                .containsEntry("B", "0");
    }

    @Test
    void aForkOfEntriesThatFillAProofFreezesTheKeyToo() throws Exception {
        fork(
                new Body.Comment(open, Optional.empty(), "a".repeat(Body.TEXT_MAX_BYTES)),
                new Body.Comment(open, Optional.empty(), "b".repeat(Body.TEXT_MAX_BYTES)));
    }

    @Test
    void aForkThatItsKeyCannotSayFreezesTheKeyToo() throws Exception {
        fork(TestDao.ballot(open, 0, 0), new Body.KeyRevoked(author.key()));
    }

    @Test
    void aForkOfWhatIsPendingFreezesTheKeyWhateverItFollows() throws Exception {
        try (Community small = Community.founded(
                data.resolve("small"), 2, new TestRules().quotas(16, 2).build())) {
            Cid proposal = small.open(TestDao.question("single-choice", 1, "A", "B"));
            TestSigner device = small.device(1);
            List<byte[]> chain = small.chain(device, 2, i -> TestDao.ballot(proposal, i, 0));
            small.assembly().submitAll(chain, Community.WAIT_MILLIS);
            Draft pending = small.draft(device, TestDao.ballot(proposal, 2, 0));
            assertThat(small.assembly()
                            .submit(EntryCodec.sign(pending, device), 0)
                            .state())
                    .isEqualTo("pending");
            Draft fork = new Draft(
                    pending.dao(),
                    pending.key(),
                    pending.sequence(),
                    Cid.hash(new byte[] {1}),
                    pending.seen(),
                    pending.timeMillis(),
                    pending.body());
            assertThatThrownBy(() -> small.assembly().submit(EntryCodec.sign(fork, device), 0))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("freezes the key");
            Community.await(() -> frozen(small, "m1"));
        }
    }

    @Test
    void aForkTooLargeForAProofSilencesNoLaterOne() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        community.assembly().submit(EntryCodec.sign(draft, author), Community.WAIT_MILLIS);
        byte[] half = new byte[Entry.SIZE_MAX_BYTES];
        byte[] tooLarge = EntryCodec.sign(saying(draft, new Body.Equivocation(half, half)), author);
        Submission answer = community.assembly().submitAll(List.of(tooLarge), 0).getFirst();
        byte[] fork = EntryCodec.sign(saying(draft, TestDao.ballot(open, 0, 1)), author);
        assertThatThrownBy(() -> community.assembly().submit(fork, 0))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("freezes the key");
        Community.await(() -> frozen(community, "m1"));
        assertThat(answer.reason()).contains("65536 bytes");
    }

    @Test
    void aProofThatTheNotaryCannotHandInSilencesNoLaterOne() throws Exception {
        community.decided(open);
        Signer notary =
                Installed.service(Keystore.class).notaryKey(community.data().resolve(NodeSettings.NOTARY_KEY_FILE));
        Draft first = community.draft(author, new Body.Comment(open, Optional.empty(), "first"));
        community.assembly().submit(EntryCodec.sign(first, author), Community.WAIT_MILLIS);
        // The notary's count has number 0; with a second entry of that number it proves its own fork and is frozen.
        Draft second = new Draft(
                first.dao(),
                notary.key(),
                0,
                null,
                first.seen(),
                first.timeMillis(),
                TestDao.counted(open, Decision.Verdict.REJECTED));
        assertThatThrownBy(() -> community.assembly().submit(EntryCodec.sign(second, notary), 0))
                .hasMessageContaining("freezes the key");
        Community.await(() -> sequence(notary.key()) == 2 && pending(community) == 0);
        for (String text : List.of("second", "third")) {
            Draft fork = saying(first, new Body.Comment(open, Optional.empty(), text));
            assertThatThrownBy(() -> community.assembly().submit(EntryCodec.sign(fork, author), 0))
                    .hasMessageContaining("the proof goes before the DAO");
            Community.await(
                    () -> community.problems().stream().anyMatch(problem -> problem.contains("its key is frozen")));
        }
    }

    private long sequence(PublicKey key) {
        try {
            return community.assembly().authoring(community.dao, key.toString()).sequence();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Draft saying(Draft draft, Body body) {
        return new Draft(
                draft.dao(), draft.key(), draft.sequence(), draft.previous(), draft.seen(), draft.timeMillis(), body);
    }

    private void fork(Body one, Body other) throws Exception {
        Draft draft = community.draft(author, one);
        byte[] first = EntryCodec.sign(draft, author);
        byte[] second = EntryCodec.sign(saying(draft, other), author);
        assertThat(community.assembly().submit(first, Community.WAIT_MILLIS).state())
                .isEqualTo("sealed");
        assertThatThrownBy(() -> community.assembly().submit(second, 0))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("two entries with number " + draft.sequence())
                .hasMessageContaining("freezes the key");
        Community.await(() -> height() > 0 && frozen(community, "m1"));
        assertThat(community.assembly().status().problems())
                .anyMatch(problem -> problem.contains(Cid.hash(second).toString()));
        byte[] next = community.entry(author, TestDao.ballot(open, 1, 1));
        assertThatThrownBy(() -> community.assembly().submit(next, 0))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("frozen");
    }

    @Test
    void ofManyForksOfAKeyTheFirstIsLookedInto() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        List<byte[]> forks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Draft fork = new Draft(
                    draft.dao(),
                    draft.key(),
                    draft.sequence(),
                    draft.previous(),
                    draft.seen(),
                    draft.timeMillis() + i,
                    draft.body());
            forks.add(EntryCodec.sign(fork, author));
        }
        community.assembly().submit(forks.removeFirst(), Community.WAIT_MILLIS);
        // Both come at once, so the key is not frozen yet when the second is judged; each look walks the key's whole
        // chain.
        assertThat(community.assembly().submitAll(forks, 0))
                .allMatch(answer -> answer.reason().contains("the first one stands"));
        Community.await(() -> frozen(community, "m1"));
        assertThat(community.problems())
                .singleElement()
                .asString()
                .contains(Cid.hash(forks.getFirst()).toString());
    }

    private long height() {
        try {
            return community.assembly().dao(community.dao).height();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static boolean frozen(Community of, String name) {
        try {
            return of.assembly().members(of.dao).stream()
                    .anyMatch(member ->
                            member.name().equals(name) && member.devices().isEmpty());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void moreThanTheQuotaOfADay() throws Exception {
        try (Community small = Community.founded(
                data.resolve("small"), 1, new TestRules().quotas(4, 5).build())) {
            Cid proposal = small.open(TestDao.question("single-choice", 1, "A", "B"));
            List<byte[]> chain =
                    small.chain(small.device(0), 8, i -> new Body.Comment(proposal, Optional.empty(), "No. " + i));
            List<Submission> answers = small.assembly().submitAll(chain, 0);
            Community.await(() -> {
                try {
                    // Of the five, the charter and the proposal took two.
                    return small.assembly().submitAll(chain, 0).stream()
                                    .filter(answer -> answer.state().equals("sealed"))
                                    .count()
                            == 3;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(answers).hasSize(8);
            long sealed = small.assembly().dao(small.dao).height();
            small.timer.advance(24 * 3_600_000L);
            Community.await(() -> {
                try {
                    return small.assembly().dao(small.dao).height() > sealed;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void whatARemovedMemberHasPendingIsGivenUp() throws Exception {
        try (Community small = Community.founded(
                data.resolve("small"), 3, new TestRules().quotas(16, 10).build())) {
            Cid removal = small.open(
                    TestDao.basic(new Action.Remove(small.members.get(2).key())));
            TestSigner gone = small.device(2);
            List<byte[]> chain = small.chain(gone, 30, i -> new Body.Comment(removal, Optional.empty(), "No. " + i));
            assertThat(small.assembly().submitAll(chain, 0))
                    .noneMatch(answer -> answer.state().equals("refused"));
            Community.await(() -> pending(small) == 20);
            small.say(small.device(0), TestDao.ballot(removal, 0, 0));
            small.say(small.device(1), TestDao.ballot(removal, 0, 0));
            assertThat(small.decided(removal).status()).isEqualTo("executed");
            Community.await(() -> pending(small) == 0);
            // Whoever asks is told why, before and after a restart, and they do not come back.
            for (int i = 0; i < 2; i++) {
                assertThat(small.assembly().submitAll(chain.subList(10, 30), 0)).allSatisfy(answer -> {
                    assertThat(answer.state()).isEqualTo("refused");
                    assertThat(answer.reason()).contains("can never be sealed", "no member any more");
                });
                small.timer.advance(24 * 3_600_000L);
                small.restart();
                assertThat(pending(small)).isZero();
            }
        }
    }

    @Test
    void whoComesBackIsNotAccusedOfWhatWasGivenUp() throws Exception {
        TestMember m = community.members.get(2);
        byte[] before = community.entry(m.device(), TestDao.ballot(open, 0, 0));
        goAndComeBack(m);
        open = community.open(TestDao.question("single-choice", 1, "A", "B"));
        community.say(m.device(), TestDao.ballot(open, 0, 0));
        refused(before, "signed before its author became a member");
        assertThat(community.problems()).isEmpty();
        assertThat(community.say(m.device(), TestDao.ballot(open, 1, 0)).state())
                .isEqualTo("sealed");
    }

    @Test
    void aForkOfWhatWasSealedInAnEarlierMembershipIsForgivenButNoLaterOne() throws Exception {
        TestMember m = community.members.get(2);
        Draft before = community.draft(m.device(), TestDao.ballot(open, 0, 0));
        community.assembly().submit(EntryCodec.sign(before, m.device()), Community.WAIT_MILLIS);
        goAndComeBack(m);
        open = community.open(TestDao.question("single-choice", 1, "A", "B"));
        Draft now = community.draft(m.device(), TestDao.ballot(open, 0, 0));
        Draft forgiven = new Draft(
                before.dao(),
                before.key(),
                before.sequence(),
                before.previous(),
                now.seen(),
                before.timeMillis(),
                before.body());
        refused(EntryCodec.sign(forgiven, m.device()), "first one stands", "before its author became a member");
        assertThat(community.problems()).isEmpty();
        community.assembly().submit(EntryCodec.sign(now, m.device()), Community.WAIT_MILLIS);
        byte[] fork = EntryCodec.sign(saying(now, TestDao.ballot(open, 0, 1)), m.device());
        assertThatThrownBy(() -> community.assembly().submit(fork, 0)).hasMessageContaining("freezes the key");
        Community.await(() -> frozen(community, "m2"));
    }

    private void goAndComeBack(TestMember m) throws Exception {
        for (Action action : List.of(new Action.Remove(m.key()), m.admit(Cid.parse(community.dao), 1, "member"))) {
            Cid change = community.open(TestDao.basic(action));
            community.say(community.device(0), TestDao.ballot(change, 0, 0));
            community.say(community.device(1), TestDao.ballot(change, 0, 0));
            assertThat(community.decided(change).status()).isEqualTo("executed");
        }
    }

    private static int pending(Community of) {
        try {
            return of.assembly().dao(of.dao).pending();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // Bytes.

    @Test
    void aBadSignature() throws Exception {
        byte[] entry = community.entry(author, TestDao.ballot(open, 0, 0));
        entry[entry.length - 1] ^= 1;
        refused(entry, "signature");
    }

    @Test
    void aSignatureByAnotherKey() throws Exception {
        byte[] entry = community.entry(author, TestDao.ballot(open, 0, 0));
        byte[] other = community.entry(community.device(2), TestDao.ballot(open, 0, 0));
        System.arraycopy(other, other.length - 64, entry, entry.length - 64, 64);
        refused(entry, "signature");
    }

    @Test
    void noBytesAtAll() throws Exception {
        refused(new byte[0], "not an entry");
    }

    @Test
    void rubbish() throws Exception {
        refused("hello".getBytes(StandardCharsets.UTF_8), "not an entry");
    }

    @Test
    void tooManyBytes() throws Exception {
        byte[] entry = community.entry(author, TestDao.ballot(open, 0, 0));
        refused(Arrays.copyOf(entry, Entry.EQUIVOCATION_SIZE_MAX_BYTES + 1), "132096");
    }

    @Test
    void everyTruncation() throws Exception {
        byte[] entry = community.entry(author, TestDao.ballot(open, 0, 0));
        List<byte[]> cuts = new ArrayList<>();
        for (int length = 0; length < entry.length; length++) {
            cuts.add(Arrays.copyOf(entry, length));
        }
        cuts.add(Arrays.copyOf(entry, entry.length + 1));
        String root = community.stateRoot();
        assertThat(community.assembly().submitAll(cuts, 0))
                .allSatisfy(answer -> assertThat(answer.state()).isEqualTo("refused"));
        assertThat(community.stateRoot()).isEqualTo(root);
    }

    @Test
    void everyTurnedBit() throws Exception {
        byte[] entry = community.entry(author, TestDao.ballot(open, 0, 0));
        List<byte[]> turned = new ArrayList<>();
        for (int bit = 0; bit < entry.length * 8; bit++) {
            byte[] copy = entry.clone();
            copy[bit / 8] ^= (byte) (1 << bit % 8);
            turned.add(copy);
        }
        String root = community.stateRoot();
        assertThat(community.assembly().submitAll(turned, 0))
                .allSatisfy(answer -> assertThat(answer.state()).isEqualTo("refused"));
        assertThat(community.stateRoot()).isEqualTo(root);
    }

    @Test
    void aDeepList() throws Exception {
        byte[] deep = new byte[2 + 40_000];
        Arrays.fill(deep, (byte) 0x81);
        refused(deep, "not an entry");
    }

    @Test
    void aBodyNestedTooDeep() throws Exception {
        refused(
                replaced(
                        community.entry(
                                author,
                                new Body.Comment(open, Optional.empty(), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")),
                        0x81),
                "not an entry");
    }

    /** Puts other bytes where the text was. */
    private static byte[] replaced(byte[] entry, int filler) {
        byte[] copy = entry.clone();
        int at = indexOf(copy, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(copy, at - 2, at + 40, (byte) filler);
        return copy;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    @Test
    void brokenUtf8() throws Exception {
        byte[] entry = community.entry(author, new Body.Comment(open, Optional.empty(), "ABCDEFGH"));
        int at = indexOf(entry, "ABCDEFGH".getBytes(StandardCharsets.US_ASCII));
        entry[at] = (byte) 0xc3;
        entry[at + 1] = 0x28;
        refused(entry, "not an entry");
    }

    @Test
    void surrogatesInUtf8() throws Exception {
        byte[] entry = community.entry(author, new Body.Comment(open, Optional.empty(), "ABCDEFGH"));
        int at = indexOf(entry, "ABCDEFGH".getBytes(StandardCharsets.US_ASCII));
        entry[at] = (byte) 0xed;
        entry[at + 1] = (byte) 0xa0;
        entry[at + 2] = (byte) 0x80;
        refused(entry, "not an entry");
    }

    @Test
    void anIntegerThatIsLongerThanItNeedBe() throws Exception {
        byte[] entry = community.entry(author, TestDao.ballot(open, 0, 0));
        int at = indexOf(entry, new byte[] {0x61, 'v', 0x01});
        byte[] longer = new byte[entry.length + 1];
        System.arraycopy(entry, 0, longer, 0, at + 2);
        longer[at + 2] = 0x18;
        System.arraycopy(entry, at + 2, longer, at + 3, entry.length - at - 2);
        refused(longer, "not an entry");
    }

    @Test
    void aListOfIndefiniteLength() throws Exception {
        byte[] entry = community.entry(author, TestDao.ballot(open, 0, 0));
        byte[] indefinite = Arrays.copyOf(entry, entry.length + 1);
        indefinite[0] = (byte) 0x9f;
        indefinite[entry.length] = (byte) 0xff;
        refused(indefinite, "not an entry");
    }

    @Test
    void mapKeysInAnotherOrder() throws Exception {
        Draft draft = community.draft(author, TestDao.ballot(open, 0, 0));
        byte[] entry = EntryCodec.sign(draft, author);
        int key = indexOf(entry, new byte[] {0x63, 'd', 'a', 'o'});
        int next = indexOf(entry, new byte[] {0x63, 'k', 'e', 'y'});
        byte[] dao = Arrays.copyOfRange(entry, key, next);
        byte[] author32 = Arrays.copyOfRange(entry, next, next + 4 + 2 + 32);
        byte[] swapped = entry.clone();
        System.arraycopy(author32, 0, swapped, key, author32.length);
        System.arraycopy(dao, 0, swapped, key + author32.length, dao.length);
        refused(swapped, "not an entry");
    }

    @Test
    void aFloatWhereANumberBelongs() throws Exception {
        byte[] floating = new CborWriter().list(2).integer(1).integer(2).toBytes();
        floating[1] = (byte) 0xf9;
        refused(floating, "not an entry");
    }

    @Test
    void aPowerOf2To63IsExactAndCounts() throws Exception {
        TestMember whale = new TestMember("whale", community.signatures);
        BigInteger power = BigInteger.TWO.pow(63);
        Cid admission =
                community.open(TestDao.basic(whale.admit(Cid.parse(community.dao), power, whale.device(), "member")));
        for (int i = 0; i < 3; i++) {
            community.say(community.device(i), TestDao.ballot(admission, 0, 0));
        }
        assertThat(community.decided(admission).status()).isEqualTo("executed");
        Cid next = community.open(TestDao.question("single-choice", 1, "A", "B"));
        community.say(whale.device(), TestDao.ballot(next, 0, 1));
        community.say(community.device(0), TestDao.ballot(next, 0, 0));
        assertThat(community.decided(next).tally().orElseThrow()).satisfies(tally -> {
            assertThat(tally.scores())
                    .containsEntry("B", "35184372088832/3814697265625")
                    .containsEntry("A", "1");
            assertThat(tally.winners()).containsExactly("B");
        });
    }

    @Test
    void aPowerBeyondAllBounds() throws Exception {
        TestMember whale = new TestMember("whale", community.signatures);
        Action.Admit admit =
                whale.admit(Cid.parse(community.dao), BigInteger.ONE.shiftLeft(120), whale.device(), "member");
        refusedToSignOrTaken(TestDao.basic(admit));
    }

    /** An encoder that refuses is as good as a node that does. */
    private void refusedToSignOrTaken(Body body) throws Exception {
        byte[] entry;
        try {
            entry = community.entry(author, body);
        } catch (IllegalArgumentException e) {
            return;
        }
        refused(entry);
    }

    // Charters.

    @Test
    void aCharterAsASubmission() throws Exception {
        refused(community.charter(new TestRules().quotas(1, 1).build(), Community.notary(community.node())), "found");
    }

    @Test
    void anEntryAsACharter() throws Exception {
        byte[] ballot = community.entry(author, TestDao.ballot(open, 0, 0));
        assertThatThrownBy(() -> community.assembly().found(ballot))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("charter");
    }

    @Test
    void aCharterThatNamesOtherNotaries() throws Exception {
        List<Notary> others = List.of(new Notary(new TestSigner("other", community.signatures).key(), List.of()));
        byte[] charter = community.charter(new TestRules().build(), others);
        assertThatThrownBy(() -> community.assembly().found(charter))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(community.node().notary().toString());
        assertThat(community.assembly().daos()).hasSize(1);
    }

    @Test
    void aCharterWithMoreNotariesThanTheProtocolCanServe() throws Exception {
        List<Notary> two = new ArrayList<>(Community.notary(community.node()));
        two.add(new Notary(new TestSigner("other", community.signatures).key(), List.of()));
        two.sort(java.util.Comparator.comparing(Notary::key));
        byte[] charter = community.charter(new TestRules().build(), two);
        assertThatThrownBy(() -> community.assembly().found(charter))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("one notary");
        assertThat(community.assembly().daos()).hasSize(1);
    }

    @Test
    void moreNotariesThanTheProtocolCanServe() throws Exception {
        TestSigner other = new TestSigner("other", community.signatures);
        List<Notary> two = new ArrayList<>(Community.notary(community.node()));
        two.add(new Notary(other.key(), List.of()));
        two.sort(java.util.Comparator.comparing(Notary::key));
        Action set = new Action.SetNotaries(
                two, new TreeMap<>(Map.of(other.key(), TestDao.consent(Cid.parse(community.dao), other))));
        refused(TestDao.basic(set), "one notary", "not with 2");
    }

    @Test
    void anAdmissionThatItsKeysDoNotConsentTo() throws Exception {
        TestMember guest = new TestMember("guest", community.signatures);
        Action.Admit good = guest.admit(Cid.parse(community.dao), 1, "member");
        Action.Admit elsewhere = guest.admit(community.founding(), 1, "member");
        for (Action.Admit bad : List.of(
                with(good, good.deviceProof(), elsewhere.rootProof()),
                with(good, elsewhere.deviceProof(), good.rootProof()))) {
            refused(TestDao.basic(bad), "guest", "consent", "althing key card --dao " + community.dao);
        }
    }

    private static Action.Admit with(Action.Admit admit, Signature deviceProof, Signature rootProof) {
        return new Action.Admit(
                admit.name(), admit.root(), admit.device(), deviceProof, rootProof, admit.roles(), admit.power());
    }

    @Test
    void aNotaryThatDoesNotConsent() throws Exception {
        TestSigner other = new TestSigner("other", community.signatures);
        for (Map<PublicKey, Signature> consents : List.of(
                Map.<PublicKey, Signature>of(), Map.of(other.key(), TestDao.consent(community.founding(), other)))) {
            refused(
                    TestDao.basic(new Action.SetNotaries(TestDao.set(other), new TreeMap<>(consents))),
                    other.key().toString(),
                    "consent",
                    "althing key notary --dao " + community.dao);
        }
    }

    @Test
    void aCharterSignedBySomebodyElse() throws Exception {
        TestMember stranger = new TestMember("stranger", community.signatures);
        Body.Charter body = new Body.Charter(
                "Test",
                "",
                new byte[16],
                List.of(community.members.getFirst().admit(community.founding(), 1, "member")),
                Community.notary(community.node()),
                new TestRules().build());
        byte[] charter = EntryCodec.sign(
                new Draft(null, stranger.root().key(), 0, null, null, Community.START_MILLIS, body), stranger.root());
        assertThatThrownBy(() -> community.assembly().found(charter))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("first founder");
    }

    @Test
    void aCharterWithAFounderWhoDidNotConsent() throws Exception {
        TestMember victim = new TestMember("victim", community.signatures);
        Action.Admit real = victim.admit(community.founding(), 1, "member");
        Action.Admit forged = new Action.Admit(
                real.name(),
                real.root(),
                community.device(0).key(),
                real.deviceProof(),
                real.rootProof(),
                new TreeSet<>(real.roles()),
                real.power());
        Body.Charter body = new Body.Charter(
                "Test",
                "",
                new byte[16],
                List.of(community.members.getFirst().admit(community.founding(), 1, "member"), forged),
                Community.notary(community.node()),
                new TestRules().build());
        TestSigner founder = community.members.getFirst().root();
        byte[] charter =
                EntryCodec.sign(new Draft(null, founder.key(), 0, null, null, Community.START_MILLIS, body), founder);
        assertThatThrownBy(() -> community.assembly().found(charter)).isInstanceOf(RefusedException.class);
        assertThat(community.assembly().daos()).hasSize(1);
    }

    @Test
    void foundingTwiceIsFoundingOnce() throws Exception {
        byte[] charter = community.charter(new TestRules().build(), Community.notary(community.node()));
        Submission again = community.assembly().found(charter);
        assertThat(again.entry()).isEqualTo(community.dao);
        assertThat(again.state()).isEqualTo("sealed");
        assertThat(community.assembly().daos()).hasSize(1);
    }

    // Names.

    @Test
    void namesThatNameNothingOrTooMuch() throws Exception {
        assertThat(community.assembly().dao(community.dao.substring(0, 20)).dao())
                .isEqualTo(community.dao);
        assertThatThrownBy(() -> community.assembly().dao("bafy"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("first 8 characters");
        assertThatThrownBy(() -> community.assembly().proposal("bafyzzzzzz"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no proposal");
        assertThatThrownBy(() -> community.assembly().entry("nonsense"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no CID");
        assertThatThrownBy(() -> community.assembly().authoring(community.dao, "did:key:zz"))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> community.assembly().proposals(community.dao, Optional.of("lost"), 0, 10))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("voting");
        assertThatThrownBy(() -> community.assembly().proposals(community.dao, Optional.empty(), 0, 1001))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void aWaitBeyondItsBound() throws Exception {
        byte[] ballot = community.entry(author, TestDao.ballot(open, 0, 0));
        assertThatThrownBy(() -> community.assembly().submit(ballot, 60_001))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("60000");
    }
}
