// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.seal.SealHeader;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Enclosure;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.jspecify.annotations.Nullable;

/**
 * The root block of an evidence file; docs/formats/evidence.cddl has the format.
 *
 * @param keys the group keys, if the DAO is private
 * @param pages the chain, {@link Page#SEALS_MAX} seals to a page
 * @param proof what a file about one proposal says of it; empty in a file about the whole DAO
 */
record Manifest(Cid dao, List<byte[]> keys, List<Cid> pages, Optional<Proof> proof) {

    static final int FORMAT_VERSION = 1;
    /** Pages of one file: sixteen million seals. */
    static final int PAGES_MAX = 16_384;
    /** Hashes of one inclusion proof: a seal has at most 2^12 entries. */
    static final int PATH_MAX = 32 - Integer.numberOfLeadingZeros(SealHeader.ENTRIES_MAX - 1);

    private static final String KIND_DAO = "dao";
    private static final String KIND_PROPOSAL = "proposal";

    Manifest {
        keys = List.copyOf(keys);
        pages = List.copyOf(pages);
    }

    /**
     * @param proposal the proposal entry
     * @param place its place in the seal that its record names
     * @param results entries of the notaries that counted what became the outcome
     */
    record Proof(Cid proposal, Place place, List<Result> results) {
        Proof {
            results = List.copyOf(results);
        }
    }

    /**
     * A place in a seal, with its RFC 9162 inclusion proof.
     *
     * @param path from the leaf's neighbour up
     */
    record Place(int index, List<byte[]> path) {
        Place {
            path = List.copyOf(path);
        }
    }

    /** A notary's result entry, and where it was sealed. */
    record Result(Cid entry, long height, Place place) {}

    byte[] encode() {
        CborWriter out = new CborWriter().map(keys.isEmpty() ? 5 : 6);
        out.key("v").integer(FORMAT_VERSION);
        out.key("dao").link(dao);
        if (!keys.isEmpty()) {
            out.key("keys").list(keys.size());
            keys.forEach(out::bytes);
        }
        out.key("kind").text(proof.isPresent() ? KIND_PROPOSAL : KIND_DAO);
        out.key("pages").list(pages.size());
        pages.forEach(out::link);
        out.key("proof");
        proof.ifPresentOrElse(p -> write(out, p), out::nil);
        return out.toBytes();
    }

    static Manifest decode(byte[] bytes) {
        CborReader in = new CborReader(bytes);
        boolean discloses = in.readMap(5, 6) == 6;
        in.expectKey("v");
        in.readLong(FORMAT_VERSION, FORMAT_VERSION);
        in.expectKey("dao");
        Cid dao = in.readLink();
        List<byte[]> keys = new ArrayList<>();
        if (discloses) {
            in.expectKey("keys");
            for (int left = in.readList(1, Body.GROUP_KEYS_MAX); left > 0; left--) {
                keys.add(in.readBytesExactly(Enclosure.KEY_SIZE_BYTES));
            }
        }
        in.expectKey("kind");
        int at = in.position();
        String kind = in.readText(16);
        in.expectKey("pages");
        int count = in.readList(PAGES_MAX);
        List<Cid> pages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pages.add(in.readLink());
        }
        in.expectKey("proof");
        Proof proof = in.tryNull() ? null : readProof(in);
        in.finish();
        if (!kind.equals(proof == null ? KIND_DAO : KIND_PROPOSAL)) {
            throw new MalformedException(
                    at, "a file of kind 'proposal', and no other, has a proof; this is of kind '" + kind + "'");
        }
        if (pages.isEmpty()) {
            throw new MalformedException(at, "a chain without a seal");
        }
        return new Manifest(dao, keys, pages, Optional.ofNullable(proof));
    }

    private static void write(CborWriter out, Proof proof) {
        out.map(3);
        write(out.key("place"), proof.place);
        out.key("results").list(proof.results.size());
        for (Result result : proof.results) {
            out.list(3).link(result.entry).integer(result.height);
            write(out, result.place);
        }
        out.key("proposal").link(proof.proposal);
    }

    private static Proof readProof(CborReader in) {
        in.readMapExactly(3);
        in.expectKey("place");
        Place place = readPlace(in);
        in.expectKey("results");
        int count = in.readList(Body.NOTARIES_MAX);
        List<Result> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.readListExactly(3);
            Cid entry = in.readLink();
            long height = in.readLong(0, Long.MAX_VALUE);
            results.add(new Result(entry, height, readPlace(in)));
        }
        in.expectKey("proposal");
        return new Proof(in.readLink(), place, results);
    }

    private static void write(CborWriter out, Place place) {
        out.list(2).integer(place.index).list(place.path.size());
        place.path.forEach(out::bytes);
    }

    private static Place readPlace(CborReader in) {
        in.readListExactly(2);
        int index = (int) in.readLong(0, SealHeader.ENTRIES_MAX - 1L);
        int count = in.readList(PATH_MAX);
        List<byte[]> path = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            path.add(in.readBytesExactly(Merkle.HASH_BYTES));
        }
        return new Place(index, path);
    }

    /**
     * A part of the chain: a block of the file.
     *
     * @param seals in order of height
     */
    record Page(List<Seal> seals) {

        /** Seals of one page. */
        static final int SEALS_MAX = 1024;

        Page {
            seals = List.copyOf(seals);
        }

        byte[] encode() {
            CborWriter out = new CborWriter().list(seals.size());
            for (Seal seal : seals) {
                out.list(3).link(seal.header);
                linkOrNull(out, seal.body);
                linkOrNull(out, seal.certificate);
            }
            return out.toBytes();
        }

        static Page decode(byte[] bytes) {
            CborReader in = new CborReader(bytes);
            int count = in.readList(SEALS_MAX);
            List<Seal> seals = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                in.readListExactly(3);
                Cid header = in.readLink();
                Cid body = readLinkOrNull(in);
                seals.add(new Seal(header, body, readLinkOrNull(in)));
            }
            in.finish();
            if (count == 0) {
                throw new MalformedException(0, "a page without a seal");
            }
            return new Page(seals);
        }
    }

    /**
     * A seal in a page.
     *
     * @param body the block of its entries' names; null if it has none, and in a file about one proposal
     * @param certificate the certificate that finalizes it, where one is needed
     */
    record Seal(Cid header, @Nullable Cid body, @Nullable Cid certificate) {}

    /** The names of a seal's entries, in their order: a block of the file. */
    static byte[] encodeBody(List<Cid> entries) {
        CborWriter out = new CborWriter().list(entries.size());
        entries.forEach(out::link);
        return out.toBytes();
    }

    static List<Cid> decodeBody(byte[] bytes) {
        CborReader in = new CborReader(bytes);
        int count = in.readList(SealHeader.ENTRIES_MAX);
        List<Cid> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(in.readLink());
        }
        in.finish();
        if (count == 0) {
            throw new MalformedException(0, "a body without entries");
        }
        return entries;
    }

    private static void linkOrNull(CborWriter out, @Nullable Cid cid) {
        if (cid == null) {
            out.nil();
        } else {
            out.link(cid);
        }
    }

    private static @Nullable Cid readLinkOrNull(CborReader in) {
        return in.tryNull() ? null : in.readLink();
    }
}
