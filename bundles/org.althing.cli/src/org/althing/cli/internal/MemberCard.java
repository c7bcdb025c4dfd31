// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.identity.Keystore;

/**
 * What a sponsor needs to propose somebody's admission: name, keys, and the keys' consent. It holds nothing secret.
 *
 * @param dao the DAO that the consents are for; empty for founders
 */
record MemberCard(
        String name, PublicKey root, PublicKey device, Optional<Cid> dao, Signature deviceProof, Signature rootProof) {

    static final String FORMAT = "althing-member-card-1";

    /** The card of an open identity. */
    static MemberCard of(Keystore.Unlocked identity, Optional<Cid> dao) {
        PublicKey root = identity.identity().root();
        PublicKey device = identity.identity().device();
        return new MemberCard(
                identity.identity().name(),
                root,
                device,
                dao,
                Proofs.device(dao.orElse(null), root, identity.device()),
                Proofs.root(dao.orElse(null), device, identity.root()));
    }

    /** Reads a card that {@link #json} wrote; whether its proofs are good, the node says. */
    static MemberCard read(Path file) throws Failure, IOException {
        CardFile card = CardFile.read(file, FORMAT, "member card", "althing key card");
        String name = card.text("name");
        if (name.getBytes(StandardCharsets.UTF_8).length > Body.NAME_MAX_BYTES) {
            throw Failure.usage(file + ": field 'name' is longer than " + Body.NAME_MAX_BYTES + " bytes");
        }
        return new MemberCard(
                name,
                card.key("root"),
                card.key("device"),
                card.has("dao") ? Optional.of(card.cid("dao")) : Optional.empty(),
                card.signature("deviceProof"),
                card.signature("rootProof"));
    }

    ObjectNode json() {
        ObjectNode card = Json.object();
        card.put("card", FORMAT).put("name", name).put("root", root.toString()).put("device", device.toString());
        card.put("dao", dao.map(Cid::toString).orElse(null));
        return card.put("deviceProof", deviceProof.toString()).put("rootProof", rootProof.toString());
    }

    Action.Admit admit(SortedSet<String> roles, BigInteger power) {
        return new Action.Admit(name, root, device, deviceProof, rootProof, roles, power);
    }
}
