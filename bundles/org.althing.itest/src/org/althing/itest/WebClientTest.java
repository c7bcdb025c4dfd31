// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.AssemblyClients.Connection;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The assembly of a node elsewhere, over its API; and what calls itself a node and is none. */
@Timeout(120)
class WebClientTest {

    @TempDir
    Path data;

    private static Connection connect(URI node) {
        return Installed.service(AssemblyClients.class).connect(node, Optional.empty());
    }

    private static Connection connect(Web web, Community community) throws Exception {
        String token = Files.readString(community.data().resolve("admin.token")).strip();
        return Installed.service(AssemblyClients.class).connect(web.address(), Optional.of(token));
    }

    @Test
    void everyUseCaseGivesTheSameOverHttp() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 3);
                Web web = Web.of(community);
                Connection far = connect(web, community)) {
            FarAndNear.check(community, far, data.resolve("evidence.car"));
            assertThat(data).isDirectoryNotContaining("glob:**.part");
        }
    }

    @Test
    void everyUseCaseGivesTheSameOverHttps_andACertificateOfNobodyIsNotTrusted() throws Exception {
        Certificates certificates = Certificates.of(Files.createDirectory(data.resolve("certificates")), "EC");
        SSLContext usual = SSLContext.getDefault();
        try (Community community = Community.founded(data.resolve("n"), 3);
                Web web = Web.secure(community, certificates)) {
            try (Connection far = connect(web, community)) {
                assertThatThrownBy(far::status)
                        .isInstanceOf(AlthingException.class)
                        .hasMessageContaining(web.address().getAuthority())
                        .hasMessageContaining("certificat");
            }
            SSLContext.setDefault(certificates.trusted());
            try (Connection far = connect(web, community)) {
                FarAndNear.check(community, far, data.resolve("evidence.car"));
            }
        } finally {
            SSLContext.setDefault(usual);
        }
    }

    @Test
    void moreEntriesThanOneRequestTakesAreAllSealed() throws Exception {
        try (Community community = Community.founded(data, 1);
                Web web = Web.of(community);
                Connection far = connect(web.address())) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            List<byte[]> ballots = community.chain(community.device(0), 1_500, i -> TestDao.ballot(proposal, i, 0));
            assertThat(far.submitAll(ballots, Community.WAIT_MILLIS))
                    .hasSize(1_500)
                    .extracting(Submission::state)
                    .containsOnly("sealed");
            assertThat(far.submitAll(List.of(), 0)).isEmpty();
        }
    }

    @Test
    void givenNoToken_thenFoundingSaysWhereItIs() throws Exception {
        try (Community community = Community.gathered(data, 1);
                Web web = Web.of(community);
                Connection far = connect(web.address())) {
            byte[] charter =
                    community.charter(new TestRules().quotas(3, 3).build(), Community.notary(community.node()));
            assertThatThrownBy(() -> far.found(charter))
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("admin.token")
                    .hasMessageContaining("--token-file");
        }
    }

    @Test
    void whatIsNoAddressOfANodeIsRefused() {
        for (String address : List.of(
                "ftp://dao.example",
                "dao.example",
                "http:dao.example",
                "https://me:secret@dao.example",
                "https://dao.example/?a=b",
                "https://dao.example/#top")) {
            assertThatThrownBy(() -> connect(URI.create(address)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no address of a node");
        }
    }

    @Test
    void theTokenDoesNotCrossTheNetworkInTheClear() {
        for (String address :
                List.of("http://dao.example:7146", "http://127.dao.example", "http://localhost.example")) {
            assertThatThrownBy(() -> Installed.service(AssemblyClients.class)
                            .connect(URI.create(address), Optional.of("secret")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("https")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void givenNobodyThere_thenTheErrorNamesTheAddress() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:1");
        try (Connection far = connect(nobody)) {
            assertThatThrownBy(far::status)
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining(nobody + " cannot be reached");
        }
    }

    /** Answers every request with the same bytes, and remembers what was asked. */
    private record Liar(HttpServer server, List<String> asked) implements AutoCloseable {

        static Liar answering(int status, byte[] body, String... header) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            List<String> asked = new ArrayList<>();
            server.createContext("/", exchange -> {
                asked.add(exchange.getRequestURI().toString());
                if (header.length > 0) {
                    exchange.getResponseHeaders().set(header[0], header[1]);
                }
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            server.start();
            return new Liar(server, asked);
        }

        static Liar answering(int status, String body) throws IOException {
            return answering(status, body.getBytes(StandardCharsets.UTF_8));
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void givenOtherThanANode_thenTheErrorSaysSo() throws Exception {
        for (String body : List.of("", "null", "<html>hello</html>", "[]", "{}", "{\"daos\":7}", "\"\"", "7")) {
            for (int status : new int[] {200, 404, 502}) {
                try (Liar liar = Liar.answering(status, body);
                        Connection far = connect(liar.address())) {
                    assertThatThrownBy(far::status)
                            .as("%d %s", status, body)
                            .isInstanceOf(AlthingException.class)
                            .hasMessageContaining(liar.address() + " answers otherwise than expected");
                }
            }
        }
    }

    @Test
    void givenAListWithHoles_thenTheErrorSaysSo() throws Exception {
        for (String body : List.of("[null]", "[{}]", "[{\"dao\":null}]")) {
            try (Liar liar = Liar.answering(200, body);
                    Connection far = connect(liar.address())) {
                assertThatThrownBy(far::daos)
                        .as(body)
                        .isInstanceOf(AlthingException.class)
                        .hasMessageContaining(liar.address() + " answers otherwise than expected");
            }
        }
    }

    @Test
    void givenFewerAnswersThanEntries_thenNoneIsTaken() throws Exception {
        try (Liar liar = Liar.answering(200, "{\"submissions\":[{\"state\":\"sealed\"}]}");
                Connection far = connect(liar.address())) {
            assertThatThrownBy(() -> far.submitAll(List.of(new byte[] {1}, new byte[] {2}), 0))
                    .isInstanceOf(AlthingException.class);
        }
    }

    @Test
    void givenOtherBytesForAnEntry_thenTheyAreNotTaken() throws Exception {
        try (Liar liar = Liar.answering(200, "others");
                Connection far = connect(liar.address())) {
            String cid = Cid.hash(new byte[] {1}).toString();
            assertThatThrownBy(() -> far.entry(cid))
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("other bytes");
        }
    }

    @Test
    void nobodyIsSentElsewhere() throws Exception {
        try (Liar elsewhere = Liar.answering(200, "[]");
                Liar liar = Liar.answering(302, new byte[0], "Location", elsewhere.address() + "/api/v1/daos");
                Connection far = connect(liar.address())) {
            assertThatThrownBy(far::daos).isInstanceOf(AlthingException.class);
            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    @Test
    void givenAnAnswerWithoutEnd_thenItIsCutOff() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(spaces);
                }
            }
        });
        server.start();
        try (Connection far =
                connect(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))) {
            assertThatThrownBy(far::daos)
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("an answer of more than");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void givenARefusal_thenNothingIsLeftOfTheFile() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 1);
                Web web = Web.of(community);
                Connection far = connect(web.address())) {
            Path file = data.resolve("evidence.car");
            assertThatThrownBy(() -> far.export("bafyzzzzzzzz", file.toString()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("no DAO");
            assertThat(data.toFile().list()).containsExactly("n");
        }
    }
}
