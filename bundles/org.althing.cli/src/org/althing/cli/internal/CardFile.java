// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;

/** A small file of somebody else, in JSON: what goes wrong names file and field. */
final class CardFile {

    private static final int SIZE_MAX_BYTES = 16 * 1024;

    private final Path file;
    private final JsonNode card;

    private CardFile(Path file, JsonNode card) {
        this.file = file;
        this.card = card;
    }

    /**
     * Reads a card.
     *
     * @param format what field {@code card} must say
     * @param kind {@code member card}
     * @param maker the command that makes one
     */
    static CardFile read(Path file, String format, String kind, String maker) throws Failure, IOException {
        CardFile read = new CardFile(file, tree(file, kind, maker));
        if (!format.equals(read.card.path("card").asText())) {
            throw Failure.usage(
                    file + " is no " + kind + ": field 'card' is not '" + format + "'; make one with `" + maker + "`");
        }
        return read;
    }

    private static JsonNode tree(Path file, String kind, String maker) throws Failure, IOException {
        try {
            JsonNode card = Json.parse(InputFile.text(file, SIZE_MAX_BYTES));
            if (card != null && card.isObject()) {
                return card;
            }
        } catch (JsonProcessingException e) {
            throw Failure.usage(file + " is no " + kind + ": line "
                    + e.getLocation().getLineNr() + " is not JSON; make one with `" + maker + "`");
        }
        throw Failure.usage(file + " is no " + kind + ": it holds no JSON object; make one with `" + maker + "`");
    }

    String text(String field) throws Failure {
        JsonNode value = card.path(field);
        if (!value.isTextual()) {
            throw Failure.usage(file + ": field '" + field + "' is missing");
        }
        return value.asText();
    }

    PublicKey key(String field) throws Failure {
        try {
            return PublicKey.parse(text(field));
        } catch (IllegalArgumentException e) {
            throw bad(field, e);
        }
    }

    Cid cid(String field) throws Failure {
        try {
            return Cid.parse(text(field));
        } catch (IllegalArgumentException e) {
            throw bad(field, e);
        }
    }

    Signature signature(String field) throws Failure {
        try {
            return Signature.of(HexFormat.of().parseHex(text(field)));
        } catch (IllegalArgumentException e) {
            throw bad(field, e);
        }
    }

    private Failure bad(String field, IllegalArgumentException e) {
        return Failure.usage(file + ": field '" + field + "': " + e.getMessage());
    }
}
