// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.governance.Notary;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.althing.codec.SealCodec;

/** Decides whether a certificate makes a header final. */
interface SealVerifier {

    /**
     * Why it does not; empty if it does.
     *
     * @param notaries the keys that may sign the header
     */
    Optional<String> refuse(Certificate certificate, SealHeader header, Cid cid, List<PublicKey> notaries);

    /** The certificate must hold the signatures of a quorum. */
    static SealVerifier bySignatures(Ed25519 signatures) {
        return (certificate, header, cid, notaries) ->
                SealCodec.refuse(certificate, header, cid, withoutAddresses(notaries), signatures);
    }

    static List<Notary> withoutAddresses(List<PublicKey> keys) {
        return keys.stream().map(key -> new Notary(key, List.of())).toList();
    }
}
