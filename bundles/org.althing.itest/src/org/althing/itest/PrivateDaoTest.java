// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.althing.api.ReadingKey;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Message;
import org.althing.api.entry.Terms;
import org.althing.api.evidence.Evidence;
import org.althing.api.identity.Keystore;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.api.sync.Replica;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;
import org.althing.codec.MessageCodec;
import org.althing.itest.cli.Typed;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A private DAO on the node of a member. */
@Timeout(120)
class PrivateDaoTest {

    private static final String SECRET = "Wolves at the harbour";
    private static final int MEMBERS = 3;

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private Community founded() throws Exception {
        return Community.foundedPrivate(data(), MEMBERS);
    }

    private static Body.Proposal secret(Action... actions) {
        return new Body.Proposal(
                SECRET, "", List.of("For", "Against", "Abstain"), "basic", 1, 1, false, List.of(actions), Terms.NONE);
    }

    private static Assembly.ProposalView passed(Community community, Action... actions) throws Exception {
        Cid proposal = community.open(secret(actions));
        for (int member = 0; member < community.members.size(); member++) {
            if (community.assembly().members(community.dao).get(member).active()) {
                community.say(community.device(member), TestDao.ballot(proposal, 0, 0));
            }
        }
        return community.decided(proposal);
    }

    @Test
    void givenBallotsThatAreEnclosed_thenTheyAreCountedAndNoDiskHoldsAWordOfThem() throws Exception {
        try (Community community = founded()) {
            Cid proposal = community.open(secret());
            community.say(community.device(1), new Body.Comment(proposal, Optional.empty(), "I saw one: " + SECRET));
            for (int member = 0; member < MEMBERS; member++) {
                community.say(community.device(member), TestDao.ballot(proposal, 0, 0));
            }
            Assembly.ProposalView view = community.decided(proposal);
            assertThat(view.status()).isEqualTo("executed");
            assertThat(view.title()).isEqualTo(SECRET);
            assertThat(community.assembly().comments(proposal.toString()))
                    .singleElement()
                    .satisfies(comment -> assertThat(comment.text()).endsWith(SECRET));
            String root = community.stateRoot();
            assertThat(filesWith(SECRET)).isEmpty();
            community.restart();
            assertThat(community.stateRoot()).isEqualTo(root);
            assertThat(community.assembly().proposal(proposal.toString()).title())
                    .isEqualTo(SECRET);
            deleteSnapshots();
            community.restart();
            assertThat(community.stateRoot()).isEqualTo(root);
            assertThat(filesWith(SECRET)).isEmpty();
        }
    }

    private List<Path> filesWith(String text) throws IOException {
        List<Path> with = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (bytes.contains(text)) {
                    with.add(file);
                }
            }
        }
        return with;
    }

    private void deleteSnapshots() throws IOException {
        try (Stream<Path> files = Files.list(data().resolve(NodeSettings.SNAPSHOTS_FOLDER))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void givenAMemberWhoLeaves_thenTheNotaryNamesANewKeyAndFacesTakeIt() throws Exception {
        try (Community community = founded()) {
            assertThat(community.assembly().groupKeys(community.dao)).hasSize(1);
            byte[] early = EntryCodec.sign(
                    Enclosure.enclose(
                            community.draft(community.device(1), secret()), TestDao.groupKey(1), new byte[32]),
                    community.device(1));
            assertThat(Installed.service(Replica.class)
                            .bringPending(List.of(early))
                            .join())
                    .as("under a key that is not named yet it would wait here as what nobody can open")
                    .singleElement()
                    .isInstanceOf(Replica.EntryAnswer.Later.class);
            passed(community, new Action.Remove(community.members.get(2).key()));
            Community.await(() -> groupKeys(community) == 2);
            byte[] old = EntryCodec.sign(
                    Enclosure.enclose(
                            community.draft(community.device(1), secret()), TestDao.groupKey(0), new byte[32]),
                    community.device(1));
            assertThatThrownBy(() -> community.assembly().submit(old, 0))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("old group key");
            assertThat(passed(community).status()).isEqualTo("executed");
            community.restart();
            assertThat(groupKeys(community)).isEqualTo(2);
            assertThat(passed(community).status()).isEqualTo("executed");
        }
    }

    private static int groupKeys(Community community) {
        try {
            return community.assembly().groupKeys(community.dao).size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givenANotaryWhoseKeyIsFrozen_thenItMakesNoGroupKeysThatNobodyWillKnow() throws Exception {
        try (Community community = founded()) {
            passed(community);
            Signer notary = Installed.service(Keystore.class).notaryKey(data().resolve(NodeSettings.NOTARY_KEY_FILE));
            // Its count has number 0.
            EntryCodec.Draft second = new EntryCodec.Draft(
                    Cid.parse(community.dao),
                    notary.key(),
                    0,
                    null,
                    Cid.parse(community
                            .assembly()
                            .authoring(community.dao, notary.key().toString())
                            .seen()),
                    community.timer.millis(),
                    new Body.GroupKey(1, Cid.hash(new byte[1])));
            assertThatThrownBy(() -> community.assembly().submit(EntryCodec.sign(second, notary), 0))
                    .hasMessageContaining("freezes the key");
            byte[] keys = groupsFile(community);
            community.say(
                    community.members.get(1).root(),
                    new Body.ReaderChanged(new TestMember("other", community.signatures).reader()));
            community.say(community.device(1), secret());
            community.say(community.device(1), secret());
            assertThat(groupsFile(community)).isEqualTo(keys);
            assertThat(groupKeys(community)).isEqualTo(1);
        }
    }

    private byte[] groupsFile(Community community) throws IOException {
        return Files.readAllBytes(data().resolve(NodeSettings.GROUPS_FOLDER).resolve(community.dao + ".keys"));
    }

    @Test
    void givenAnEntryInClear_thenItIsRefusedWithTheReason() throws Exception {
        try (Community community = founded()) {
            byte[] clear = EntryCodec.sign(community.draft(community.device(1), secret()), community.device(1));
            assertThatThrownBy(() -> community.assembly().submit(clear, 0))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("must be enclosed for the members");
        }
    }

    @Test
    void givenADoorForEverybody_thenItShowsNothingOfIt() throws Exception {
        try (Community community = founded()) {
            Cid proposal = community.open(secret());
            Assembly open = community.node().publicAssembly();
            assertThat(open.daos()).isEmpty();
            assertThat(open.status().daos()).isEmpty();
            assertThat(open.status().sync()).isEmpty();
            Replica replica = Installed.service(Replica.class);
            DaoLedger.Seal last =
                    replica.ledger().seal(replica.ledger().height()).orElseThrow();
            replica.bringSeal(
                            new DaoLedger.Seal(last.height() + 1, last.header(), last.entries(), last.certificate()),
                            List.of())
                    .join();
            assertThat(community.assembly().status().problems()).singleElement();
            assertThat(open.status().problems()).isEmpty();
            for (String each : List.of(community.dao, proposal.toString())) {
                assertThatThrownBy(() -> open.entry(each)).isInstanceOf(RefusedException.class);
                assertThatThrownBy(
                                () -> open.export(each, folder.resolve("x.car").toString(), true))
                        .isInstanceOf(RefusedException.class);
            }
            assertThatThrownBy(() -> open.dao(community.dao)).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> open.groupKeys(community.dao)).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> open.proposal(proposal.toString())).isInstanceOf(RefusedException.class);
            assertThat(open.submitAll(List.of(community.entry(community.device(1), secret())), 0))
                    .singleElement()
                    .satisfies(answer -> assertThat(answer.state()).isEqualTo("refused"));
            List<String> heard = new ArrayList<>();
            try (var subscription = community.node().publicFeed().subscribe(event -> heard.add(event.dao()))) {
                community.say(community.device(1), TestDao.ballot(proposal, 0, 0));
                assertThat(subscription).isNotNull();
            }
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void givenWhoWantsEvidence_thenTheyMustSayThatItDiscloses() throws Exception {
        Path file = folder.resolve("all.car");
        try (Community community = founded()) {
            Assembly.ProposalView view = passed(community);
            assertThatThrownBy(() -> community.assembly().export(community.dao, file.toString()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("--disclose");
            community.assembly().export(community.dao, file.toString(), true);
            Path one = folder.resolve("one.car");
            community.assembly().export(view.proposal(), one.toString(), true);
            for (Path each : List.of(file, one)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .isEqualTo("rw-------");
            }
            Evidence evidence = Installed.service(Evidence.class);
            Evidence.Report whole = evidence.verify(file, Optional.of(Cid.parse(community.dao)), Optional.empty());
            assertThat(whole.holds()).as("%s", whole.claims()).isTrue();
            assertThat(whole.outcomes())
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.ballots()).isEqualTo(MEMBERS));
            Evidence.Report part = evidence.verify(one, Optional.empty(), Optional.empty());
            assertThat(part.holds()).as("%s", part.claims()).isTrue();
        }
    }

    @Test
    void givenMessages_thenTheyAreKeptForTheirAddresseeAloneAndForAWeek() throws Exception {
        try (Community community = founded()) {
            String own = community.assembly().readingKey();
            community.say(community.members.get(1).root(), new Body.ReaderChanged(ReadingKey.parse(own)));
            byte[] message = message(community, ReadingKey.parse(own), SECRET);
            community.assembly().send(community.dao, message);
            community.assembly().send(community.dao, message);
            community
                    .assembly()
                    .send(
                            community.dao,
                            message(community, community.members.get(2).reader(), "for another"));
            assertThat(filesWith(SECRET)).isEmpty();
            community.restart();
            assertThat(community.assembly().messages(community.dao))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.text()).isEqualTo(SECRET);
                        assertThat(each.from())
                                .isEqualTo(community.members.get(0).key().toString());
                    });
            assertThatThrownBy(() -> community.assembly().send(community.dao, new byte[4]))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("not a message");
            assertThatThrownBy(() -> community
                            .assembly()
                            .send(
                                    community.dao,
                                    message(community, new TestMember("x", community.signatures).reader(), "x")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("addressee is no member");
            message[message.length - 1] ^= 1;
            assertThatThrownBy(() -> community.assembly().send(community.dao, message))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("signature");
            assertThatThrownBy(() -> community.node().publicAssembly().messages(community.dao))
                    .isInstanceOf(RefusedException.class);
            community.timer.advanceTo(community.timer.millis() + Message.KEPT_MILLIS);
            assertThat(community.assembly().messages(community.dao)).isEmpty();
        }
    }

    private static byte[] message(Community community, ReadingKey to, String text) {
        return MessageCodec.write(Cid.parse(community.dao), to, community.timer.millis(), text, community.device(0));
    }

    @Test
    void givenABackup_thenWhoRestoresItReadsOn() throws Exception {
        Path backup = folder.resolve("backup");
        Path restored = folder.resolve("restored");
        try (Community community = founded()) {
            passed(community, new Action.Remove(community.members.get(2).key()));
            Community.await(() -> groupKeys(community) == 2);
            Typed.type("backup", backup.toString(), "--data", data().toString()).fine();
            assertThat(Typed.type("restore", backup.toString(), "--data", restored.toString())
                            .exit())
                    .isZero();
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(restored.resolve(NodeSettings.READING_KEY_FILE))))
                    .isEqualTo("rw-------");
            try (RunningNode node = Installed.service(NodeLauncher.class).start(NodeSettings.of(restored))) {
                assertThat(node.assembly().dao(community.dao).stateRoot()).isEqualTo(community.stateRoot());
                assertThat(node.assembly().groupKeys(community.dao)).hasSize(2);
                assertThat(node.assembly().readingKey())
                        .isEqualTo(community.assembly().readingKey());
            }
        }
    }
}
