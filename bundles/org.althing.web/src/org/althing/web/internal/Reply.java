// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.nio.file.Path;
import java.util.Map;

/**
 * What goes back.
 *
 * @param headers beside content type and length
 */
record Reply(int status, String type, Content content, Map<String, String> headers) {

    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";

    Reply {
        headers = Map.copyOf(headers);
    }

    sealed interface Content {}

    record Bytes(byte[] bytes) implements Content {}

    /** A file that {@link Exports#delete} deletes when it is sent, or cannot be. */
    record TemporaryFile(Path file) implements Content {}

    /** The question was fine, and there is nothing. */
    static Reply nothing() {
        return new Reply(204, "", new Bytes(new byte[0]), Map.of());
    }

    static Reply ok(String type, byte[] bytes) {
        return new Reply(200, type, new Bytes(bytes), Map.of());
    }
}
