// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Encloses what entries of a private DAO say, and opens it; see "Private DAOs" in docs/formats/althing.cddl. Whoever holds a group key finds the same in a
 * box, or the same nothing.
 */
public final class Enclosure {

    /** Size of a group key, in bytes. */
    public static final int KEY_SIZE_BYTES = 32;

    private static final String NAME_TAG = "althing-group-1";
    private static final byte[] BOX_TAG = "althing-box-1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte EXPAND_FIRST = 1;
    private static final int NONCE_BYTES = 12;

    private Enclosure() {}

    /** The name of a group key, which binds to it and does not tell it. */
    public static Cid name(byte[] groupKey) {
        if (groupKey.length != KEY_SIZE_BYTES) {
            throw new IllegalArgumentException("a group key has 32 bytes, not " + groupKey.length);
        }
        return Cid.hash(
                new CborWriter(64).list(2).text(NAME_TAG).bytes(groupKey).toBytes());
    }

    /** Whether bodies of this kind are enclosed in private DAOs. What keys do is not: who lost its node has no group key. */
    public static boolean isEnclosed(Body body) {
        return switch (body) {
            case Body.Proposal b -> true;
            case Body.Sponsorship b -> true;
            case Body.Withdrawal b -> true;
            case Body.Veto b -> true;
            case Body.Ballot b -> true;
            case Body.Comment b -> true;
            case Body.Counted b -> true;
            case Body.Charter b -> false;
            case Body.KeyAdded b -> false;
            case Body.KeyRevoked b -> false;
            case Body.ReaderChanged b -> false;
            case Body.GroupKey b -> false;
            case Body.Equivocation b -> false;
            case Body.Enclosed b -> false;
        };
    }

    /**
     * A draft whose body is enclosed, unless it is of a kind that stays in clear.
     *
     * @param salt 32 random bytes, never used before
     */
    public static EntryCodec.Draft enclose(EntryCodec.Draft draft, byte[] groupKey, byte[] salt) {
        if (!isEnclosed(draft.body())) {
            return draft;
        }
        CborWriter out = new CborWriter();
        out.list(2).text(BodyCodec.type(draft.body()));
        BodyCodec.write(out, draft.body());
        return enclose(draft, Padding.pad(out.toBytes()), groupKey, salt);
    }

    /** @param padded what goes into the box */
    static EntryCodec.Draft enclose(EntryCodec.Draft draft, byte[] padded, byte[] groupKey, byte[] salt) {
        byte[] key = boxKey(groupKey, salt, draft.dao(), draft.key(), draft.sequence(), draft.previous());
        Body body = new Body.Enclosed(
                name(groupKey), salt, crypt(Cipher.ENCRYPT_MODE, key, padded).orElseThrow());
        return new EntryCodec.Draft(
                draft.dao(), draft.key(), draft.sequence(), draft.previous(), draft.seen(), draft.timeMillis(), body);
    }

    /** The entry with what is in its enclosed body; empty if this key does not open it, or what is in it is nothing that is enclosed. */
    public static Optional<Entry> open(Entry entry, byte[] groupKey) {
        if (!(entry.body() instanceof Body.Enclosed enclosed)) {
            return Optional.empty();
        }
        byte[] key = boxKey(groupKey, enclosed.salt(), entry.dao(), entry.key(), entry.sequence(), entry.previous());
        return crypt(Cipher.DECRYPT_MODE, key, enclosed.box())
                .flatMap(Enclosure::read)
                .map(entry::opened);
    }

    private static Optional<Body> read(byte[] padded) {
        try {
            CborReader in = new CborReader(padded);
            in.readListExactly(2);
            Body body = BodyCodec.read(in, in.readText(EntryCodec.TYPE_MAX_BYTES));
            return Padding.isPadded(padded, in.position()) && isEnclosed(body) ? Optional.of(body) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** HKDF-Expand (RFC 5869, section 2.3) of the group key, one block long. */
    private static byte[] boxKey(
            byte[] groupKey, byte[] salt, @Nullable Cid dao, PublicKey author, long sequence, @Nullable Cid previous) {
        CborWriter place = new CborWriter(160).list(4);
        EntryCodec.writeLinkOrNull(place, dao);
        place.bytes(author.toBytes()).integer(sequence);
        EntryCodec.writeLinkOrNull(place, previous);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(groupKey, "HmacSHA256"));
            mac.update(BOX_TAG);
            mac.update(salt);
            mac.update(Sha256.hash(place.toBytes()));
            mac.update(EXPAND_FIRST);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform is without HMAC", e);
        }
    }

    /** The nonce is zero: no key of a box is used twice. */
    private static Optional<byte[]> crypt(int mode, byte[] key, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
            cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(new byte[NONCE_BYTES]));
            return Optional.of(cipher.doFinal(text));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform is without ChaCha20-Poly1305", e);
        }
    }
}
