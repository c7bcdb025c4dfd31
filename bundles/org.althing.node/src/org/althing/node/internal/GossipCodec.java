// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Replica.Fork;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.althing.codec.SealCodec;

/** What is spread by gossip beside entries; see docs/formats/gossip.cddl. Decoders throw {@link MalformedException} and nothing else. */
final class GossipCodec {

    /** Entries up to which a seal is announced with its body, so that whoever has them all needs ask nobody. */
    static final int BODY_MAX_ENTRIES = 1024;

    private static final int BODY_MAX_BYTES = BODY_MAX_ENTRIES * Cid.BYTES;

    private GossipCodec() {}

    /**
     * An announced seal, of which everything that bytes can tell is right.
     *
     * @param body empty if it did not come with it, though the seal has entries
     */
    record Announced(Seal seal, SealHeader header, Certificate certificate, Optional<List<Cid>> body) {}

    /** Two entries by one key with one number; their signatures are not checked. */
    record Halves(Entry first, Entry second, Fork proof) {}

    static byte[] encode(Seal seal) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (seal.entries().size() <= BODY_MAX_ENTRIES) {
            seal.entries().forEach(cid -> body.writeBytes(cid.toBytes()));
        }
        return new CborWriter()
                .list(3)
                .bytes(seal.header())
                .bytes(seal.certificate())
                .bytes(body.toByteArray())
                .toBytes();
    }

    static Announced decodeSeal(byte[] message) {
        CborReader in = new CborReader(message);
        in.readListExactly(3);
        byte[] header = in.readBytes(DaoLedger.HEADER_SIZE_MAX_BYTES);
        byte[] certificate = in.readBytes(DaoLedger.CERTIFICATE_SIZE_MAX_BYTES);
        byte[] body = in.readBytes(BODY_MAX_BYTES);
        in.finish();
        SealHeader decoded = SealCodec.decodeHeader(header);
        Optional<List<Cid>> entries = Optional.empty();
        if (body.length > 0 || decoded.count() == 0) {
            entries = Optional.of(cids(body));
            byte[] root = Merkle.root(entries.get().stream().map(Cid::toBytes).toList());
            if (entries.get().size() != decoded.count() || !Arrays.equals(root, decoded.entriesRoot())) {
                throw new MalformedException(0, "the entries are not those of the seal");
            }
        }
        return new Announced(
                new Seal(decoded.height(), header, entries.orElse(List.of()), certificate),
                decoded,
                SealCodec.decodeCertificate(certificate),
                entries);
    }

    private static List<Cid> cids(byte[] body) {
        if (body.length % Cid.BYTES != 0) {
            throw new MalformedException(0, "the entries of a seal in " + body.length + " bytes");
        }
        List<Cid> cids = new ArrayList<>(body.length / Cid.BYTES);
        for (int at = 0; at < body.length; at += Cid.BYTES) {
            cids.add(cid(Arrays.copyOfRange(body, at, at + Cid.BYTES)));
        }
        return cids;
    }

    private static Cid cid(byte[] bytes) {
        try {
            return Cid.fromBytes(bytes);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(0, "no CID: " + e.getMessage());
        }
    }

    static byte[] encode(Fork fork) {
        return new CborWriter().list(2).bytes(fork.first()).bytes(fork.second()).toBytes();
    }

    /** @param dao to which both must belong */
    static Halves decodeFork(byte[] message, Cid dao) {
        CborReader in = new CborReader(message);
        in.readListExactly(2);
        byte[] one = in.readBytes(Entry.SIZE_MAX_BYTES);
        byte[] other = in.readBytes(Entry.SIZE_MAX_BYTES);
        in.finish();
        Entry first = EntryCodec.decode(one);
        Entry second = EntryCodec.decode(other);
        if (!first.key().equals(second.key())
                || first.sequence() != second.sequence()
                || first.cid().compareTo(second.cid()) >= 0
                || !first.belongsTo().equals(dao)
                || !second.belongsTo().equals(dao)) {
            throw new MalformedException(0, "two entries that are no fork");
        }
        return new Halves(first, second, new Fork(one, other));
    }
}
