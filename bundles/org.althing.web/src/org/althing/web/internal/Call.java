// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request, complete.
 *
 * @param path decoded, begins with a slash
 * @param query parameters; one that is given twice was refused before
 * @param headers by lower-case name
 * @param remote address of the client
 */
record Call(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        String remote) {

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** Whether something is wanted that is not given unasked. */
    boolean wants(String name) throws Problem {
        return switch (query.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Problem.bad("parameter " + name + " must be true or false");
        };
    }

    /** A whole number. */
    long number(String name, long absent, long min, long max) throws Problem {
        String text = query.get(name);
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw Problem.bad("parameter " + name + " must be a whole number, " + min + " to " + max);
    }
}
