// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
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
    private static final int FILE_SIZE_MAX_BYTES = 16 * 1024;

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
        if (Files.size(file) > FILE_SIZE_MAX_BYTES) {
            throw Failure.usage(file + " is no member card: it is larger than " + FILE_SIZE_MAX_BYTES + " bytes");
        }
        JsonNode card = tree(file);
        if (!FORMAT.equals(card.path("card").asText())) {
            throw Failure.usage(file + " is no member card: field 'card' is not '" + FORMAT
                    + "'; make one with `althing key card`");
        }
        String name = text(file, card, "name");
        if (name.getBytes(StandardCharsets.UTF_8).length > Body.NAME_MAX_BYTES) {
            throw Failure.usage(file + ": field 'name' is longer than " + Body.NAME_MAX_BYTES + " bytes");
        }
        return new MemberCard(
                name,
                key(file, card, "root"),
                key(file, card, "device"),
                cid(file, card, "dao"),
                signature(file, card, "deviceProof"),
                signature(file, card, "rootProof"));
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

    private static JsonNode tree(Path file) throws Failure, IOException {
        try {
            JsonNode card = Json.parse(Files.readString(file));
            if (card != null && card.isObject()) {
                return card;
            }
        } catch (JsonProcessingException e) {
            throw Failure.usage(file + " is no member card: line "
                    + e.getLocation().getLineNr() + " is not JSON; make one with `althing key card`");
        } catch (java.nio.charset.CharacterCodingException e) {
            throw Failure.usage(file + " is no member card: it is not UTF-8 text");
        }
        throw Failure.usage(file + " is no member card: it holds no JSON object; make one with `althing key card`");
    }

    private static String text(Path file, JsonNode card, String field) throws Failure {
        JsonNode value = card.path(field);
        if (!value.isTextual()) {
            throw Failure.usage(file + ": field '" + field + "' is missing");
        }
        return value.asText();
    }

    private static PublicKey key(Path file, JsonNode card, String field) throws Failure {
        try {
            return PublicKey.parse(text(file, card, field));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(file + ": field '" + field + "': " + e.getMessage());
        }
    }

    private static Cid cid(Path file, JsonNode card, String field) throws Failure {
        try {
            return Cid.parse(text(file, card, field));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(file + ": field '" + field + "': " + e.getMessage());
        }
    }

    private static Signature signature(Path file, JsonNode card, String field) throws Failure {
        try {
            return Signature.of(HexFormat.of().parseHex(text(file, card, field)));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(file + ": field '" + field + "': " + e.getMessage());
        }
    }
}
