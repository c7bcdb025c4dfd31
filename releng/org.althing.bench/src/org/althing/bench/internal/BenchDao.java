// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Tally;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;

/** A DAO with an open proposal, whose members vote and vote again. */
final class BenchDao {

    /** What a charter has room for. */
    private static final int MEMBERS = 150;

    private static final int OPTIONS = 10;
    private static final long OPEN_WAIT_MAX_NANOS = 30_000_000_000L;
    private static final long SEAL_WAIT_MAX_NANOS = 60_000_000_000L;
    private static final long POLL_NANOS = 5_000_000;

    private static final String NAME = "Bench";

    private final Assembly assembly;
    private final List<Author> authors;
    private final Cid dao;
    private final Cid seen;
    private final Cid proposal;
    private long revision;

    /** A device and the end of its chain. */
    private static final class Author {
        private final Signer device;
        private long sequence;
        private Optional<Cid> last = Optional.empty();

        Author(Signer device) {
            this.device = device;
        }
    }

    private record Key(PublicKey key, byte[] seed, Ed25519 signatures) implements Signer {
        static Key of(String name, Ed25519 signatures) {
            byte[] seed = Cid.hash(name.getBytes(StandardCharsets.UTF_8)).digest();
            return new Key(signatures.publicKey(seed), seed, signatures);
        }

        @Override
        public Signature sign(byte[] message) {
            return signatures.provider().sign(seed, message);
        }
    }

    private BenchDao(Assembly assembly, List<Author> authors, Cid dao, Cid seen, Cid proposal) {
        this.assembly = assembly;
        this.authors = authors;
        this.dao = dao;
        this.seen = seen;
        this.proposal = proposal;
    }

    String cid() {
        return dao.toString();
    }

    String proposal() {
        return proposal.toString();
    }

    /** Founds it on a node, and opens its proposal. */
    static BenchDao found(Assembly node, Ed25519 signatures) throws AlthingException, RefusedException {
        List<Key> roots = IntStream.range(0, MEMBERS)
                .mapToObj(i -> Key.of("bench root " + i, signatures))
                .toList();
        List<Key> devices = IntStream.range(0, MEMBERS)
                .mapToObj(i -> Key.of("bench device " + i, signatures))
                .toList();
        Cid founding = Consent.founding(roots.getFirst().key(), NAME);
        List<Action.Admit> founders = IntStream.range(0, MEMBERS)
                .mapToObj(i -> admit(i, founding, roots.get(i), devices.get(i)))
                .toList();
        Body.Charter charter = new Body.Charter(
                NAME,
                "",
                new byte[Body.Charter.SALT_SIZE_BYTES],
                founders,
                List.of(new Notary(PublicKey.parse(node.status().notary()), List.of())),
                rules());
        long now = System.currentTimeMillis();
        Cid dao = Cid.parse(node.found(EntryCodec.sign(
                        new Draft(null, roots.getFirst().key(), 0, null, null, now, charter), roots.getFirst()))
                .entry());
        Cid seen = Cid.parse(node.dao(dao.toString()).head());
        List<Author> authors = devices.stream().map(Author::new).toList();
        BenchDao made = new BenchDao(node, authors, dao, seen, dao);
        return new BenchDao(node, authors, dao, seen, made.open());
    }

    private static Action.Admit admit(int number, Cid founding, Key root, Key device) {
        return new Action.Admit(
                "m" + number,
                root.key(),
                device.key(),
                Consent.ofDevice(founding, root.key(), device),
                Consent.ofMember(founding, device.key(), root),
                new TreeSet<>(Set.of("member")),
                Tally.VOTE);
    }

    private static Rules rules() {
        Rules usual = Rules.usual();
        return new Rules(
                usual.roles(),
                usual.methods(),
                0,
                usual.sponsorMillis(),
                0,
                usual.votingMillis(),
                0,
                usual.quorum(),
                usual.threshold(),
                usual.graceMillis(),
                usual.extensionMaxMillis(),
                Rules.ENTRIES_PER_SEAL_LIMIT,
                Rules.ENTRIES_PER_DAY_LIMIT);
    }

    private Cid open() throws AlthingException, RefusedException {
        List<String> options =
                IntStream.range(0, OPTIONS).mapToObj(i -> "Option " + i).toList();
        Body.Proposal body = new Body.Proposal(
                NAME,
                "",
                options,
                "single-choice",
                1,
                1,
                false,
                List.of(),
                new Terms(
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty()));
        String opened = assembly.submit(next(authors.getFirst(), body), Assembly.WAIT_MAX_MILLIS)
                .entry();
        long end = System.nanoTime() + OPEN_WAIT_MAX_NANOS;
        while (!assembly.proposal(opened).status().equals("voting")) {
            if (System.nanoTime() > end) {
                throw new AlthingException("the benchmark's proposal did not open; see the node's status");
            }
            Thread.yield();
        }
        return Cid.parse(opened);
    }

    /** Signed ballots, one member after the other. */
    List<byte[]> ballots(int count) {
        List<byte[]> ballots = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ballots.add(next(
                    authors.get(i % authors.size()),
                    new Body.Ballot(proposal, revision++, new Choice.Single(i % OPTIONS))));
        }
        return ballots;
    }

    /** Waits until all that was handed in is sealed and applied. */
    void awaitSeals() throws AlthingException, RefusedException {
        long end = System.nanoTime() + SEAL_WAIT_MAX_NANOS;
        while (assembly.dao(cid()).pending() > 0) {
            if (System.nanoTime() > end) {
                throw new AlthingException("the node did not seal in time; see its status");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private byte[] next(Author author, Body body) {
        byte[] entry = EntryCodec.sign(
                new Draft(
                        dao,
                        author.device.key(),
                        author.sequence,
                        author.last.orElse(null),
                        seen,
                        System.currentTimeMillis(),
                        body),
                author.device);
        author.sequence++;
        author.last = Optional.of(Cid.hash(entry));
        return entry;
    }
}
