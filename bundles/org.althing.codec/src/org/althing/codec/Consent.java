// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;
import org.althing.api.Signer;

/** What keys sign to say that they belong together in one DAO, or serve it; see "Signatures" in docs/formats/althing.cddl. */
public final class Consent {

    private Consent() {}

    /**
     * Stands for a DAO that is still to be founded, whose own CID cannot be known before its founders have consented: by it they consent to
     * this name and to this convener. The rest of the charter is the convener's, who may found several DAOs of that name with one consent.
     *
     * @param convener root key of the first founder, who signs the charter
     */
    public static Cid founding(PublicKey convener, String name) {
        return Cid.hash(new CborWriter(192)
                .list(3)
                .text("althing-founding-1")
                .bytes(convener.toBytes())
                .text(name)
                .toBytes());
    }

    /**
     * The device key consents to belong to this member.
     *
     * @param dao or what {@link #founding} gives
     */
    public static Signature ofDevice(Cid dao, PublicKey root, Signer device) {
        return device.sign(Tag.DEVICE.prefix(message(dao, root)));
    }

    /**
     * The member consents to be admitted with this device key.
     *
     * @param dao or what {@link #founding} gives
     */
    public static Signature ofMember(Cid dao, PublicKey device, Signer root) {
        return ofMember(dao, device, Optional.empty(), root);
    }

    /**
     * The member consents to be admitted with this device key and, to a private DAO, this reading key.
     *
     * @param dao or what {@link #founding} gives
     */
    public static Signature ofMember(Cid dao, PublicKey device, Optional<ReadingKey> reader, Signer root) {
        return root.sign(Tag.MEMBER.prefix(message(dao, device, reader)));
    }

    /** The notary key consents to serve a DAO. */
    public static Signature ofNotary(Cid dao, Signer notary) {
        return notary.sign(Tag.NOTARY.prefix(message(dao, notary.key())));
    }

    /** Whether the device key has consented. */
    public static boolean isByDevice(Ed25519 signatures, Cid dao, PublicKey root, PublicKey device, Signature proof) {
        return signatures.verify(Tag.DEVICE, device, message(dao, root), proof);
    }

    /** Whether the member has consented. */
    public static boolean isByMember(
            Ed25519 signatures,
            Cid dao,
            PublicKey root,
            PublicKey device,
            Optional<ReadingKey> reader,
            Signature proof) {
        return signatures.verify(Tag.MEMBER, root, message(dao, device, reader), proof);
    }

    /** Whether the notary key has consented. */
    public static boolean isByNotary(Ed25519 signatures, Cid dao, PublicKey notary, Signature consent) {
        return signatures.verify(Tag.NOTARY, notary, message(dao, notary), consent);
    }

    private static byte[] message(Cid dao, PublicKey device, Optional<ReadingKey> reader) {
        return reader.map(key -> new CborWriter(128)
                        .list(3)
                        .link(dao)
                        .bytes(device.toBytes())
                        .bytes(key.toBytes())
                        .toBytes())
                .orElseGet(() -> message(dao, device));
    }

    private static byte[] message(Cid dao, PublicKey other) {
        return new CborWriter(96).list(2).link(dao).bytes(other.toBytes()).toBytes();
    }
}
