// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;

/** A small file of somebody else, in JSON: what goes wrong names file and field. */
final class CardFile {

    private static final int SIZE_MAX_BYTES = 16 * 1024;
    private static final String FORMAT = "card";

    private final JsonFields card;

    private CardFile(JsonFields card) {
        this.card = card;
    }

    /**
     * Reads a card.
     *
     * @param format what field {@code card} must say
     * @param fields the others
     * @param kind {@code member card}
     * @param maker the command that makes one
     */
    static CardFile read(Path file, String format, List<String> fields, String kind, String maker)
            throws Failure, IOException {
        String text = InputFile.text(file, SIZE_MAX_BYTES);
        JsonFields card;
        try {
            card = JsonFields.read(file.toString(), text);
            if (!card.get(FORMAT).text().equals(format)) {
                throw card.get(FORMAT).wrong("it is not '" + format + "'");
            }
        } catch (Failure e) {
            throw Failure.usage(e.getMessage() + "; this is no " + kind + ", make one with `" + maker + "`");
        }
        List<String> known = new ArrayList<>(List.of(FORMAT));
        known.addAll(fields);
        return new CardFile(card.requireNoneBut(known));
    }

    String text(String field) throws Failure {
        return card.get(field).text();
    }

    PublicKey key(String field) throws Failure {
        try {
            return PublicKey.parse(text(field));
        } catch (IllegalArgumentException e) {
            throw bad(field, e);
        }
    }

    /** A field that only some cards have. */
    Optional<ReadingKey> readingKey(String field) throws Failure {
        if (!card.all().containsKey(field)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ReadingKey.parse(text(field)));
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

    Failure bad(String field, Exception problem) throws Failure {
        return card.get(field).wrong(String.valueOf(problem.getMessage()));
    }
}
