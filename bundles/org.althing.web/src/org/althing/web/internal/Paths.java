// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads paths and queries strictly: what two readers could understand in two ways is refused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986">RFC 3986: URI</a>
 */
final class Paths {

    private Paths() {}

    /** A path with its percent signs resolved once; no segment of it climbs or hides a separator. */
    static String decode(String raw) throws Problem {
        if (!raw.startsWith("/")) {
            throw Problem.bad("a path begins with a slash");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : raw.substring(1).split("/", -1)) {
            String decoded = unescape(segment.replace("+", "%2B"));
            boolean unclear = decoded.equals(".")
                    || decoded.equals("..")
                    || decoded.chars().anyMatch(c -> c == '/' || c == '\\' || c == ';' || Character.isISOControl(c));
            if (unclear) {
                throw Problem.bad("the path is not plain; write it without dots, escapes of slashes and the like");
            }
            segments.add(decoded);
        }
        return "/" + String.join("/", segments);
    }

    static Map<String, String> query(@Nullable String raw) throws Problem {
        Map<String, String> parameters = new HashMap<>();
        if (raw == null || raw.isEmpty()) {
            return parameters;
        }
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = unescape(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : unescape(pair.substring(equals + 1));
            if (value.length() > HttpLimits.PARAMETER_MAX_CHARS) {
                throw Problem.bad("a parameter has at most " + HttpLimits.PARAMETER_MAX_CHARS + " characters");
            }
            if (parameters.put(name, value) != null) {
                throw Problem.bad("a parameter is given twice; give it once");
            }
        }
        return parameters;
    }

    private static String unescape(String text) throws Problem {
        try {
            String bytes = URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw Problem.bad("the address is not UTF-8 in percent signs; escape it again");
        }
    }
}
