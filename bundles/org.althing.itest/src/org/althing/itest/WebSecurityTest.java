// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What must not come through the HTTP door. */
@Timeout(120)
class WebSecurityTest {

    private static final String STATUS = "/api/v1/status";
    private static final String ENTRIES = "/api/v1/entries";
    private static final int BODY_SIZE_MAX_BYTES = 4 * 1024 * 1024;

    @TempDir
    Path data;

    private Community community;
    private Web web;

    @BeforeEach
    void open() throws Exception {
        community = Community.gathered(data, 1);
        web = Web.of(community);
    }

    @AfterEach
    void theNodeIsUnharmed() throws Exception {
        assertThat(web.get("/health").statusCode()).isEqualTo(200);
        web.close();
        community.close();
    }

    private String get(String path, String... fields) throws IOException {
        return web.raw("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", fields) + "\r\n\r\n");
    }

    @Test
    void everyAnswerTellsBrowsersToBeCareful() throws Exception {
        for (String path : List.of("/", STATUS, "/nothing", "/%zz")) {
            String answer = get(path, "Host: localhost").toLowerCase(java.util.Locale.ROOT);
            assertThat(answer.substring(0, answer.indexOf("\r\n\r\n")))
                    .as(path)
                    .contains("content-security-policy: default-src 'none'", "frame-ancestors 'none'")
                    .contains("x-content-type-options: nosniff", "referrer-policy: no-referrer")
                    .doesNotContain("access-control-allow", "server: ");
        }
    }

    @Test
    void givenAForeignHost_thenItIsMisdirected() throws Exception {
        for (String host :
                List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7146", "127.0.0.2")) {
            assertThat(get(STATUS, "Host: " + host)).as(host).startsWith("HTTP/1.1 421");
            assertThat(get("/", "Host: " + host)).as(host).startsWith("HTTP/1.1 421");
        }
        assertThat(get("http://evil.example" + STATUS, "Host: localhost")).doesNotStartWith("HTTP/1.1 200");
        assertThat(get(STATUS)).startsWith("HTTP/1.1 400");
        assertThat(web.refused("host")).isGreaterThanOrEqualTo(8);
        for (String host : List.of("localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:7146", Web.NAME)) {
            assertThat(get(STATUS, "Host: " + host)).as(host).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void givenAForeignOrigin_thenNothingIsTakenOrStreamed() throws Exception {
        String own = "http://127.0.0.1:" + web.address().getPort();
        for (String origin :
                List.of("http://evil.example", "null", "http://127.0.0.1:1", own.replace("http:", "https:"))) {
            assertThat(post(ENTRIES, "Origin", origin).statusCode()).as(origin).isEqualTo(403);
            assertThat(web.send("GET", "/api/v1/events", BodyPublishers.noBody(), "Origin", origin)
                            .statusCode())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(post(ENTRIES, "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        assertThat(web.refused("origin")).isGreaterThanOrEqualTo(9);
        assertThat(post(ENTRIES, "Origin", own).statusCode()).isEqualTo(415);
    }

    private HttpResponse<byte[]> post(String path, String... headers) throws Exception {
        return web.send("POST", path, BodyPublishers.noBody(), headers);
    }

    @Test
    void givenABodyTooLarge_thenItIsRefusedWhetherItSaysSoOrNot() throws Exception {
        byte[] body = new byte[BODY_SIZE_MAX_BYTES + 1];
        assertThat(status(
                        web.raw("POST " + ENTRIES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cbor\r\n"
                                + "Content-Length: " + body.length + "\r\n\r\n")))
                .isEqualTo(413);
        try (Socket socket = web.connect()) {
            var out = socket.getOutputStream();
            out.write(("POST " + ENTRIES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cbor\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.write((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            assertThat(status(new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1)))
                    .isEqualTo(413);
        }
        assertThat(web.refused("size")).isEqualTo(2);
        assertThat(web.post(ENTRIES, "application/cbor", new byte[BODY_SIZE_MAX_BYTES])
                        .statusCode())
                .isEqualTo(400);
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    @Test
    void givenAHeaderTooLarge_thenItIsRefused() throws Exception {
        assertThat(status(get(STATUS, "Host: localhost", "X: " + "x".repeat(10_000))))
                .isEqualTo(431);
        assertThat(status(get("/" + "x".repeat(10_000), "Host: localhost"))).isEqualTo(414);
        assertThat(web.refused("size")).isEqualTo(2);
    }

    @Test
    void givenClientsThatDripTheirHeaderOrBody_thenTheyAreCutOff() throws Exception {
        try (Socket header = web.connect();
                Socket body = web.connect()) {
            header.getOutputStream().write("GET /health HTTP/1.1\r\nHost: localhost\r\nX: ".getBytes());
            body.getOutputStream()
                    .write(("POST " + ENTRIES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cbor\r\n"
                                    + "Content-Length: 1000\r\n\r\n")
                            .getBytes());
            assertThat(Web.millisUntilCut(header, true)).isLessThan(15_000);
            assertThat(Web.millisUntilCut(body, true)).isLessThan(25_000);
        }
        assertThat(web.refused("slow")).isEqualTo(2);
    }

    @Test
    void nobodyClimbsOutOfThePage() throws Exception {
        for (String path : List.of(
                "/../META-INF/MANIFEST.MF",
                "/..%2fMETA-INF/MANIFEST.MF",
                "/%2e%2e/META-INF/MANIFEST.MF",
                "/%252e%252e/META-INF/MANIFEST.MF",
                "/..;/META-INF/MANIFEST.MF",
                "/..%5cMETA-INF/MANIFEST.MF",
                "/page/../../META-INF/MANIFEST.MF",
                "//META-INF/MANIFEST.MF",
                "/META-INF/MANIFEST.MF",
                "/org/althing/web/internal/Api.class",
                "/index.html%00.png",
                "/%c0%ae%c0%ae/META-INF/MANIFEST.MF",
                "/api/v1/entries/..%2f..%2fadmin.token",
                "/api/v1/../../admin.token")) {
            assertThat(status(get(path, "Host: localhost"))).as(path).isIn(400, 404);
        }
    }

    @Test
    void givenManyRequestsOfOneAddress_thenSomeMustWait() throws Exception {
        try (Web slow = new Web(community, 2)) {
            List<HttpResponse<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(slow.get("/health"));
            }
            assertThat(answers.getFirst().statusCode()).isEqualTo(200);
            assertThat(answers).anySatisfy(answer -> {
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            });
        }
    }

    @Test
    void givenSomebodyWhoAsksALittleTooFast_thenHeWaitsAndIsAnswered() throws Exception {
        int perSecond = 10;
        int tooMany = 15;
        try (Web slow = new Web(community, perSecond)) {
            long beganNanos = System.nanoTime();
            for (int i = 0; i < 2 * perSecond + tooMany; i++) {
                assertThat(slow.get("/health").statusCode()).isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos))
                    .isGreaterThan(Duration.ofMillis(1_000L * (tooMany - 1) / perSecond));
        }
    }

    @Test
    void theAdministratorNeedsTheToken() throws Exception {
        Path file = data.resolve("admin.token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String token = Files.readString(file).strip();
        String stop = "/api/v1/admin/stop";
        assertThat(post(stop).statusCode()).isEqualTo(401);
        assertThat(post(stop).headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer");
        for (String wrong : List.of("Bearer ", "Bearer x", "Bearer " + token + "x", "Basic " + token, token)) {
            assertThat(post(stop, "Authorization", wrong).statusCode())
                    .as("wrong")
                    .isEqualTo(401);
        }
        assertThat(web.send("GET", "/api/v1/admin/problems", BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(401);
        assertThat(web.stops).hasValue(0);
        assertThat(web.refused("token")).isEqualTo(8);
        assertThat(post(stop, "Authorization", "Bearer " + token, "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post(stop, "Authorization", "Bearer " + token).statusCode()).isEqualTo(202);
        assertThat(web.stops).hasValue(1);
        List<Integer> guesses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            guesses.add(post(stop, "Authorization", "Bearer " + i).statusCode());
        }
        assertThat(guesses).contains(401, 429);
        assertThat(web.stops).hasValue(1);
        assertThat(post(stop, "Authorization", "Bearer " + token).statusCode())
                .as("who guesses from the same address locks nobody out")
                .isEqualTo(202);
    }

    @Test
    void whereTheNodeIsOnItsDiskIsToldToTheAdministratorAlone() throws Exception {
        String token = Files.readString(data.resolve("admin.token")).strip();
        String folder = data.toRealPath().toString();
        assertThat(web.json(STATUS).path("data").textValue()).isEmpty();
        assertThat(new String(web.get(STATUS).body(), StandardCharsets.UTF_8)).doesNotContain(folder);
        assertThat(web.json(web.get(STATUS, "Authorization", "Bearer " + token))
                        .path("data")
                        .textValue())
                .isEqualTo(folder);
        assertThat(web.get(STATUS, "Authorization", "Bearer x").statusCode()).isEqualTo(401);
    }

    @Test
    void givenTenThousandBadRequests_thenTheyAreRefusedAndCountedAndFillNoLog() throws Exception {
        LogWatch log = new LogWatch();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            many.append("GET /api/v1/status?limit=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        byte[] requests = many.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 100; i++) {
            try (Socket socket = web.connect()) {
                socket.getOutputStream().write(requests);
                assertThat(socket.getInputStream().readNBytes(12)).startsWith("HTTP/1.1 400".getBytes());
            }
        }
        assertThat(web.refused("malformed")).isPositive();
        assertThat(log.end()).isEmpty();
    }

    /** What is logged as a warning or worse. */
    private static final class LogWatch extends java.util.logging.Handler {

        private final java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
        private final List<String> lines = new java.util.concurrent.CopyOnWriteArrayList<>();

        LogWatch() {
            root.addHandler(this);
        }

        List<String> end() {
            root.removeHandler(this);
            return lines;
        }

        @Override
        public void publish(java.util.logging.LogRecord line) {
            if (line.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                lines.add(line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void givenNonsense_thenItIsRefusedAndCounted() throws Exception {
        assertThat(status(web.raw("hello\r\n\r\n"))).isEqualTo(400);
        assertThat(status(web.raw("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")))
                .isEqualTo(400);
        assertThat(status(web.raw("POST " + ENTRIES
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")))
                .isEqualTo(400);
        assertThat(web.refused("malformed")).isGreaterThanOrEqualTo(2);
    }
}
