// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.governance.Notary;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;
import org.jspecify.annotations.Nullable;

/** The chain of seals of a file: headers from the charter's on, and the certificates that make them final. */
final class Chain {

    /** Different notary sets of one chain; held in memory. */
    static final int SETS_MAX = 1 << 16;

    private final Findings findings;
    private final Blocks blocks;
    private final Ed25519 ed25519;
    private final Cid charter;
    private final Optional<Cid> pin;
    private final Map<Cid, List<PublicKey>> sets = new HashMap<>();
    private final LongList spots = new LongList();
    private final LongList prefixes = new LongList();
    private @Nullable Sealed last;
    private boolean pinFound;
    private long certificates;

    /**
     * A header with its name.
     *
     * @param certificate what makes it final, if the file has it
     */
    record Sealed(Cid cid, SealHeader header, @Nullable Certificate certificate) {}

    Chain(Findings findings, Blocks blocks, Ed25519 ed25519, Cid charter, Body.Charter founding, Optional<Cid> pin) {
        this.findings = findings;
        this.blocks = blocks;
        this.ed25519 = ed25519;
        this.charter = charter;
        this.pin = pin;
        sets.put(
                RulesCodec.setHash(founding.notaries()),
                founding.notaries().stream().map(Notary::key).sorted().toList());
    }

    /** Reads the next seal and its certificate, if it has one; {@link #certify} checks that. */
    Sealed next(Manifest.Seal seal) {
        Blocks.Block block = blocks.next(seal.header());
        SealHeader header = Blocks.decode(seal.header(), "seal header", block.bytes(), SealCodec::decodeHeader);
        Certificate certificate = seal.certificate() == null
                ? null
                : blocks.decode(seal.certificate(), "certificate", SealCodec::decodeCertificate);
        Sealed next = new Sealed(seal.header(), header, certificate);
        if (last == null) {
            first(next);
        } else {
            link(last, next);
        }
        check(Check.HEADER_DAO, header.dao().equals(charter), next, () -> "it belongs to DAO " + header.dao());
        check(Check.HEADER_HEIGHT, header.height() == spots.size(), next, () -> "it says height " + header.height());
        spots.add(block.spot());
        prefixes.add(SpotIndex.prefix(seal.header()));
        pinFound |= pin.isPresent() && pin.get().equals(seal.header());
        last = next;
        return next;
    }

    private void first(Sealed seal) {
        SealHeader header = seal.header;
        check(
                Check.HEADER_SET,
                sets.containsKey(header.set()),
                seal,
                () -> "it is signed by another set than the charter's notaries");
        check(Check.HEADER_EPOCH, header.epoch() == 0, seal, () -> "epochs begin with 0, not with " + header.epoch());
        boolean charterAlone =
                header.count() == 1 && Arrays.equals(header.entriesRoot(), Merkle.root(List.of(charter.toBytes())));
        check(Check.FIRST_SEAL, charterAlone, seal, () -> "it does not hold the charter alone");
    }

    private void link(Sealed parent, Sealed seal) {
        SealHeader before = parent.header;
        SealHeader header = seal.header;
        check(
                Check.HEADER_PREVIOUS,
                parent.cid.equals(header.previous()),
                seal,
                () -> "its parent is " + header.previous() + ", not " + parent.cid);
        check(
                Check.HEADER_TIME,
                header.timeMillis() > before.timeMillis(),
                seal,
                () -> "its time " + header.timeMillis() + " is not later than its parent's, " + before.timeMillis());
        check(
                Check.HEADER_SET,
                header.set().equals(before.nextSet()),
                seal,
                () -> "it is signed by another set than its parent names");
        boolean sameEpoch = header.epoch() == before.epoch() && before.set().equals(before.nextSet());
        check(
                Check.HEADER_EPOCH,
                sameEpoch || header.epoch() == before.epoch() + 1,
                seal,
                () -> "epoch " + header.epoch() + " after " + before.epoch()
                        + (before.set().equals(before.nextSet()) ? "" : ", with another set"));
        if (header.epoch() == before.epoch()) {
            findings.check(
                    Check.CERTIFICATE_NEEDED,
                    parent.certificate == null,
                    () -> "the certificate of " + name(parent) + " is not needed: its epoch goes on");
        } else {
            check(
                    Check.CERTIFICATE_PRESENT,
                    parent.certificate != null,
                    parent,
                    () -> "it ends an epoch and has no certificate");
        }
    }

    /**
     * Checks the certificate of a seal, if it has one.
     *
     * @param set the notaries whose set the header names
     */
    void certify(Sealed seal, List<Notary> set) {
        if (seal.certificate != null) {
            certificates++;
            findings.check(
                    Check.CERTIFICATE_GOOD,
                    SealCodec.refuse(seal.certificate, seal.header, seal.cid, set, ed25519),
                    name(seal));
        }
    }

    /** Checks the certificate of a seal by the set that its header names, taken from the file if it was not needed before. */
    void certify(Sealed seal) {
        if (seal.certificate != null) {
            certify(
                    seal,
                    set(seal.header.set()).stream()
                            .map(key -> new Notary(key, List.of()))
                            .toList());
        }
    }

    /** The keys of a notary set, from the file if it was not needed before. */
    List<PublicKey> set(Cid set) {
        List<PublicKey> known = sets.get(set);
        if (known != null) {
            return known;
        }
        if (sets.size() == SETS_MAX) {
            throw new Stopped(
                    ClaimKind.FILE, "more than " + SETS_MAX + " notary sets; this program cannot check so many");
        }
        List<PublicKey> keys = blocks.decode(set, "notary set", Chain::decodeSet);
        sets.put(set, keys);
        return keys;
    }

    static byte[] encodeSet(List<PublicKey> keys) {
        CborWriter out = new CborWriter().list(keys.size());
        keys.stream().sorted().forEach(key -> out.bytes(key.toBytes()));
        return out.toBytes();
    }

    private static List<PublicKey> decodeSet(byte[] bytes) {
        CborReader in = new CborReader(bytes);
        int count = in.readList(Body.NOTARIES_MAX);
        List<PublicKey> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(RulesCodec.readKey(in));
            if (i > 0 && keys.get(i - 1).compareTo(keys.get(i)) >= 0) {
                throw new MalformedException(0, "the keys of a set must ascend, each once");
            }
        }
        in.finish();
        if (count == 0) {
            throw new MalformedException(0, "a set without keys");
        }
        return keys;
    }

    /** Ends the chain. */
    void end() {
        Sealed head = head();
        check(Check.CERTIFICATE_PRESENT, head.certificate != null, head, () -> "it is the head and has no certificate");
        findings.check(
                Check.PIN,
                pin.isEmpty() || pinFound,
                () -> "seal " + pin.orElseThrow() + " is not among the " + spots.size() + " seals of this chain");
        findings.done(
                ClaimKind.CHAIN,
                spots.size() + " seals in " + (head.header.epoch() + 1) + " epochs, up to " + head.cid);
        findings.done(ClaimKind.PIN, "it is");
    }

    /** Says that all certificates were checked. */
    void certified() {
        findings.done(ClaimKind.CERTIFICATES, certificates + (certificates == 1 ? " certificate" : " certificates"));
    }

    Sealed head() {
        return Objects.requireNonNull(last, "a chain has a seal");
    }

    /** The seal at a height below {@link #size}, without its certificate. */
    Sealed at(long height) {
        long spot = spots.get((int) height);
        byte[] bytes = blocks.again(spot);
        Cid cid = Cid.hash(bytes);
        if (SpotIndex.prefix(cid) != prefixes.get((int) height)) {
            throw Blocks.changed();
        }
        return new Sealed(cid, SealCodec.decodeHeader(bytes), null);
    }

    long size() {
        return spots.size();
    }

    private void check(Check check, boolean holds, Sealed seal, Supplier<String> reason) {
        findings.check(check, holds, () -> name(seal) + ": " + reason.get());
    }

    /** How reports name a seal. */
    static String name(Sealed seal) {
        return "seal " + seal.header.height() + " (" + seal.cid + ")";
    }
}
