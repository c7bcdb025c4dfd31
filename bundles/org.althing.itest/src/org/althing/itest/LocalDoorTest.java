// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.LocalDoor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same use cases through the socket, and what must not come through it. */
@Timeout(120)
class LocalDoorTest {

    @TempDir
    Path data;

    private static AssemblyClients.Connection connect(Path data) throws AlthingException {
        return Installed.service(AssemblyClients.class).connect(data);
    }

    /** A raw connection that speaks lines. */
    private record Raw(SocketChannel channel, BufferedReader lines) implements AutoCloseable {

        static Raw to(Path socket) throws IOException {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            return new Raw(channel, new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)));
        }

        String ask(String line) throws IOException {
            send((line + "\n").getBytes(StandardCharsets.UTF_8));
            return lines.readLine();
        }

        void send(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void everyUseCaseGivesTheSameThroughTheSocket() throws Exception {
        try (Community community = Community.founded(data.resolve("n"), 3);
                AssemblyClients.Connection far = connect(community.data())) {
            FarAndNear.check(community, far, data.resolve("evidence.car"));
            assertThat(far.durableFiles()).isEqualTo(community.assembly().durableFiles());
        }
    }

    @Test
    void onlyTheOwnerMayConnect() throws Exception {
        try (Community community = Community.gathered(data, 1)) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(community.node().socket())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void givenNoNode_thenTheErrorSaysHowToStartOne() {
        assertThatThrownBy(() -> connect(data))
                .isInstanceOf(AlthingException.class)
                .hasMessage("no node serves " + data + "; start one with: althing node --data " + data);
    }

    @Test
    void givenTheSocketOfADeadNode_thenItIsReplaced() throws Exception {
        try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(data.resolve(LocalDoor.SOCKET_FILE)));
        }
        assertThatThrownBy(() -> connect(data))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("no node serves");
        try (Community community = Community.gathered(data, 1);
                AssemblyClients.Connection far = connect(data)) {
            assertThat(far.status().notary())
                    .isEqualTo(community.node().notary().toString());
        }
    }

    @Test
    void givenAPathTooLongForASocket_thenTheSocketIsElsewhereAndFound() throws Exception {
        Path deep = data.resolve("d".repeat(100)).resolve("e".repeat(100));
        try (Community community = Community.gathered(deep, 1)) {
            assertThat(community.node().socket().toString().length())
                    .isLessThanOrEqualTo(LocalDoor.SOCKET_PATH_MAX_BYTES);
            assertThat(Files.readString(deep.resolve(LocalDoor.SOCKET_PATH_FILE)))
                    .isEqualTo(community.node().socket().toString());
            try (AssemblyClients.Connection far = connect(deep)) {
                assertThat(far.daos()).isEmpty();
            }
        }
        assertThat(deep.resolve(LocalDoor.SOCKET_PATH_FILE)).doesNotExist();
    }

    @Test
    void givenANodeThatStops_thenTheClientSaysSo() throws Exception {
        Community community = Community.gathered(data, 1);
        try (AssemblyClients.Connection far = connect(data)) {
            far.status();
            community.close();
            assertThatThrownBy(far::status)
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("has gone")
                    .hasMessageContaining("althing node");
            assertThat(community.node().socket()).doesNotExist();
        }
    }

    @Test
    void badRequestsGetTheirCodesAndTheConnectionGoesOn() throws Exception {
        try (Community community = Community.gathered(data, 1);
                Raw raw = Raw.to(community.node().socket())) {
            assertThat(raw.ask("hello")).contains("\"code\":-32700");
            assertThat(raw.ask("")).contains("\"error\"");
            assertThat(raw.ask("[]")).contains("\"code\":-32600");
            assertThat(raw.ask("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"status\"}"))
                    .contains("\"code\":-32600");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"method\":\"status\"}")).contains("\"code\":-32600");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"status\"}"))
                    .contains("\"code\":-32600")
                    .contains("\"id\":null");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"close\"}"))
                    .contains("\"code\":-32601")
                    .contains("\"id\":1");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"dao\",\"params\":[]}"))
                    .contains("\"code\":-32602");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"dao\",\"params\":[7]}"))
                    .contains("\"code\":-32602");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"submit\",\"params\":[\"%\",0]}"))
                    .contains("\"code\":-32602");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"submit\",\"params\":[\"AA==\",-1]}"))
                    .contains("\"code\":-32602");
            assertThat(
                            raw.ask(
                                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"submit\",\"params\":[\"AA==\",9223372036854775808]}"))
                    .contains("\"code\":-32602");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"dao\",\"params\":[\"bafyzzzzzzzz\"]}"))
                    .contains("\"code\":1");
            assertThat(raw.ask("[".repeat(100_000))).contains("\"code\":-32700");
            assertThat(raw.ask("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"daos\"}"))
                    .contains("\"result\":[]")
                    .contains("\"id\":\"x\"");
        }
    }

    @Test
    void givenALineTooLong_thenTheConnectionEndsAndTheNodeGoesOn() throws Exception {
        try (Community community = Community.gathered(data, 1)) {
            try (Raw raw = Raw.to(community.node().socket())) {
                byte[] junk = new byte[1 << 20];
                Arrays.fill(junk, (byte) ' ');
                assertThatThrownBy(() -> {
                            for (int sent = 0;
                                    sent <= LocalDoor.LINE_MAX_BYTES + 8 * junk.length;
                                    sent += junk.length) {
                                raw.send(junk);
                            }
                            assertThat(raw.lines().readLine()).isNull();
                            throw new IOException("ended");
                        })
                        .isInstanceOf(IOException.class);
            }
            try (AssemblyClients.Connection far = connect(data)) {
                assertThat(far.daos()).isEmpty();
            }
        }
    }

    @Test
    void givenTooManyConnections_thenTheLastIsClosedAndTheOthersGoOn() throws Exception {
        try (Community community = Community.gathered(data, 1)) {
            List<Raw> many = new java.util.ArrayList<>();
            try {
                for (int i = 0; i < LocalDoor.CONNECTIONS_MAX; i++) {
                    many.add(Raw.to(community.node().socket()));
                    many.getLast().ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"daos\"}");
                }
                try (Raw last = Raw.to(community.node().socket())) {
                    assertThat(last.lines().readLine()).isNull();
                } catch (IOException e) {
                    // Closed even before it was read.
                }
                assertThat(many.getFirst().ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"daos\"}"))
                        .contains("result");
            } finally {
                for (Raw raw : many) {
                    raw.close();
                }
            }
        }
    }
}
