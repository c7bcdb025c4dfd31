// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.Map;

/**
 * A request is not answered as its sender hoped. The message is one line: what is wrong and what to do.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457: Problem Details for HTTP APIs</a>
 */
final class Problem extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    Problem(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = Map.copyOf(headers);
    }

    Problem(int status, String message) {
        this(status, message, Map.of());
    }

    static Problem bad(String message) {
        return new Problem(400, message);
    }

    static Problem notFound(String message) {
        return new Problem(404, message);
    }

    static Problem unavailable(String message) {
        return new Problem(503, message, Map.of("Retry-After", "1"));
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }
}
