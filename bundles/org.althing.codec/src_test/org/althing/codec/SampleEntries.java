// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.api.tally.Choice;

/** Entries of every type with random contents, the same for the same seed. */
final class SampleEntries {

    private static final Ed25519 SIGNATURES =
            new Ed25519(Ed25519.provider("SunEC").orElseThrow());

    private final Random random;

    SampleEntries(long seed) {
        random = new Random(seed);
    }

    /** One kind of body each, in the order of the format. */
    List<Function<SampleEntries, Body>> bodies() {
        return List.of(
                SampleEntries::charter,
                s -> new Body.KeyAdded(s.key(), s.signature()),
                s -> new Body.KeyRevoked(s.key()),
                SampleEntries::proposal,
                s -> new Body.Sponsorship(s.cid()),
                s -> new Body.Withdrawal(s.cid()),
                s -> new Body.Veto(s.cid(), s.text()),
                s -> new Body.Ballot(s.cid(), s.random.nextLong(Long.MAX_VALUE), s.choice()),
                s -> new Body.Comment(
                        s.cid(), s.random.nextBoolean() ? Optional.of(s.cid()) : Optional.empty(), s.text()),
                s -> new Body.Counted(s.cid(), s.cid(), new Decision(s.oneOf(Decision.Verdict.values()), s.options())),
                s -> new Body.Equivocation(s.bytes(100), s.bytes(120)));
    }

    /** One kind of body each that only private DAOs know. */
    List<Function<SampleEntries, Body>> privateBodies() {
        return List.of(
                s -> new Body.ReaderChanged(s.reader()),
                s -> new Body.GroupKey(1 + s.random.nextInt(100), s.cid()),
                s -> new Body.Enclosed(s.cid(), s.bytes(Body.Enclosed.SALT_SIZE_BYTES), s.bytes(272)));
    }

    /** The charter of a private DAO. */
    Body privateCharter() {
        Action.Admit a = admit();
        Action.Admit reading = new Action.Admit(
                a.name(),
                a.root(),
                a.device(),
                a.deviceProof(),
                a.rootProof(),
                a.roles(),
                a.power(),
                Optional.of(reader()));
        return new Body.Charter(text(), text(), bytes(16), List.of(reading), notaries(), rules(), Optional.of(cid()));
    }

    private ReadingKey reader() {
        return ReadingKey.of(bytes(ReadingKey.BYTES));
    }

    byte[] entry(Body body) {
        Signer signer = signer();
        boolean charter = body instanceof Body.Charter;
        long sequence = charter ? 0 : random.nextInt(3);
        return EntryCodec.sign(
                new EntryCodec.Draft(
                        charter ? null : cid(),
                        signer.key(),
                        sequence,
                        sequence == 0 ? null : cid(),
                        charter ? null : cid(),
                        random.nextLong(2_000_000_000_000L),
                        body),
                signer);
    }

    SealHeader header() {
        long height = random.nextInt(3);
        return new SealHeader(
                cid(),
                random.nextInt(5),
                random.nextInt(500),
                height,
                height == 0 ? null : cid(),
                random.nextLong(2_000_000_000_000L),
                random.nextInt(4097),
                bytes(32),
                cid(),
                cid(),
                cid());
    }

    Certificate certificate() {
        List<Certificate.Vote> votes = new ArrayList<>();
        for (PublicKey key : sortedKeys(1 + random.nextInt(4))) {
            votes.add(new Certificate.Vote(key, signature()));
        }
        return new Certificate(
                oneOf(Certificate.Kind.values()), cid(), random.nextInt(5), random.nextInt(500), cid(), votes);
    }

    Choice choice() {
        return switch (random.nextInt(5)) {
            case 0 -> new Choice.Blank();
            case 1 -> new Choice.Single(random.nextInt(1024));
            case 2 -> new Choice.Approval(options());
            case 3 -> {
                List<Integer> options = options();
                yield new Choice.Weights(
                        options,
                        options.stream()
                                .map(o -> random.nextLong(Choice.WEIGHT_MAX + 1))
                                .toList());
            }
            default ->
                new Choice.Ranking(IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> nonEmptyOptions())
                        .toList());
        };
    }

    private Body charter() {
        return new Body.Charter(text(), text(), bytes(16), List.of(admit(), admit()), notaries(), rules());
    }

    private Body proposal() {
        List<Action> actions = List.of(
                admit(),
                new Action.Remove(key()),
                new Action.SetRoles(key(), words()),
                new Action.SetPower(key(), power()),
                setNotaries(),
                new Action.SetRules(rules()));
        return new Body.Proposal(
                text(),
                text(),
                List.copyOf(words()),
                "schulze:margin",
                1 + random.nextInt(9),
                1 + random.nextInt(3),
                random.nextBoolean(),
                random.nextBoolean() ? actions : List.of(),
                terms());
    }

    private Terms terms() {
        return new Terms(
                maybe(0),
                maybe(1000),
                maybe(0),
                random.nextBoolean() ? Optional.of(part(1)) : Optional.empty(),
                random.nextBoolean() ? Optional.of(part(1)) : Optional.empty());
    }

    private OptionalLong maybe(long least) {
        return random.nextBoolean() ? OptionalLong.of(least + random.nextInt(1_000_000)) : OptionalLong.empty();
    }

    private Action.Admit admit() {
        return new Action.Admit(text(), key(), key(), signature(), signature(), words(), power());
    }

    private Action setNotaries() {
        List<Notary> set = notaries();
        TreeMap<PublicKey, Signature> consents = new TreeMap<>();
        set.subList(random.nextInt(set.size()), set.size()).forEach(notary -> consents.put(notary.key(), signature()));
        return new Action.SetNotaries(set, consents);
    }

    private List<Notary> notaries() {
        return sortedKeys(1 + random.nextInt(4)).stream()
                .map(key -> new Notary(key, List.copyOf(words())))
                .toList();
    }

    private List<PublicKey> sortedKeys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> key())
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private Rules rules() {
        TreeMap<String, Set<Right>> roles = new TreeMap<>();
        for (String role : words()) {
            EnumSet<Right> rights = EnumSet.noneOf(Right.class);
            for (Right right : Right.values()) {
                if (random.nextBoolean()) {
                    rights.add(right);
                }
            }
            roles.put(role, rights);
        }
        return new Rules(
                roles,
                words(),
                random.nextInt(5),
                random.nextInt(1000),
                random.nextInt(1000),
                1000 + random.nextInt(1000),
                random.nextInt(1000),
                part(1),
                part(2),
                random.nextInt(1000),
                random.nextInt(1000),
                1 + random.nextInt(16),
                1 + random.nextInt(1000));
    }

    /** A fraction from 0 to 1 - 1 / parts. */
    private Fraction part(int parts) {
        long denominator = parts + random.nextInt(1000);
        return Fraction.of(random.nextLong(denominator), denominator);
    }

    private BigInteger power() {
        return new BigInteger(random.nextInt(121), random);
    }

    private List<Integer> options() {
        return random.ints(random.nextInt(6), 0, 1024)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    private List<Integer> nonEmptyOptions() {
        return random.ints(1 + random.nextInt(4), 0, 1024)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    private SortedSet<String> words() {
        TreeSet<String> words = new TreeSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            words.add(text());
        }
        return words;
    }

    /** Up to 12 characters, from all planes, so that orders by UTF-16 and by UTF-8 differ. */
    private String text() {
        int[] points = random.ints(random.nextInt(12), 0x20, 0x1F900)
                .filter(p -> p < 0xD800 || p > 0xDFFF)
                .toArray();
        return new String(points, 0, points.length);
    }

    Cid cid() {
        return Cid.of(bytes(32));
    }

    private PublicKey key() {
        return PublicKey.of(bytes(32));
    }

    private Signature signature() {
        return Signature.of(bytes(64));
    }

    Signer signer() {
        byte[] seed = bytes(32);
        PublicKey key = SIGNATURES.publicKey(seed);
        return new Signer() {
            @Override
            public PublicKey key() {
                return key;
            }

            @Override
            public Signature sign(byte[] message) {
                return SIGNATURES.provider().sign(seed, message);
            }
        };
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
