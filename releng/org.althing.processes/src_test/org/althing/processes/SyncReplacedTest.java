// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that joins late over a slow line, and whose entry sync is replaced on the way. */
class SyncReplacedTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COMMENTS = 400;
    private static final int COMMENT_CHARS = 8_000;
    private static final int BYTES_PER_SECOND = 300_000;

    @TempDir
    Path folder;

    @Test
    void givenAnotherProviderHalfWay_thenTheNodeCatchesUpAndFetchesLittleTwice() throws Exception {
        // It waits for the stream of events, which ends with its node, so it is closed last.
        try (HttpClient client = HttpClient.newHttpClient();
                Network network = Network.started(folder, 2, List.of(), "--http", "127.0.0.1:0");
                Tap line = new Tap(port(network.node(0).address()))) {
            network.comment(0, COMMENTS, COMMENT_CHARS);
            network.awaitVoting(0);
            network.vote(0, 1);
            network.awaitSame(0);
            // Whoever starts has nothing to gossip, so all that comes over the line comes by entry sync.
            network.node(0).end();
            network.node(0).begin();
            NodeProcess late = network.node(1);
            List<JsonNode> told = listen(client, late);
            line.slowDown(BYTES_PER_SECOND);
            network.joinThrough(1, 0, line.port());
            Network.await(
                    "half is there",
                    30,
                    i -> height(network) > network.view(0).path("height").asLong() / 2);
            Path plugin = folder.resolve("replacer.jar");
            Replacer.write(plugin);
            byte[] jar = Files.readAllBytes(plugin);
            // However long the replacing takes, little arrives meanwhile.
            line.slowDown(BYTES_PER_SECOND / 100);
            late.ask("plugins.add", jar, HexFormat.of().formatHex(Cid.hash(jar).digest()));
            line.slowDown(BYTES_PER_SECOND);
            long sealed = network.view(0).path("height").asLong();
            assertThat(height(network)).as("replaced on the way").isLessThan(sealed * 9 / 10);
            network.awaitSame(0, 1);
            network.assertNothingLost(1);
            network.assertNoProblems(0, 1);
            assertThat(line.captured().length())
                    .as("bytes on the line: what was held or under way is lost, what was stored is not fetched again")
                    .isGreaterThan(COMMENTS * COMMENT_CHARS)
                    .isLessThan(COMMENTS * COMMENT_CHARS * 8 / 5);
            assertThat(told.stream()
                            .map(each -> each.path("height").asLong())
                            .distinct()
                            .toList())
                    .as("heights, as the stream of events told them")
                    .hasSizeGreaterThan(3)
                    .isSorted();
            assertThat(told).anySatisfy(each -> {
                assertThat(each.path("entriesPerSecond").asLong()).isPositive();
                assertThat(each.path("entriesLeft").asLong()).isPositive();
                assertThat(each.path("leftMillis").asLong()).isPositive();
            });
            Network.await(
                    "the end is told", 10, i -> told.getLast().path("inSync").asBoolean());
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.replaceFirst(".*/tcp/(\\d+)/.*", "$1"));
    }

    private static long height(Network network) {
        JsonNode view = network.view(1);
        return view == null ? -1 : view.path("height").asLong();
    }

    /** What the events of a node tell of its catching up. */
    private static List<JsonNode> listen(HttpClient client, NodeProcess node) throws IOException, InterruptedException {
        List<JsonNode> told = new CopyOnWriteArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.http() + "api/v1/events"))
                .build();
        HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
        Thread.ofVirtual().start(() -> {
            String[] event = {""};
            try {
                response.body().forEach(text -> {
                    if (text.startsWith("event:")) {
                        event[0] = text.substring(6).strip();
                    } else if (text.startsWith("data:") && event[0].equals("sync")) {
                        told.add(read(text.substring(5)).path("sync"));
                    }
                });
            } catch (UncheckedIOException e) {
                // The node has gone.
            }
        });
        return told;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
