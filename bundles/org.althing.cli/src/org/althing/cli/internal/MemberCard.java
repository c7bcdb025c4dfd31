// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.identity.Keystore;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;

/**
 * What a sponsor needs to propose somebody's admission: name, keys, and the keys' consent. It holds nothing secret.
 *
 * @param reader by which the member's node reads, for a private DAO
 * @param dao the DAO that the consents are for, or its {@link Consent#founding founding}
 */
record MemberCard(
        String name,
        PublicKey root,
        PublicKey device,
        Optional<ReadingKey> reader,
        Cid dao,
        Signature deviceProof,
        Signature rootProof) {

    static final String FORMAT = "althing-member-card-1";
    private static final String READER = "reader";
    private static final List<String> FIELDS =
            List.of("name", "root", "device", READER, "dao", "deviceProof", "rootProof");

    /** The card of an open identity. */
    static MemberCard of(Keystore.Unlocked identity, Cid dao, Optional<ReadingKey> reader) {
        PublicKey root = identity.identity().root();
        PublicKey device = identity.identity().device();
        return new MemberCard(
                identity.identity().name(),
                root,
                device,
                reader,
                dao,
                Consent.ofDevice(dao, root, identity.device()),
                Consent.ofMember(dao, device, reader, identity.root()));
    }

    /** Reads a card that {@link #json} wrote, and checks its proofs: they must be for the DAO that the card names. */
    static MemberCard read(Path file) throws Failure, IOException {
        CardFile read = CardFile.read(file, FORMAT, FIELDS, "member card", "althing key card");
        String name = Limits.text(file + ", field 'name'", read.text("name"), 1, Body.NAME_MAX_BYTES);
        MemberCard card = new MemberCard(
                name,
                read.key("root"),
                read.key("device"),
                read.readingKey(READER),
                read.cid("dao"),
                read.signature("deviceProof"),
                read.signature("rootProof"));
        Ed25519 signatures = Ed25519.fastest();
        if (!Consent.isByDevice(signatures, card.dao, card.root, card.device, card.deviceProof)) {
            throw bad(file, "deviceProof", "device key");
        }
        if (!Consent.isByMember(signatures, card.dao, card.root, card.device, card.reader, card.rootProof)) {
            throw bad(file, "rootProof", "root key");
        }
        return card;
    }

    private static Failure bad(Path file, String field, String key) {
        return Failure.usage(file + ": field '" + field + "' is not by this " + key
                + " for this DAO; let its owner make the card again with `althing key card`");
    }

    ObjectNode json() {
        ObjectNode card = Json.object();
        card.put("card", FORMAT).put("name", name).put("root", root.toString()).put("device", device.toString());
        reader.ifPresent(key -> card.put(READER, key.toString()));
        card.put("dao", dao.toString());
        return card.put("deviceProof", deviceProof.toString()).put("rootProof", rootProof.toString());
    }

    Action.Admit admit(SortedSet<String> roles, BigInteger power) {
        return new Action.Admit(name, root, device, deviceProof, rootProof, roles, power, reader);
    }
}
