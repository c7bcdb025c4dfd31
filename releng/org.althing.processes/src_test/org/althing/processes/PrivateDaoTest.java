// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A private DAO as its members use it: nodes as processes, commands typed, somebody on the wire, and an outsider who was given the invite. */
class PrivateDaoTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "Wolves at the harbour";
    private static final String LATER = "Bears in the boathouse";
    private static final String WHISPER = "Meet me at the pier";

    @TempDir
    Path folder;

    /** Types a command for the folder of a node; its JSON answer. */
    private static JsonNode type(NodeProcess node, String... line) throws Exception {
        List<String> command = new ArrayList<>(List.of(NodeProcess.product().toString()));
        command.addAll(Arrays.asList(line));
        command.addAll(List.of("--json", "--data", node.data().toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ALTHING_PASSPHRASE", "correct horse battery");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
        return JSON.readTree(said);
    }

    private NodeProcess node(String name) throws IOException {
        return NodeProcess.start(Files.createDirectories(folder.resolve(name)), List.of());
    }

    /** Proposes, and votes for it. */
    private static String proposed(NodeProcess node, String title, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("propose", title));
        line.addAll(Arrays.asList(options));
        String proposal = type(node, line.toArray(String[]::new)).path("entry").asText();
        Network.await(
                "the vote on '" + title + "' is open",
                20,
                i -> status(node, proposal).equals("voting"));
        type(node, "vote", proposal, "For");
        return proposal;
    }

    private static void awaitExecuted(NodeProcess node, String proposal) {
        Network.await(
                "the proposal is executed", 30, i -> status(node, proposal).equals("executed"));
    }

    private static String status(NodeProcess node, String proposal) {
        try {
            return node.ask("proposal", proposal).path("status").asText();
        } catch (IOException e) {
            return "";
        }
    }

    private static JsonNode view(NodeProcess node, String dao) {
        try {
            return node.ask("dao", dao);
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    /** The files of a node that hold a text. */
    private static List<Path> filesWith(NodeProcess node, String text) throws IOException {
        List<Path> with = new ArrayList<>();
        try (Stream<Path> files = Files.walk(node.data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    with.add(file);
                }
            }
        }
        return with;
    }

    @Test
    void onlyMembersReadIt() throws Exception {
        try (NodeProcess asta = node("asta");
                NodeProcess brynja = node("brynja");
                NodeProcess outsider = node("outsider");
                Tap tap = new Tap(port(asta.address()))) {
            String dao = founded(asta);
            Path card = cardOf(brynja, dao);
            String invite = type(asta, "dao", "invite", dao)
                    .path("link")
                    .asText()
                    .replaceAll("tcp(/|%2F)" + port(asta.address()), "tcp$1" + tap.port());
            // Both are connected before anybody is admitted, and have what an invite tells.
            type(outsider, "dao", "join", invite);
            type(brynja, "dao", "join", invite);
            awaitExecuted(asta, proposed(asta, "Welcome", "--admit", card.toString()));
            awaitSeals(brynja, dao);
            String secret = proposed(asta, SECRET);
            Network.await(
                    "the other member sees it", 20, i -> status(brynja, secret).equals("voting"));
            type(brynja, "vote", secret, "For");
            awaitExecuted(asta, secret);
            awaitExecuted(brynja, secret);
            assertThat(brynja.ask("proposal", secret).path("title").asText()).isEqualTo(SECRET);
            assertThat(brynja.ask("proposal", secret).path("ballots").asInt()).isEqualTo(2);
            type(asta, "message", "send", "Brynja", WHISPER);
            awaitMessage(brynja, dao);
            JsonNode message = type(brynja, "message", "list").path("messages").path(0);
            assertThat(message.path("text").asText()).isEqualTo(WHISPER);
            assertThat(message.path("fromName").asText()).isEqualTo("Asta");

            awaitExecuted(asta, proposed(asta, "Farewell", "--remove", memberOf(asta, dao, "Brynja")));
            Network.await("there is a new group key", 20, i -> groupKeys(asta, dao) == 2);
            String later = proposed(asta, LATER);
            assertThat(status(brynja, later)).isEmpty();
            assertThat(groupKeys(brynja, dao)).isEqualTo(1);

            assertThat(outsider.ask("daos")).isEmpty();
            for (String text : List.of(SECRET, LATER, WHISPER)) {
                for (NodeProcess each : List.of(asta, brynja, outsider)) {
                    assertThat(filesWith(each, text)).isEmpty();
                }
                assertThat(tap.captured()).doesNotContain(text);
            }
            // Not even what is encrypted.
            byte[] entry = asta.ask("entry", secret).binaryValue();
            String box = new String(entry, 120, 64, StandardCharsets.ISO_8859_1);
            assertThat(filesWith(brynja, box)).isNotEmpty();
            assertThat(filesWith(outsider, box)).isEmpty();
            assertThat(tap.captured().length()).isGreaterThan(10_000);
            assertThat(tap.captured()).doesNotContain(box);
        }
    }

    /** Asta founds a private DAO. */
    private static String founded(NodeProcess asta) throws Exception {
        type(asta, "key", "new", "--name", "Asta");
        return type(asta, "dao", "create", "Ferry", "--private", "--voting", "6s", "--quorum", "0")
                .path("dao")
                .asText();
    }

    private Path cardOf(NodeProcess brynja, String dao) throws Exception {
        type(brynja, "key", "new", "--name", "Brynja");
        return Files.writeString(
                folder.resolve("brynja.card"),
                type(brynja, "key", "card", "--dao", dao, "--private").toString());
    }

    private static void awaitSeals(NodeProcess node, String dao) {
        Network.await(
                "the member has it", 40, i -> view(node, dao).path("height").asLong(-1) >= 0);
    }

    private static void awaitMessage(NodeProcess node, String dao) {
        Network.await("the message has come", 20, i -> {
            try {
                return node.ask("messages", dao).size() == 1;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void whoHasLostTheNodeReadsOnWithAnEmptyOne() throws Exception {
        try (NodeProcess asta = node("asta");
                NodeProcess fresh = node("fresh")) {
            String dao = founded(asta);
            String invite = type(asta, "dao", "invite", dao).path("link").asText();
            try (NodeProcess lost = node("lost")) {
                Path card = cardOf(lost, dao);
                awaitExecuted(asta, proposed(asta, "Welcome", "--admit", card.toString()));
                type(lost, "dao", "join", invite);
                awaitSeals(lost, dao);
                lost.kill();
                // What twelve words bring back.
                Path identity = Path.of("identity", "brynja.key");
                Files.copy(lost.data().resolve(identity), asta.data().resolve(identity));
            }
            type(fresh, "dao", "join", invite);
            String reader =
                    type(fresh, "key", "reader", "--show").path("reader").asText();
            fresh.end();

            type(asta, "key", "reader", "--reader", reader, "--identity", "Brynja");
            Files.delete(asta.data().resolve("identity").resolve("brynja.key"));
            Network.await("there is a new group key", 20, i -> groupKeys(asta, dao) == 2);
            String secret = proposed(asta, SECRET);
            type(asta, "message", "send", "Brynja", WHISPER);
            fresh.begin();
            awaitSeals(fresh, dao);
            Network.await(
                    "the member reads again", 20, i -> status(fresh, secret).equals(status(asta, secret)));
            assertThat(fresh.ask("proposal", secret).path("title").asText()).isEqualTo(SECRET);
            assertThat(groupKeys(fresh, dao)).isEqualTo(2);
            awaitMessage(fresh, dao);
            assertThat(fresh.ask("messages", dao).path(0).path("text").asText()).isEqualTo(WHISPER);
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.replaceAll(".*/tcp/(\\d+).*", "$1"));
    }

    private static String memberOf(NodeProcess node, String dao, String name) throws IOException {
        for (JsonNode member : node.ask("members", dao)) {
            if (member.path("name").asText().equals(name)) {
                return member.path("root").asText();
            }
        }
        throw new AssertionError("no member " + name);
    }

    private static int groupKeys(NodeProcess node, String dao) {
        try {
            return node.ask("groupKeys", dao).size();
        } catch (IOException e) {
            return -1;
        }
    }
}
