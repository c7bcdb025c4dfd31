// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.jspecify.annotations.Nullable;

/** The encoding of entries, and what exactly their signatures cover; see docs/formats/althing.cddl. */
public final class EntryCodec {

    static final int TYPE_MAX_BYTES = 16;

    private EntryCodec() {}

    /**
     * An entry before it is signed.
     *
     * @see Entry
     */
    public record Draft(
            @Nullable Cid dao,
            PublicKey key,
            long sequence,
            @Nullable Cid previous,
            @Nullable Cid seen,
            long timeMillis,
            Body body) {}

    /** Signs a draft with its own key and gives the complete bytes of the entry. */
    public static byte[] sign(Draft draft, Signer signer) {
        if (!signer.key().equals(draft.key())) {
            throw new IllegalArgumentException("the draft is by " + draft.key() + ", the signer has " + signer.key());
        }
        byte[] payload = payload(draft);
        byte[] bytes = entry(payload, signer.sign(Tag.ENTRY.prefix(payload)));
        int sizeMaxBytes = sizeMaxBytes(draft.body());
        if (bytes.length > sizeMaxBytes) {
            throw new IllegalArgumentException("the entry has " + bytes.length + " bytes; at most " + sizeMaxBytes
                    + " are allowed, shorten its text");
        }
        return bytes;
    }

    /** Complete canonical bytes of an entry. */
    public static byte[] encode(Entry entry) {
        byte[] payload = payload(new Draft(
                entry.dao(),
                entry.key(),
                entry.sequence(),
                entry.previous(),
                entry.seen(),
                entry.timeMillis(),
                entry.signedBody()));
        return entry(payload, entry.signature());
    }

    /**
     * Reads an entry; its signature is not checked.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of an entry, or break a bound that holds for every entry
     */
    public static Entry decode(byte[] bytes) {
        if (bytes.length > Entry.EQUIVOCATION_SIZE_MAX_BYTES) {
            throw tooLarge(Entry.EQUIVOCATION_SIZE_MAX_BYTES);
        }
        CborReader in = new CborReader(bytes);
        in.readListExactly(2);
        in.readMapExactly(9);
        in.expectKey("v");
        in.readLong(Entry.FORMAT_VERSION, Entry.FORMAT_VERSION);
        in.expectKey("dao");
        Cid dao = readLinkOrNull(in);
        in.expectKey("key");
        PublicKey key = RulesCodec.readKey(in);
        in.expectKey("seq");
        long sequence = in.readLong(0, Long.MAX_VALUE);
        in.expectKey("body");
        int bodyAt = in.position();
        in.skip();
        int bodyEnd = in.position();
        in.expectKey("prev");
        Cid previous = readLinkOrNull(in);
        in.expectKey("seen");
        Cid seen = readLinkOrNull(in);
        in.expectKey("time");
        long time = in.readLong(0, Entry.TIME_MAX_MILLIS);
        in.expectKey("type");
        String type = in.readText(TYPE_MAX_BYTES);
        Signature signature = Signature.of(in.readBytesExactly(Signature.BYTES));
        in.finish();
        // Keys are sorted, so the body comes before the type that tells how to read it.
        CborReader bodyIn = new CborReader(bytes, bodyAt, bodyEnd);
        Body body = BodyCodec.read(bodyIn, type);
        bodyIn.finish();
        if (bytes.length > sizeMaxBytes(body)) {
            throw tooLarge(sizeMaxBytes(body));
        }
        if ((previous == null) != (sequence == 0)) {
            throw new MalformedException(bodyEnd, "the first entry of a key, and no other, has no previous entry");
        }
        if ((dao == null || seen == null) != body instanceof Body.Charter || (dao == null) != (seen == null)) {
            throw new MalformedException(bodyEnd, "a charter, and no other entry, names no dao and no seal");
        }
        return new Entry(Cid.hash(bytes), bytes.length, dao, key, sequence, previous, seen, time, body, signature);
    }

    private static int sizeMaxBytes(Body body) {
        return body instanceof Body.Equivocation ? Entry.EQUIVOCATION_SIZE_MAX_BYTES : Entry.SIZE_MAX_BYTES;
    }

    private static MalformedException tooLarge(int sizeMaxBytes) {
        return new MalformedException(sizeMaxBytes, "such an entry has at most " + sizeMaxBytes + " bytes");
    }

    /** What the signature of an entry covers: the tag and the payload. The bytes must be such as {@link #decode} accepts. */
    public static byte[] signedMessage(byte[] entry) {
        CborReader in = new CborReader(entry);
        in.readListExactly(2);
        return Tag.ENTRY.prefix(in.slice());
    }

    private static byte[] entry(byte[] payload, Signature signature) {
        return new CborWriter(payload.length + 72)
                .list(2)
                .raw(payload)
                .bytes(signature.toBytes())
                .toBytes();
    }

    private static byte[] payload(Draft draft) {
        CborWriter out = new CborWriter();
        out.map(9);
        out.key("v").integer(Entry.FORMAT_VERSION);
        writeLinkOrNull(out.key("dao"), draft.dao());
        out.key("key").bytes(draft.key().toBytes());
        out.key("seq").integer(draft.sequence());
        BodyCodec.write(out.key("body"), draft.body());
        writeLinkOrNull(out.key("prev"), draft.previous());
        writeLinkOrNull(out.key("seen"), draft.seen());
        out.key("time").integer(draft.timeMillis());
        out.key("type").text(BodyCodec.type(draft.body()));
        return out.toBytes();
    }

    static void writeLinkOrNull(CborWriter out, @Nullable Cid cid) {
        if (cid == null) {
            out.nil();
        } else {
            out.link(cid);
        }
    }

    static @Nullable Cid readLinkOrNull(CborReader in) {
        return in.tryNull() ? null : in.readLink();
    }
}
