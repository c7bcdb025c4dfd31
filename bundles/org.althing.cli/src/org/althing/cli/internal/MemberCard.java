// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.identity.Keystore;
import org.althing.codec.Consent;

/**
 * What a sponsor needs to propose somebody's admission: name, keys, and the keys' consent. It holds nothing secret.
 *
 * @param dao the DAO that the consents are for, or its {@link Consent#founding founding}
 */
record MemberCard(String name, PublicKey root, PublicKey device, Cid dao, Signature deviceProof, Signature rootProof) {

    static final String FORMAT = "althing-member-card-1";
    private static final List<String> FIELDS = List.of("name", "root", "device", "dao", "deviceProof", "rootProof");

    /** The card of an open identity. */
    static MemberCard of(Keystore.Unlocked identity, Cid dao) {
        PublicKey root = identity.identity().root();
        PublicKey device = identity.identity().device();
        return new MemberCard(
                identity.identity().name(),
                root,
                device,
                dao,
                Consent.ofDevice(dao, root, identity.device()),
                Consent.ofMember(dao, device, identity.root()));
    }

    /** Reads a card that {@link #json} wrote; whether its proofs are good, the node says. */
    static MemberCard read(Path file) throws Failure, IOException {
        CardFile card = CardFile.read(file, FORMAT, FIELDS, "member card", "althing key card");
        String name = Limits.text(file + ", field 'name'", card.text("name"), 1, Body.NAME_MAX_BYTES);
        return new MemberCard(
                name,
                card.key("root"),
                card.key("device"),
                card.cid("dao"),
                card.signature("deviceProof"),
                card.signature("rootProof"));
    }

    ObjectNode json() {
        ObjectNode card = Json.object();
        card.put("card", FORMAT).put("name", name).put("root", root.toString()).put("device", device.toString());
        card.put("dao", dao.toString());
        return card.put("deviceProof", deviceProof.toString()).put("rootProof", rootProof.toString());
    }

    Action.Admit admit(SortedSet<String> roles, BigInteger power) {
        return new Action.Admit(name, root, device, deviceProof, rootProof, roles, power);
    }
}
