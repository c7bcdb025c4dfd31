// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A door with a certificate. */
@Timeout(120)
class HttpsTest {

    private static final String STATUS = "/api/v1/status";
    private static final String ENTRIES = "/api/v1/entries";
    private static final String HTTPS_ONLY = "strict-transport-security: max-age=31536000";
    /** More than half of what one address gets: each counts once. */
    private static final int MANY_CONNECTIONS = 270;

    @TempDir
    Path folder;

    private Community community;

    @BeforeEach
    void begin() throws Exception {
        community = Community.gathered(folder.resolve("node"), 1);
    }

    @AfterEach
    void end() throws Exception {
        community.close();
    }

    private static String get(Web web, String path, String... fields) throws IOException {
        return web.raw("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", fields) + "\r\n\r\n");
    }

    @Test
    void everyKindOfKeyServesWithBothVersions() throws Exception {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            Certificates certificates = Certificates.of(Files.createDirectory(folder.resolve(algorithm)), algorithm);
            try (Web web = Web.secure(community, certificates)) {
                assertThat(web.address().getScheme()).isEqualTo("https");
                HttpResponse<byte[]> answer = web.get(STATUS);
                assertThat(answer.statusCode()).as(algorithm).isEqualTo(200);
                assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
                try (SSLSocket socket = (SSLSocket) web.connect()) {
                    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                    socket.startHandshake();
                    assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
                    // Forward secrecy.
                    assertThat(socket.getSession().getCipherSuite()).startsWith("TLS_ECDHE_");
                }
            }
        }
        assertThat(community.problems()).isEmpty();
    }

    @Test
    void everyAnswerTellsBrowsersToComeBackByHttps() throws Exception {
        try (Web web = Web.secure(community, Certificates.of(folder, "EC"));
                Web plain = Web.of(community)) {
            for (String path : List.of("/", STATUS, "/nothing", "/%zz")) {
                assertThat(get(web, path, "Host: localhost").toLowerCase(java.util.Locale.ROOT))
                        .as(path)
                        .contains(HTTPS_ONLY);
                assertThat(get(plain, path, "Host: localhost").toLowerCase(java.util.Locale.ROOT))
                        .as(path)
                        .doesNotContain("strict-transport-security");
            }
        }
    }

    @Test
    void givenAForeignHostOrOrigin_thenItIsRefusedAsWithoutTls() throws Exception {
        try (Web web = Web.secure(community, Certificates.of(folder, "EC"))) {
            assertThat(get(web, STATUS, "Host: evil.example")).startsWith("HTTP/1.1 421");
            for (String host : List.of("localhost", "127.0.0.1:1", Web.NAME)) {
                assertThat(get(web, STATUS, "Host: " + host)).as(host).startsWith("HTTP/1.1 200");
            }
            String own = "127.0.0.1:" + web.address().getPort();
            for (String origin : List.of("https://evil.example", "http://" + own, "null")) {
                assertThat(post(web, origin)).as(origin).isEqualTo(403);
            }
            assertThat(post(web, "https://" + own)).isEqualTo(415);
        }
    }

    private static int post(Web web, String origin) throws Exception {
        return web.send("POST", ENTRIES, BodyPublishers.noBody(), "Origin", origin)
                .statusCode();
    }

    @Test
    void whoSpeaksHttpWithoutTlsIsToldSo() throws Exception {
        try (Web web = Web.secure(community, Certificates.of(folder, "EC"))) {
            for (String target : List.of("/", STATUS, "https://localhost" + STATUS)) {
                String answer = Web.raw(web.connectPlain(), "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(answer).as(target).startsWith("HTTP/1.1 400").contains("write https://");
                assertThat(answer.toLowerCase(java.util.Locale.ROOT)).doesNotContain("strict-transport-security");
            }
        }
    }

    @Test
    void givenAHandshakeThatDoesNotEnd_thenItIsCutOff() throws Exception {
        try (Web web = Web.secure(community, Certificates.of(folder, "EC"));
                Socket silent = web.connectPlain();
                Socket half = web.connectPlain();
                Socket dripping = web.connectPlain();
                Socket header = web.connect()) {
            // The beginning of a record of 512 bytes with a ClientHello.
            byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};
            half.getOutputStream().write(hello);
            dripping.getOutputStream().write(hello);
            header.getOutputStream().write("GET /health HTTP/1.1\r\nHost: localhost\r\nX: ".getBytes());
            assertThat(Web.millisUntilCut(dripping, true)).isLessThan(25_000);
            assertThat(Web.millisUntilCut(header, true)).isLessThan(10_000);
            assertThat(Web.millisUntilCut(silent, false)).isLessThan(10_000);
            assertThat(Web.millisUntilCut(half, false)).isLessThan(10_000);
            assertThat(web.refused("slow")).isEqualTo(4);
        }
    }

    @Test
    void aConnectionCountsOnce() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (Web web = Web.secure(community, Certificates.of(folder, "EC"))) {
            for (int i = 0; i < MANY_CONNECTIONS; i++) {
                SSLSocket socket = (SSLSocket) web.connect();
                sockets.add(socket);
                socket.startHandshake();
            }
            assertThat(web.get("/health").statusCode()).isEqualTo(200);
            assertThat(web.refused("connections")).isZero();
            assertThat(connections(web)).isBetween(MANY_CONNECTIONS, MANY_CONNECTIONS + 5);
            for (Socket socket : sockets) {
                socket.close();
            }
            Community.await(() -> connections(web) <= 5);
        }
    }

    private static int connections(Web web) {
        try {
            return new String(web.get("/metrics").body(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("althing_http_connections "))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void filesThatCannotBeUsedAreToldInOneLine() throws Exception {
        Certificates certificates = Certificates.of(folder, "RSA");
        byte[] fitting = Files.readAllBytes(certificates.key());
        Path other = Files.createDirectory(folder.resolve("other"));

        refused(
                certificates,
                "privkey.pem is open to others (rw-r-----); run: chmod 600",
                () -> mode(certificates, "rw-r-----"));
        refused(certificates, "(rw----r--)", () -> mode(certificates, "rw----r--"));
        mode(certificates, "rw-------");
        refused(
                certificates,
                "does not belong to the first certificate in",
                () -> Files.write(
                        certificates.key(),
                        Files.readAllBytes(Certificates.of(other, "RSA").key())));
        refused(
                certificates,
                "holds no RSA key",
                () -> Files.write(
                        certificates.key(),
                        Files.readAllBytes(Certificates.of(Files.createDirectory(folder.resolve("ec")), "EC")
                                .key())));
        refused(
                certificates,
                "is no PKCS#8 (RSA PRIVATE KEY); run: openssl pkey -in",
                () -> certificates.writeKey("RSA PRIVATE KEY", new byte[100]));
        refused(
                certificates,
                "is no PKCS#8 (EC PRIVATE KEY)",
                () -> certificates.writeKey("EC PRIVATE KEY", new byte[100]));
        refused(
                certificates,
                "is encrypted; run: openssl pkey -in",
                () -> certificates.writeKey("ENCRYPTED PRIVATE KEY", new byte[100]));
        refused(certificates, "holds no RSA key", () -> certificates.writeKey("PRIVATE KEY", new byte[100]));
        refused(certificates, "holds no private key", () -> Files.writeString(certificates.key(), "hello"));
        refused(
                certificates,
                "is damaged",
                () -> Files.write(certificates.key(), java.util.Arrays.copyOf(fitting, fitting.length / 2)));
        refused(certificates, "more than 262144 bytes", () -> Files.write(certificates.key(), new byte[262_145]));
        refused(certificates, "privkey.pem does not exist", () -> Files.delete(certificates.key()));
        refused(certificates, "privkey.pem is no file", () -> Files.createDirectory(certificates.key()));
        Files.delete(certificates.key());
        certificates.make("RSA");
        Files.copy(other.resolve("fullchain.pem"), folder.resolve("stranger.pem"));
        refused(
                certificates,
                "fullchain.pem: its certificates are no chain",
                () -> Files.writeString(
                        certificates.certificate(),
                        Files.readString(certificates.certificate())
                                + Files.readString(folder.resolve("stranger.pem"))));
        refused(
                certificates,
                "damaged certificate",
                () -> Files.writeString(certificates.certificate(), Certificates.pem("CERTIFICATE", new byte[9])));
        refused(
                certificates,
                "holds no certificate",
                () -> Files.copy(
                        certificates.key(),
                        certificates.certificate(),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING));
        refused(certificates, "fullchain.pem does not exist", () -> Files.delete(certificates.certificate()));
    }

    private interface Change {
        void make() throws Exception;
    }

    private void refused(Certificates certificates, String reason, Change change) throws Exception {
        change.make();
        assertThatThrownBy(() -> Web.open(community, 1, 0, Optional.of(certificates.files()), () -> {})
                        .close())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(reason)
                .hasMessageStartingWith(folder.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(400));
    }

    private static void mode(Certificates certificates, String mode) throws IOException {
        Files.setPosixFilePermissions(certificates.key(), PosixFilePermissions.fromString(mode));
    }

    @Test
    void givenARenewedCertificate_thenItIsServedWithoutARestart() throws Exception {
        Certificates certificates = Certificates.of(folder, "EC");
        try (Web web = Web.secure(community, certificates);
                Socket before = web.connect()) {
            assertThat(peer(web)).isEqualTo(certificates.last());
            ((SSLSocket) before).startHandshake();
            certificates.make("RSA");
            Community.await(() -> peer(web).equals(certificates.last()));
            assertThat(Web.raw(before, "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .as("a connection from before")
                    .startsWith("HTTP/1.1 200");
            assertThat(community.problems()).isEmpty();
        }
    }

    @Test
    void givenARenewedCertificateThatCannotBeUsed_thenTheOldOneStaysAndStatusTells() throws Exception {
        Certificates certificates = Certificates.of(folder, "EC");
        Certificate good = certificates.last();
        byte[] key = Files.readAllBytes(certificates.key());
        FileTime written = Files.getLastModifiedTime(certificates.key());
        try (Web web = Web.secure(community, certificates)) {
            certificates.writeKey("PRIVATE KEY", new byte[50]);
            Community.await(() -> !community.problems().isEmpty());
            assertThat(community.problems())
                    .singleElement()
                    .asString()
                    .startsWith("the renewed certificate is not served, but the one before")
                    .contains("privkey.pem");
            assertThat(peer(web)).isEqualTo(good);

            // Put back as it was.
            Files.write(certificates.key(), key);
            Files.setLastModifiedTime(certificates.key(), written);
            Community.await(() -> community.problems().isEmpty());
            assertThat(peer(web)).isEqualTo(good);

            Files.delete(certificates.certificate());
            Community.await(() -> !community.problems().isEmpty());
            certificates.make("EC");
            Community.await(() -> peer(web).equals(certificates.last()));
            Community.await(() -> community.problems().isEmpty());
        }
    }

    private static Certificate peer(Web web) {
        try (SSLSocket socket = (SSLSocket) web.connect()) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givenACertificateOutOfItsTime_thenTheNodeServesAndStatusTells() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.make("EC", "-10d", 2);
        try (Web web = Web.secure(community, certificates)) {
            assertThat(community.problems()).singleElement().asString().contains("fullchain.pem has expired at");
            certificates.make("EC", "+2d", 2);
            Community.await(() -> community.problems().toString().contains("only, and browsers refuse it"));
            certificates.make("EC");
            Community.await(() -> community.problems().isEmpty());
        }
        assertThat(community.problems()).as("a closed door has none").isEmpty();
    }

    @Test
    void whoDoesNotTrustTheCertificateComesNoFurther() throws Exception {
        Certificates others = Certificates.of(Files.createDirectory(folder.resolve("others")), "EC");
        try (Web web = Web.secure(community, Certificates.of(folder, "EC"));
                Socket plain = web.connectPlain();
                SSLSocket socket = (SSLSocket)
                        others.trusted().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true)) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void givenAFileThatIsNotThere_thenNoPortIsTaken() {
        Certificates none = new Certificates(folder);
        assertThatThrownBy(() -> Web.open(community, 1, 0, Optional.of(none.files()), () -> {}))
                .isInstanceOf(RefusedException.class)
                .isNotInstanceOf(AlthingException.class);
        assertThat(community.problems()).isEmpty();
    }
}
