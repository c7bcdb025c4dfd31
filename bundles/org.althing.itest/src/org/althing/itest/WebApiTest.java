// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.evidence.Evidence;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The use cases of a node over HTTP; every answer is held against the OpenAPI document. */
@Timeout(120)
class WebApiTest {

    private static final String CBOR = "application/vnd.ipld.dag-cbor";
    private static final String JSON = "application/json";

    @TempDir
    Path data;

    @Test
    void everyAnswerIsAsDescribedAndNothingDescribedIsLeftOut() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 3);
                Web web = Web.of(community)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "Ferry", "Bridge"));
            String member = community.members.getFirst().key().toString();
            String asked = "/api/v1/proposals/" + proposal;
            assertThat(web.get(asked + "/ballots/" + member).statusCode()).isEqualTo(204);
            assertThat(web.get(asked + "/evidence").statusCode())
                    .as("not decided yet")
                    .isEqualTo(409);
            byte[] ballot = community.entry(community.device(0), TestDao.ballot(proposal, 0, 1));
            HttpResponse<byte[]> handedIn = web.post("/api/v1/entries?waitMillis=60000", CBOR, ballot);
            assertThat(web.json(handedIn).at("/submissions/0/state").textValue())
                    .isEqualTo("sealed");
            assertThat(web.json(asked + "/ballots/" + member).path("state").textValue())
                    .isEqualTo("sealed");
            assertThat(web.json(asked).at("/tally/scores/Bridge").textValue()).isEqualTo("1");

            Body.Comment comment = new Body.Comment(proposal, Optional.empty(), "A tunnel is cheaper.");
            community.say(community.device(1), comment);
            assertThat(web.json(asked + "/comments").at("/0/text").textValue()).isEqualTo("A tunnel is cheaper.");
            community.decided(proposal);
            assertThat(web.json(asked).path("status").textValue()).isEqualTo("executed");

            String dao = "/api/v1/daos/" + community.dao;
            assertThat(web.json("/api/v1/daos")).hasSize(1);
            assertThat(web.json(dao).path("name").textValue()).isEqualTo("Test");
            assertThat(web.json(dao + "/members")).hasSize(3);
            assertThat(web.json(dao + "/proposals")).hasSize(1);
            assertThat(web.json(dao + "/seals?from=1&limit=2")).hasSize(2);
            assertThat(web.json(dao + "/authoring/" + member).path("dao").textValue())
                    .isEqualTo(community.dao);
            assertThat(web.json("/api/v1/status").path("daos")).hasSize(1);
            assertThat(web.json("/api/v1/peers")).isEmpty();
            assertThat(web.json("/api/v1/methods").findValuesAsText("ballot")).contains("single", "ranking");
            assertThat(web.json("/health").path("ready").booleanValue()).isTrue();
            assertThat(web.json("/health/ready").path("missing")).isEmpty();
            assertThat(web.json("/health/live").path("live").booleanValue()).isTrue();
            assertThat(web.get("/api/v1/entries/" + Cid.hash(ballot)).body()).isEqualTo(ballot);
            web.get("/api/v1/openapi.json");
            evidenceVerifies(web.get(asked + "/evidence").body(), community.dao);
            evidenceVerifies(web.get(dao + "/evidence").body(), community.dao);
            assertThat(new String(web.get("/metrics").body(), StandardCharsets.UTF_8))
                    .contains("althing_dao_height{dao=\"" + community.dao + "\"}")
                    .contains("althing_http_requests_total{method=\"GET\",status=\"200\"}")
                    .contains("althing_http_request_seconds_bucket");

            byte[] charter =
                    community.charter(new TestRules().quotas(3, 3).build(), Community.notary(community.node()));
            assertThat(web.post("/api/v1/daos", CBOR, charter).statusCode()).isEqualTo(401);
            String bearer = "Bearer "
                    + Files.readString(community.data().resolve("admin.token")).strip();
            assertThat(web.json(web.post("/api/v1/daos", CBOR, charter, "Authorization", bearer))
                            .at("/submissions/0/state")
                            .textValue())
                    .isEqualTo("sealed");
            assertThat(web.get("/api/v1/admin/problems", "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(web.post("/api/v1/admin/stop", JSON, new byte[0], "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(202);
            assertThat(web.stops).hasValue(1);
            assertThat(web.description.unseen()).containsExactly("GET /api/v1/events");
        }
    }

    private void evidenceVerifies(byte[] car, String dao) throws Exception {
        Path file = Files.createTempFile(data, "evidence", ".car");
        Files.write(file, car);
        Evidence evidence = Installed.service(Evidence.class);
        assertThat(evidence.verify(file, Optional.of(Cid.parse(dao)), Optional.empty())
                        .holds())
                .isTrue();
    }

    @Test
    void proposalsAreListedByStatusByWordsAndInPages() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 3);
                Web web = Web.of(community)) {
            String list = "/api/v1/daos/" + community.dao + "/proposals";
            Cid first = community.open(TestDao.question("single-choice", 1, "A", "B"));
            community.decided(first);
            Cid second = community.open(TestDao.question("single-choice", 1, "A", "B"));
            assertThat(proposals(web.json(list))).containsExactly(second.toString(), first.toString());
            assertThat(proposals(web.json(list + "?status=open"))).containsExactly(second.toString());
            assertThat(proposals(web.json(list + "?status=ended"))).containsExactly(first.toString());
            assertThat(proposals(web.json(list + "?status=voting"))).containsExactly(second.toString());
            assertThat(proposals(web.json(list + "?limit=1&offset=1"))).containsExactly(first.toString());
            assertThat(proposals(web.json(list + "?search=tExT+title"))).hasSize(2);
            assertThat(proposals(web.json(list + "?search=title&offset=1"))).containsExactly(first.toString());
            assertThat(proposals(web.json(list + "?search=ferry"))).isEmpty();
            for (String bad :
                    List.of("status=none", "limit=0", "limit=1001", "limit=x", "offset=-1", "limit=1&limit=2")) {
                assertThat(web.get(list + "?" + bad).statusCode()).as(bad).isEqualTo(400);
            }
        }
    }

    private static List<String> proposals(JsonNode list) {
        List<String> cids = new ArrayList<>();
        list.forEach(view -> cids.add(view.path("proposal").textValue()));
        return cids;
    }

    @Test
    void manyEntriesAreAnsweredOneByOne() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 3);
                Web web = Web.of(community)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            byte[] ballot = community.entry(community.device(0), TestDao.ballot(proposal, 0, 1));
            String entries = "\"" + Base64.getEncoder().encodeToString(ballot) + "\",\"AA==\"";
            HttpResponse<byte[]> response = web.post(
                    "/api/v1/entries",
                    JSON,
                    ("{\"entries\":[" + entries + "],\"waitMillis\":60000}").getBytes(StandardCharsets.UTF_8));
            JsonNode submissions = web.json(response).path("submissions");
            assertThat(submissions.at("/0/state").textValue()).isEqualTo("sealed");
            assertThat(submissions.at("/1/state").textValue()).isEqualTo("refused");
        }
    }

    @Test
    void badInputGetsAProblemOfItsKind() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 3);
                Web web = Web.of(community)) {
            String entries = "/api/v1/entries";
            assertThat(web.post(entries, CBOR, new byte[] {1, 2, 3}).statusCode())
                    .isEqualTo(400);
            assertThat(web.post(entries, CBOR, new byte[0]).statusCode()).isEqualTo(400);
            assertThat(web.post(entries, "text/plain", new byte[] {1}).statusCode())
                    .isEqualTo(415);
            for (String bad : List.of(
                    "",
                    "[]",
                    "{",
                    "{\"entries\":[]}",
                    "{\"entries\":[1]}",
                    "{\"entries\":[\"%\"]}",
                    "{\"entries\":[\"AA==\"],\"waitMillis\":-1}",
                    "{\"entries\":[\"AA==\"],\"entries\":[\"AA==\"]}",
                    "[".repeat(10_000))) {
                assertThat(web.post(entries, JSON, bad.getBytes(StandardCharsets.UTF_8))
                                .statusCode())
                        .as(bad)
                        .isEqualTo(400);
            }
            assertThat(web.get("/api/v1/daos/bafyzzzzzzzz").statusCode()).isEqualTo(404);
            assertThat(web.get("/api/v1/proposals/bafyzzzzzzzz").statusCode()).isEqualTo(404);
            assertThat(web.get("/api/v1/daos/bafyzzzzzzzz/evidence").statusCode())
                    .isEqualTo(404);
            assertThat(web.send("GET", "/api/v1/nothing", BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(404);
            HttpResponse<byte[]> method = web.send("PUT", "/api/v1/daos", BodyPublishers.noBody());
            assertThat(method.statusCode()).isEqualTo(405);
            assertThat(method.headers().firstValue("Allow")).contains("GET, POST");
            assertThat(web.send("HEAD", "/api/v1/daos", BodyPublishers.noBody()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void givenNoNode_thenTheAnswerIsThatItHasStopped() throws Exception {
        Community community = Community.founded(data.resolve("n"), 1);
        try (Web web = Web.of(community)) {
            community.close();
            assertThat(web.get("/health").statusCode()).isEqualTo(503);
            HttpResponse<byte[]> ready = web.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(web.json(ready).at("/missing/0").textValue()).contains("has stopped");
            assertThat(web.get("/health/live").statusCode()).isEqualTo(200);
            HttpResponse<byte[]> response = web.get("/api/v1/daos");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("has stopped");
        }
    }

    @Test
    void givenAPortInUse_thenTheMessageSaysWhatToDo() throws Exception {
        try (Community community = Community.gathered(data, 1);
                Web web = Web.of(community)) {
            int port = web.address().getPort();
            assertThatThrownBy(() -> Web.open(community, 1, port, Optional.empty(), () -> {}))
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("--http");
        }
    }

    @Test
    void whoAsksGetsTextsAsHtmlToo() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 1);
                Web web = Web.of(community)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            community.say(community.device(0), new Body.Comment(proposal, Optional.empty(), "*No*"));
            String one = "/api/v1/proposals/" + proposal;
            assertThat(web.json(one).has("html")).isFalse();
            assertThat(web.json(one + "?html=false").has("html")).isFalse();
            assertThat(web.json(one + "?html=true").get("html").textValue()).isEqualTo("<p>Text</p>\n");
            assertThat(web.json(one + "?html=true").get("text").textValue()).isEqualTo("Text");
            assertThat(web.json(one + "/comments?html=true").at("/0/html").textValue())
                    .isEqualTo("<p><em>No</em></p>\n");
            assertThat(web.json("/api/v1/daos/" + community.dao + "?html=true")
                            .get("html")
                            .textValue())
                    .isEqualTo("<p>To be tested.</p>\n");
            assertThat(web.get(one + "?html=1").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void filesAreServedWithATag() throws Exception {
        try (Community community = Community.gathered(data, 1);
                Web web = Web.of(community)) {
            HttpResponse<byte[]> page = web.send("GET", "/", BodyPublishers.noBody());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
            String tag = page.headers().firstValue("ETag").orElseThrow();
            HttpResponse<byte[]> again = web.send("GET", "/", BodyPublishers.noBody(), "If-None-Match", tag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }
}
