// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Notary;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;

/** The encoding of seal headers and certificates, and what makes a certificate good; see docs/formats/althing.cddl. */
public final class SealCodec {

    private SealCodec() {}

    /** Canonical bytes of a header; their hash is the seal's name. */
    public static byte[] encode(SealHeader header) {
        CborWriter out = new CborWriter();
        out.map(12);
        out.key("v").integer(SealHeader.FORMAT_VERSION);
        out.key("dao").link(header.dao());
        out.key("set").link(header.set());
        out.key("time").integer(header.timeMillis());
        out.key("view").integer(header.view());
        out.key("count").integer(header.count());
        out.key("epoch").integer(header.epoch());
        out.key("state").link(header.state());
        out.key("height").integer(header.height());
        out.key("entries").bytes(header.entriesRoot());
        out.key("nextSet").link(header.nextSet());
        EntryCodec.writeLinkOrNull(out.key("previous"), header.previous());
        return out.toBytes();
    }

    /**
     * Reads a header.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of one
     */
    public static SealHeader decodeHeader(byte[] bytes) {
        CborReader in = new CborReader(bytes);
        in.readMapExactly(12);
        in.expectKey("v");
        in.readLong(SealHeader.FORMAT_VERSION, SealHeader.FORMAT_VERSION);
        in.expectKey("dao");
        Cid dao = in.readLink();
        in.expectKey("set");
        Cid set = in.readLink();
        in.expectKey("time");
        long time = in.readLong(0, Entry.TIME_MAX_MILLIS);
        in.expectKey("view");
        long view = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("count");
        int count = (int) in.readLong(0, SealHeader.ENTRIES_MAX);
        in.expectKey("epoch");
        long epoch = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("state");
        Cid state = in.readLink();
        in.expectKey("height");
        int at = in.position();
        long height = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("entries");
        byte[] entriesRoot = in.readBytesExactly(Cid.DIGEST_BYTES);
        in.expectKey("nextSet");
        Cid nextSet = in.readLink();
        in.expectKey("previous");
        Cid previous = EntryCodec.readLinkOrNull(in);
        in.finish();
        if ((previous == null) != (height == 0)) {
            throw new MalformedException(at, "the first seal, and no other, has no parent");
        }
        return new SealHeader(dao, epoch, view, height, previous, time, count, entriesRoot, state, set, nextSet);
    }

    /** Canonical bytes of a certificate. */
    public static byte[] encode(Certificate certificate) {
        CborWriter out = new CborWriter();
        out.map(6);
        out.key("dao").link(certificate.dao());
        out.key("kind").text(RulesCodec.word(certificate.kind()));
        out.key("view").integer(certificate.view());
        out.key("epoch").integer(certificate.epoch());
        out.key("votes").list(certificate.votes().size());
        for (Certificate.Vote vote : certificate.votes()) {
            out.list(2).bytes(vote.key().toBytes()).bytes(vote.signature().toBytes());
        }
        out.key("header").link(certificate.header());
        return out.toBytes();
    }

    /**
     * Reads a certificate; its signatures are not checked.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of one
     */
    public static Certificate decodeCertificate(byte[] bytes) {
        CborReader in = new CborReader(bytes);
        in.readMapExactly(6);
        in.expectKey("dao");
        Cid dao = in.readLink();
        in.expectKey("kind");
        Certificate.Kind kind = RulesCodec.word(Certificate.Kind.class, in);
        in.expectKey("view");
        long view = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("epoch");
        long epoch = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("votes");
        List<Certificate.Vote> votes = readVotes(in);
        in.expectKey("header");
        Cid header = in.readLink();
        in.finish();
        return new Certificate(kind, dao, epoch, view, header, votes);
    }

    /** What a notary signs to vote for a header. */
    public static byte[] voteMessage(Certificate.Kind kind, Cid dao, long epoch, long view, Cid header) {
        CborWriter out = new CborWriter();
        out.list(5)
                .text(RulesCodec.word(kind))
                .link(dao)
                .integer(epoch)
                .integer(view)
                .link(header);
        return Tag.VOTE.prefix(out.toBytes());
    }

    /** Notaries that must agree: n - f, where f = floor((n - 1) / 3) may be broken or lying. */
    public static int quorum(int notaries) {
        return notaries - (notaries - 1) / 3;
    }

    /**
     * Why a certificate does not make this header final; empty if it does.
     *
     * @param set the notaries that sign the header
     */
    public static Optional<String> refuse(
            Certificate certificate, SealHeader header, Cid headerCid, List<Notary> set, Ed25519 signatures) {
        if (certificate.kind() != Certificate.Kind.FINALIZE) {
            return Optional.of("the certificate does not finalize");
        }
        if (!certificate.header().equals(headerCid)
                || !certificate.dao().equals(header.dao())
                || certificate.epoch() != header.epoch()
                || certificate.view() != header.view()) {
            return Optional.of("the certificate is for another seal");
        }
        if (!RulesCodec.setHash(set).equals(header.set())) {
            return Optional.of("the header names another notary set");
        }
        Set<PublicKey> notaries = new HashSet<>(set.stream().map(Notary::key).toList());
        byte[] message =
                voteMessage(certificate.kind(), certificate.dao(), certificate.epoch(), certificate.view(), headerCid);
        for (Certificate.Vote vote : certificate.votes()) {
            if (!notaries.remove(vote.key())) {
                return Optional.of(vote.key() + " is not a notary of this seal, or votes twice");
            }
            if (!signatures.verify(vote.key(), message, vote.signature())) {
                return Optional.of("the vote of " + vote.key() + " has a bad signature");
            }
        }
        int votes = certificate.votes().size();
        return votes >= quorum(set.size())
                ? Optional.empty()
                : Optional.of(votes + " of " + set.size() + " notaries signed; " + quorum(set.size()) + " are needed");
    }

    private static List<Certificate.Vote> readVotes(CborReader in) {
        int at = in.position();
        int count = in.readList(Body.NOTARIES_MAX);
        List<Certificate.Vote> votes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.readListExactly(2);
            PublicKey key = RulesCodec.readKey(in);
            votes.add(new Certificate.Vote(key, Signature.of(in.readBytesExactly(Signature.BYTES))));
            if (i > 0 && votes.get(i - 1).key().compareTo(key) >= 0) {
                throw new MalformedException(at, "votes must stand in ascending order of their keys, each once");
            }
        }
        return votes;
    }
}
