// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static final String HERE = "127.0.0.1:80";

    private Rules rules = rules(false);

    private static Rules rules(boolean secure) {
        return new Rules(
                "127.0.0.1", List.of("dao.example"), secure, new Rate(1_000, 1_000, 10, () -> 0), new Refusals());
    }

    private int status(String path, @Nullable String origin, @Nullable String fetchSite) {
        return status(path, HERE, origin, fetchSite);
    }

    private int status(String path, String host, @Nullable String origin, @Nullable String fetchSite) {
        Knock knock = new Knock("GET", path, host, "127.0.0.1", origin, fetchSite, "127.0.0.1", "127.0.0.1");
        try {
            assertThat(rules.judge(knock)).isZero();
            return 200;
        } catch (Problem problem) {
            return problem.status();
        }
    }

    @Test
    void aStreamIsNotForOtherPagesHoweverItsPathIsSpelled() {
        assertThat(status("/api/v1/events", null, null)).isEqualTo(200);
        assertThat(status("/api/v1/events", "http://" + HERE, "same-origin")).isEqualTo(200);
        for (String path : List.of("/api/v1/events", "/api/v1/event%73", "/api/%76%31/events")) {
            assertThat(status(path, "http://evil.example", null)).as(path).isEqualTo(403);
            assertThat(status(path, null, "cross-site")).as(path).isEqualTo(403);
        }
    }

    @Test
    void aPathWithTwoReadingsIsRefused() {
        for (String path :
                List.of("/api/v1/events;x=1", "/api/v1/./events", "/api/v1/x/../events", "/api/v1/%2e/events")) {
            assertThat(status(path, null, null)).as(path).isEqualTo(400);
        }
    }

    @Test
    void administrationIsNotForOtherPages() {
        assertThat(status("/api/v1/admin/problems", null, null)).isEqualTo(200);
        assertThat(status("/api/v1/admin/problems", null, "cross-site")).isEqualTo(403);
        assertThat(status("/api/v1/%61dmin/problems", null, "cross-site")).isEqualTo(403);
    }

    @Test
    void behindAProxyOurOwnPageComesByHttps() {
        String events = "/api/v1/events";
        assertThat(status(events, "dao.example", "https://dao.example", null)).isEqualTo(200);
        assertThat(status(events, "dao.example", "https://evil.example", null)).isEqualTo(403);
        assertThat(status(events, HERE, "https://" + HERE, null)).isEqualTo(403);
    }

    @Test
    void givenTls_thenOurOwnPageComesByHttpsAlone() {
        rules = rules(true);
        String events = "/api/v1/events";
        assertThat(status(events, "https://" + HERE, "same-origin")).isEqualTo(200);
        assertThat(status(events, "http://" + HERE, null)).isEqualTo(403);
        assertThat(status(events, "dao.example", "https://dao.example", null)).isEqualTo(200);
        assertThat(status(events, "dao.example", "http://dao.example", null)).isEqualTo(403);
    }

    @Test
    void otherPagesMayLinkHere() {
        assertThat(status("/", null, "cross-site")).isEqualTo(200);
    }
}
