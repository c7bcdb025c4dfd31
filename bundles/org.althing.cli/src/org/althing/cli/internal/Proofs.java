// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.codec.CborWriter;
import org.althing.codec.Ed25519;
import org.althing.codec.Tag;
import org.jspecify.annotations.Nullable;

/** The consents of those who are admitted or chosen; see "Signatures" in docs/formats/althing.cddl. */
public final class Proofs {

    private Proofs() {}

    /**
     * The device key consents to belong to this member.
     *
     * @param dao null in a charter
     */
    public static Signature device(@Nullable Cid dao, PublicKey root, Signer device) {
        return device.sign(Tag.DEVICE.prefix(pair(dao, root)));
    }

    /**
     * The member consents to be admitted with this device key.
     *
     * @param dao null in a charter
     */
    public static Signature root(@Nullable Cid dao, PublicKey device, Signer root) {
        return root.sign(Tag.MEMBER.prefix(pair(dao, device)));
    }

    /** The notary key consents to serve a DAO. */
    public static Signature notary(Cid dao, Signer notary) {
        return notary.sign(Tag.NOTARY.prefix(pair(dao, notary.key())));
    }

    /** Whether this is what {@link #notary} gives. */
    static boolean consents(Ed25519 signatures, Cid dao, PublicKey notary, Signature consent) {
        return signatures.verify(Tag.NOTARY, notary, pair(dao, notary), consent);
    }

    private static byte[] pair(@Nullable Cid dao, PublicKey key) {
        CborWriter out = new CborWriter().list(2);
        return (dao == null ? out.nil() : out.link(dao)).bytes(key.toBytes()).toBytes();
    }
}
