// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;

/** What a sponsor needs to propose a notary: its key and that key's consent to serve the DAO. It holds nothing secret. */
record NotaryCard(PublicKey notary, Cid dao, Signature consent) {

    static final String FORMAT = "althing-notary-card-1";
    private static final List<String> FIELDS = List.of("notary", "dao", "consent");

    static NotaryCard of(Signer notary, Cid dao) {
        return new NotaryCard(notary.key(), dao, Consent.ofNotary(dao, notary));
    }

    /** Reads a card that {@link #json} wrote, and checks its consent: else only the end of the vote would show that it is bad. */
    static NotaryCard read(Path file) throws Failure, IOException {
        CardFile read = CardFile.read(file, FORMAT, FIELDS, "notary card", "althing key notary");
        NotaryCard card = new NotaryCard(read.key("notary"), read.cid("dao"), read.signature("consent"));
        if (!Consent.isByNotary(Ed25519.fastest(), card.dao, card.notary, card.consent)) {
            throw Failure.usage(file
                    + ": field 'consent' is not by this notary for this DAO; let its operator make the card again");
        }
        return card;
    }

    ObjectNode json() {
        return Json.object()
                .put("card", FORMAT)
                .put("notary", notary.toString())
                .put("dao", dao.toString())
                .put("consent", consent.toString());
    }
}
