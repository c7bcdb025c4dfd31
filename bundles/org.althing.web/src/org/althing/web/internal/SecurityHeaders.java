// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.HashMap;
import java.util.Map;

/**
 * What every answer tells browsers: load nothing from elsewhere, show it in no frame, guess no types, tell nobody where one comes from; and
 * over TLS, come back by HTTPS only.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6797">RFC 6797: HTTP Strict Transport Security</a>
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy Level 3</a>
 */
final class SecurityHeaders {

    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "X-Frame-Options",
            "DENY");

    private static final Map<String, String> SECURE = secure();

    private SecurityHeaders() {}

    private static Map<String, String> secure() {
        Map<String, String> headers = new HashMap<>(ALWAYS);
        headers.put("Strict-Transport-Security", "max-age=" + HttpLimits.HTTPS_ONLY_SECONDS);
        return Map.copyOf(headers);
    }

    /** @param secure whether the answer goes over TLS */
    static Map<String, String> of(boolean secure) {
        return secure ? SECURE : ALWAYS;
    }
}
