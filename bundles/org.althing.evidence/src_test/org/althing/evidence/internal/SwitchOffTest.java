// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.evidence.Evidence.Claim;
import org.althing.api.evidence.Evidence.Report;
import org.althing.api.evidence.Evidence.Verdict;
import org.althing.codec.Merkle;
import org.althing.codec.Node;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For every check a forgery by people who hold all keys, notaries and members alike, that this check alone stops: with it the forgery is
 * refused under the check's own claim, and with this one check switched off it passes as true.
 */
class SwitchOffTest {

    private static final SampleDao.Story STORY = SampleDao.story();
    private static final byte[] PROPOSAL = Samples.file(STORY.dao(), Optional.of(STORY.ferry()));
    private static final byte[] DAO = Samples.file(STORY.dao(), Optional.empty());
    private static final Cid NOWHERE = Cid.hash(new byte[] {42});

    private static final int OPENED = 2;
    private static final int CLOSED = 7;
    private static final int DECIDED = 10;
    /** A seal of one comment, after all that concerns the ferry, in the second epoch, without a certificate. */
    private static final int QUIET = 25;

    private static final int HEAD = 26;

    @TempDir
    Path folder;

    /** A file to be refused, and what the reader knows. */
    private record Attack(byte[] file, Verifier.Known known) {
        Attack(byte[] file) {
            this(file, new Verifier.Known(Optional.empty(), Optional.empty()));
        }
    }

    private static final Map<Check, Supplier<Attack>> ATTACKS = new EnumMap<>(Check.class);

    @ParameterizedTest
    @EnumSource(Check.class)
    void everyCheckStopsAForgeryThatNothingElseWouldStop(Check check) throws IOException {
        assertThat(ATTACKS).as("attacks").containsKey(check);
        Attack attack = ATTACKS.get(check).get();
        Report all = verify(attack, EnumSet.allOf(Check.class));
        assertThat(all.holds()).isFalse();
        assertThat(all.completeness()).isEqualTo("none");
        assertThat(all.claims().stream().filter(claim -> claim.verdict() == Verdict.FAILS))
                .singleElement()
                .satisfies(claim -> assertThat(claim.id()).isEqualTo(check.claim.id))
                .satisfies(claim -> assertThat(claim.detail()).isNotBlank());
        Report without = verify(attack, EnumSet.complementOf(EnumSet.of(check)));
        assertThat(without.claims().stream().filter(claim -> claim.verdict() != Verdict.HOLDS))
                .as("without the check")
                .isEmpty();
        assertThat(without.holds()).isTrue();
    }

    private Report verify(Attack attack, Set<Check> enabled) throws IOException {
        Path file = Files.write(folder.resolve("forged.car"), attack.file);
        return new Verifier(SampleDao.GOVERNANCE, SampleDao.ENGINE, SampleDao.SIGNATURES, Runnable::run, enabled)
                .verify(file, attack.known, 1);
    }

    // --- Tools

    private static Forgery proposal() {
        return new Forgery(PROPOSAL, STORY.dao().keys);
    }

    private static Forgery dao() {
        return new Forgery(DAO, STORY.dao().keys);
    }

    private static void attack(Check check, Supplier<byte[]> file) {
        ATTACKS.put(check, () -> new Attack(file.get()));
    }

    /** Changes a field of the ferry's record in the states at these heights. */
    private static Forgery ferry(Forgery f, UnaryOperator<Node> change, String field, int... heights) {
        for (int height : heights) {
            f.record(
                    f.map(height, "proposals"), STORY.ferry().toBytes(), record -> Forgery.with(record, change, field));
        }
        return f;
    }

    private static Node power(BigInteger power) {
        byte[] signed = power.toByteArray();
        return new Node.Bytes(signed[0] == 0 ? Arrays.copyOfRange(signed, 1, signed.length) : signed);
    }

    private static UnaryOperator<Node> morePower(long votes) {
        return old -> power(new BigInteger(1, ((Node.Bytes) old).value()).add(SampleDao.votes(votes)));
    }

    private static Node key(PublicKey key) {
        return new Node.Bytes(key.toBytes());
    }

    private static UnaryOperator<Node> to(Node value) {
        return old -> value;
    }

    private static PublicKey root(int member) {
        return STORY.dao().members.get(member).key();
    }

    private static PublicKey device(int member) {
        return STORY.dao().members.get(member).device().key();
    }

    /** The ballot of a member that counts. */
    private static Cid ballot(int member) {
        return STORY.dao()
                .state()
                .ballot(STORY.ferry(), root(member))
                .orElseThrow()
                .ballot();
    }

    private static Cid result(Forgery f, int i) {
        return Forgery.link(f.block(f.root()), "proof", "results", i, 0);
    }

    private static Cid certificate(Forgery f, int height) {
        return Forgery.link(f.block(f.page()), height, 2);
    }

    /** A certificate for a seal that has none, by the first notaries that signed its epoch's end, or the head. */
    private static Forgery certify(Forgery f, int height, int like) {
        Node certificate = f.block(certificate(f, like));
        Node header = f.block(f.header(height));
        Node made = Forgery.with(certificate, to(new Node.Link(f.header(height))), "header");
        made = Forgery.with(made, to(Forgery.at(header, "view")), "view");
        made = Forgery.with(made, to(Forgery.at(header, "epoch")), "epoch");
        return f.set(f.page(), new Node.Link(f.add(made)), height, 2);
    }

    /** What the recount finds, put everywhere in the place of what was counted: the notaries sign that too. */
    private byte[] withItsTally(byte[] forged) {
        byte[] file = forged;
        try {
            Path path = Files.write(Files.createTempFile("tally", ".car"), file);
            Report report = new Verifier(
                            SampleDao.GOVERNANCE,
                            SampleDao.ENGINE,
                            SampleDao.SIGNATURES,
                            Runnable::run,
                            EnumSet.of(Check.TALLY))
                    .verify(path, new Verifier.Known(Optional.empty(), Optional.empty()), 1);
            Files.delete(path);
            String detail = report.claims().stream()
                    .filter(claim -> claim.id().equals("recount"))
                    .map(Claim::detail)
                    .findFirst()
                    .orElseThrow();
            if (detail.contains("give tally ")) {
                String[] words =
                        detail.substring(detail.indexOf("give tally ") + 11).split(", not ");
                file = new Forgery(file, STORY.dao().keys)
                        .rename(Cid.parse(words[1]), Cid.parse(words[0]))
                        .fit();
            }
            return file;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void counted(Check check, Supplier<Forgery> forgery) {
        ATTACKS.put(check, () -> new Attack(withItsTally(forgery.get().fit())));
    }

    private void later(Check check, Supplier<Forgery> forgery) {
        ATTACKS.put(check, () -> new Attack(forgery.get().fit()));
    }

    SwitchOffTest() {
        file();
        whose();
        chain();
        states();
        course();
        electorate();
        ballots();
        results();
    }

    // --- The attacks

    private void file() {
        attack(Check.CAR_ROOT, () -> {
            Map<Cid, byte[]> blocks = Forgery.blocks(PROPOSAL);
            return Forgery.car(NOWHERE, List.copyOf(blocks.keySet()), blocks);
        });
        attack(Check.BLOCK_ORDER, () -> {
            // The member signs its own ballot again, with another claimed time: another entry, which nobody sealed.
            Forgery f = proposal().change(ballot(1), Forgery.plus(1), 0, "time");
            Map<Cid, byte[]> good = Forgery.blocks(PROPOSAL);
            Map<Cid, byte[]> forged = Forgery.blocks(f.fit());
            List<Cid> order = new ArrayList<>(good.keySet());
            order.replaceAll(cid -> cid.equals(ballot(1)) ? f.name(ballot(1)) : cid);
            good.putAll(forged);
            return Forgery.car(order.getFirst(), order, good);
        });
        attack(Check.FILE_END, () -> {
            Map<Cid, byte[]> blocks = Forgery.blocks(PROPOSAL);
            blocks.put(Cid.hash(new Node.Text("more").encode()), new Node.Text("more").encode());
            return Forgery.car(blocks.keySet().iterator().next(), List.copyOf(blocks.keySet()), blocks);
        });
        later(Check.PAGE_FULL, () -> {
            Forgery f = proposal();
            List<Node> seals = ((Node.ListNode) f.block(f.page())).items();
            Cid second = f.add(new Node.ListNode(seals.subList(9, seals.size())));
            f.change(f.page(), old -> new Node.ListNode(seals.subList(0, 9)));
            return f.change(
                    f.root(),
                    old -> new Node.ListNode(
                            List.of(((Node.ListNode) old).items().getFirst(), new Node.Link(second))),
                    "pages");
        });
        later(Check.CERTIFICATE_NEEDED, () -> certify(proposal(), QUIET, HEAD));
        later(Check.BODY_NEEDED, () -> {
            Forgery f = proposal();
            return f.set(f.page(), new Node.Link(NOWHERE), QUIET, 1);
        });
    }

    private void whose() {
        counted(Check.CHARTER_FORM, () -> {
            Forgery f = proposal();
            return f.set(STORY.dao().state().dao(), new Node.Text(" "), 0, "body", "name");
        });
        counted(Check.CHARTER_SIGNER, () -> {
            Forgery f = proposal();
            return f.set(STORY.dao().state().dao(), key(root(1)), 0, "key");
        });
        ATTACKS.put(
                Check.DAO_GIVEN,
                () -> new Attack(PROPOSAL, new Verifier.Known(Optional.of(NOWHERE), Optional.empty())));
        ATTACKS.put(Check.PIN, () -> new Attack(PROPOSAL, new Verifier.Known(Optional.empty(), Optional.of(NOWHERE))));
    }

    private void chain() {
        later(Check.HEADER_DAO, () -> header(QUIET, to(new Node.Link(NOWHERE)), "dao"));
        later(Check.HEADER_HEIGHT, () -> header(QUIET, Forgery.plus(100), "height"));
        later(Check.HEADER_PREVIOUS, () -> header(QUIET, to(new Node.Link(NOWHERE)), "previous"));
        later(Check.HEADER_TIME, () -> header(QUIET, Forgery.plus(-100_000), "time"));
        later(Check.HEADER_SET, () -> {
            // A set of the attacker's own signs the head.
            Forgery f = proposal();
            PublicKey own = device(0);
            Cid set = f.add(new Node.ListNode(List.of(key(own))));
            f.set(f.header(HEAD), new Node.Link(set), "set");
            return f.set(
                    certificate(f, HEAD),
                    new Node.ListNode(List.of(new Node.ListNode(List.of(key(own), new Node.Bytes(new byte[64]))))),
                    "votes");
        });
        later(Check.HEADER_EPOCH, () -> {
            Forgery f = certify(proposal(), QUIET, HEAD);
            f.change(f.header(HEAD), Forgery.plus(7), "epoch");
            return f.change(certificate(f, HEAD), Forgery.plus(7), "epoch");
        });
        counted(Check.FIRST_SEAL, () -> header(0, to(new Node.Bytes(new byte[32])), "entries"));
        later(Check.CERTIFICATE_PRESENT, () -> {
            Forgery f = proposal();
            return f.set(f.page(), new Node.Null(), HEAD, 2);
        });
        later(Check.CERTIFICATE_GOOD, () -> {
            Forgery f = proposal();
            return f.change(
                    certificate(f, HEAD),
                    votes -> new Node.ListNode(((Node.ListNode) votes).items().subList(0, 2)),
                    "votes");
        });
        counted(
                Check.SIGNATURE,
                () -> proposal()
                        .touchLast(
                                ballot(3),
                                entry -> new Node.ListNode(
                                        List.of(Forgery.at(entry, 0), new Node.Bytes(new byte[64])))));
    }

    private static Forgery header(int height, UnaryOperator<Node> change, String field) {
        Forgery f = proposal();
        return f.change(f.header(height), change, field);
    }

    private void states() {
        later(Check.ENTRIES_COUNT, () -> ofDao(Forgery.plus(1), "count"));
        later(Check.ENTRIES_ROOT, () -> ofDao(to(new Node.Bytes(new byte[32])), "entries"));
        later(Check.STATE_ROOT, () -> ofDao(to(new Node.Link(NOWHERE)), "state"));
        later(Check.STATE_NEXT_SET, () -> ofDao(to(new Node.Link(NOWHERE)), "nextSet"));
        later(Check.STATE_EPOCH, () -> {
            Forgery f = certify(dao(), QUIET, HEAD);
            f.change(f.header(HEAD), Forgery.plus(1), "epoch");
            return f.change(certificate(f, HEAD), Forgery.plus(1), "epoch");
        });
    }

    private static Forgery ofDao(UnaryOperator<Node> change, String field) {
        Forgery f = dao();
        return f.change(f.header(HEAD), change, field);
    }

    private void course() {
        counted(Check.PROPOSAL_DAO, () -> proposal().set(STORY.ferry(), new Node.Link(NOWHERE), 0, "dao"));
        later(Check.PROPOSAL_PLACE, () -> {
            Forgery f = proposal();
            return f.set(f.root(), Forgery.number(1), "proof", "place", 0);
        });
        counted(
                Check.PROPOSAL_AUTHOR,
                () -> ferry(proposal(), to(key(root(1))), "author", OPENED, CLOSED, DECIDED, HEAD));
        counted(Check.PROPOSAL_HEIGHTS, () -> ferry(proposal(), to(Forgery.number(5)), "closedAt", OPENED));
        counted(Check.PROPOSAL_STATUS, () -> ferry(proposal(), to(new Node.Text("review")), "status", OPENED));
        counted(
                Check.PROPOSAL_TERMS,
                () -> ferry(
                        proposal(),
                        to(new Node.ListNode(List.of(Forgery.number(0), Forgery.number(1)))),
                        "quorum",
                        OPENED,
                        CLOSED,
                        DECIDED,
                        HEAD));
        counted(Check.PROPOSAL_FIXED, () -> ferry(proposal(), Forgery.plus(1), "number", OPENED));
        later(Check.VOTING_TIME, () -> ferry(proposal(), Forgery.plus(1), "deadline", CLOSED, DECIDED, HEAD));
        later(
                Check.OUTCOME_KEPT,
                () -> ferry(
                        proposal(),
                        old -> Forgery.with(old, to(new Node.ListNode(List.of(Forgery.number(2)))), 2),
                        "outcome",
                        HEAD));
        later(Check.OUTCOME_STATUS, () -> ferry(proposal(), to(new Node.Text("rejected")), "status", HEAD));
    }

    private void electorate() {
        counted(Check.ELECTORATE_MAP, () -> {
            // Another map than the members: one more vote for the first.
            Forgery f = proposal();
            Cid members = f.map(OPENED, "members");
            Cid inflated = f.add(Forgery.hamt(
                    f.block(members),
                    (k, v) -> Arrays.equals(k, root(4).toBytes()) ? Forgery.with(v, morePower(1), 2) : v));
            return ferry(f, to(new Node.Link(inflated)), "electorate", OPENED, CLOSED, DECIDED, HEAD);
        });
        counted(Check.ELECTORATE_ROLES, () -> {
            Forgery f = ferry(
                    proposal(),
                    to(new Node.ListNode(List.of(new Node.Text("member"), new Node.Text("observer")))),
                    "voterRoles",
                    OPENED,
                    CLOSED,
                    DECIDED,
                    HEAD);
            return ferry(f, morePower(2), "electoratePower", OPENED, CLOSED, DECIDED, HEAD);
        });
        counted(
                Check.ELECTORATE_POWER,
                () -> ferry(proposal(), morePower(1), "electoratePower", OPENED, CLOSED, DECIDED, HEAD));
    }

    private void ballots() {
        later(Check.KEY_OWNER, () -> {
            Forgery f = proposal();
            return f.record(f.map(CLOSED, "keys"), device(1).toBytes(), key -> Forgery.with(key, to(key(root(0))), 1));
        });
        later(Check.KEY_SEQUENCE, () -> {
            Forgery f = proposal();
            return f.record(
                    f.map(CLOSED, "keys"), device(3).toBytes(), key -> Forgery.with(key, to(Forgery.number(-1)), 3));
        });
        later(Check.BALLOT_DAO, () -> proposal().set(ballot(1), new Node.Link(NOWHERE), 0, "dao"));
        later(Check.BALLOT_PROPOSAL, () -> proposal().set(ballot(1), new Node.Link(NOWHERE), 0, "body", "proposal"));
        counted(Check.BALLOT_MEMBER, () -> {
            // The observer's vote counts all of a sudden, in the place of another's.
            Forgery f = proposal();
            Cid map = Forgery.link(record(f, CLOSED), "ballotMap");
            Node vote = ballotRecord(f, map, 1);
            f.change(
                    map,
                    node -> Forgery.put(
                            Forgery.hamt(node, (k, v) -> Arrays.equals(k, root(1).toBytes()) ? null : v),
                            root(4).toBytes(),
                            vote));
            return f.record(f.map(CLOSED, "keys"), device(1).toBytes(), key -> Forgery.with(key, to(key(root(4))), 1));
        });
        later(Check.BALLOT_REVISION, () -> ofBallotMap(1, Forgery.plus(1), 1));
        counted(
                Check.BALLOT_POWER,
                () -> ferry(ofBallotMap(1, morePower(5), 2), morePower(5), "ballotPower", CLOSED, DECIDED, HEAD));
        later(Check.BALLOTS_COUNT, () -> ferry(proposal(), Forgery.plus(1), "ballots", CLOSED, DECIDED, HEAD));
        later(Check.BALLOTS_POWER, () -> ferry(proposal(), morePower(1), "ballotPower", CLOSED, DECIDED, HEAD));
        later(Check.TALLY, () -> {
            Forgery f = proposal();
            return f.rename(Forgery.link(record(f, DECIDED), "outcome", 0), NOWHERE);
        });
        later(Check.DECISION, () -> {
            Node winner = new Node.ListNode(List.of(Forgery.number(2)));
            Forgery f = ferry(proposal(), old -> Forgery.with(old, to(winner), 2), "outcome", DECIDED, HEAD);
            for (int i = 0; i < 3; i++) {
                f.set(result(f, i), winner, 0, "body", "winners");
            }
            return f;
        });
    }

    private static Node record(Forgery f, int height) {
        Node[] found = new Node[1];
        Forgery.hamt(f.block(f.map(height, "proposals")), (k, v) -> {
            found[0] = Arrays.equals(k, STORY.ferry().toBytes()) ? v : found[0];
            return v;
        });
        return found[0];
    }

    private static Node ballotRecord(Forgery f, Cid map, int member) {
        Node[] found = new Node[1];
        Forgery.hamt(f.block(map), (k, v) -> {
            found[0] = Arrays.equals(k, root(member).toBytes()) ? v : found[0];
            return v;
        });
        return found[0];
    }

    private static Forgery ofBallotMap(int member, UnaryOperator<Node> change, int field) {
        Forgery f = proposal();
        return f.record(
                Forgery.link(record(f, CLOSED), "ballotMap"),
                root(member).toBytes(),
                ballot -> Forgery.with(ballot, change, field));
    }

    private void results() {
        later(Check.RESULT_DAO, () -> ofResult(new Node.Link(NOWHERE), 0, "dao"));
        later(Check.RESULT_PLACE, () -> {
            Forgery f = proposal();
            return f.set(f.root(), Forgery.number(1), "proof", "results", 0, 2, 0);
        });
        later(Check.RESULT_TIME, () -> {
            // The entry is put into a later seal in the place of a comment, and proven there.
            Forgery f = proposal();
            f.set(f.header(QUIET), new Node.Bytes(Merkle.leafHash(result(f, 2).toBytes())), "entries");
            return f.set(f.root(), Forgery.number(QUIET), "proof", "results", 2, 1);
        });
        later(Check.RESULT_BODY, () -> ofResult(new Node.Link(NOWHERE), 0, "body", "tally"));
        later(Check.RESULT_NOTARY, () -> ofResult(key(device(2)), 0, "key"));
        later(Check.RESULT_ONCE, () -> {
            Forgery f = proposal();
            return f.set(result(f, 2), Forgery.at(f.block(result(f, 1)), 0, "key"), 0, "key");
        });
        later(Check.RESULT_QUORUM, () -> {
            Forgery f = proposal();
            return f.change(
                    f.root(),
                    results ->
                            new Node.ListNode(((Node.ListNode) results).items().subList(0, 2)),
                    "proof",
                    "results");
        });
    }

    private static Forgery ofResult(Node value, Object... path) {
        Forgery f = proposal();
        return f.set(result(f, 2), value, path);
    }
}
