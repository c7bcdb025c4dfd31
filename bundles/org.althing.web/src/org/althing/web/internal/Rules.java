// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in. A page of somebody else's, open in the browser of whoever runs this node, reaches it too: it gives itself away by the
 * {@code Host} field when its name was made to resolve to this machine (DNS rebinding), and by {@code Origin} or {@code Sec-Fetch-Site}
 * otherwise. Programs send neither of the latter.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20">RFC 9110, 421 Misdirected Request</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6454">RFC 6454: The Web Origin Concept</a>
 */
final class Rules {

    private static final long PAUSE_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(HttpLimits.RATE_PAUSE_MAX_MILLIS);

    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    /** Names given to a proxy in front, which may speak TLS: our own page then comes by https. */
    private final Set<String> proxied = new HashSet<>();

    private final Rate rate;
    private final Refusals refusals;

    private final boolean secure;

    /**
     * @param own the name or address that the door listens on
     * @param further names that it is known by
     * @param secure whether it speaks TLS
     */
    Rules(String own, List<String> further, boolean secure, Rate rate, Refusals refusals) {
        names.add(bracketed(own));
        further.forEach(name -> proxied.add(name.toLowerCase(Locale.ROOT)));
        names.addAll(proxied);
        this.secure = secure;
        this.rate = rate;
        this.refusals = refusals;
    }

    boolean secure() {
        return secure;
    }

    /**
     * Lets a request in.
     *
     * @return how long it must wait first, in nanoseconds, so that its address keeps to its rate
     * @throws Problem if it may not come in
     */
    long judge(Knock knock) throws Problem {
        OptionalLong pauseNanos = rate.reserve(knock.remote(), PAUSE_MAX_NANOS);
        if (pauseNanos.isEmpty()) {
            throw refused(
                    Refusals.Reason.RATE,
                    new Problem(429, "too many requests from your address; wait a second", Map.of("Retry-After", "1")));
        }
        if (!isOurs(knock.host(), knock.local()) || !isOurs(knock.target(), knock.local())) {
            throw refused(
                    Refusals.Reason.HOST,
                    new Problem(
                            421,
                            "this node is not called that; use its address, or start it with --http-name for a further name"));
        }
        String path;
        try {
            // Whoever answers may resolve dots, escapes and parameters: only a path that has one reading can be judged.
            path = Paths.decode(knock.path());
        } catch (Problem problem) {
            throw refused(Refusals.Reason.MALFORMED, problem);
        }
        boolean acts = !knock.method().equals("GET") && !knock.method().equals("HEAD");
        if ((acts || path.equals(EventStream.PATH) || path.startsWith(Admin.ROOT)) && isForeign(knock)) {
            throw refused(
                    Refusals.Reason.ORIGIN,
                    new Problem(403, "pages of other sites may not do this; open the page of this node instead"));
        }
        return pauseNanos.getAsLong();
    }

    private Problem refused(Refusals.Reason reason, Problem problem) {
        refusals.count(reason);
        return problem;
    }

    private boolean isOurs(@Nullable String authority, String local) {
        if (authority == null) {
            return false;
        }
        String name = name(authority);
        // An address cannot be made to resolve elsewhere, so the one that was reached is as good as a name.
        return names.contains(name) || name.equals(bracketed(local));
    }

    private boolean isForeign(Knock knock) {
        String site = knock.fetchSite();
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = knock.origin();
        return origin != null
                && !origin.equalsIgnoreCase((secure ? "https://" : "http://") + knock.host())
                && !(proxied.contains(name(knock.host())) && origin.equalsIgnoreCase("https://" + knock.host()));
    }

    private static String bracketed(String address) {
        return address.contains(":") ? "[" + address + "]" : address.toLowerCase(Locale.ROOT);
    }

    private static String name(@Nullable String authority) {
        String lower = authority == null ? "" : authority.toLowerCase(Locale.ROOT);
        int bracket = lower.lastIndexOf(']');
        int colon = lower.lastIndexOf(':');
        return colon > bracket ? lower.substring(0, colon) : lower;
    }
}
