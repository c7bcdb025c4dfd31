// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take their time are not to take that of others. */
@Timeout(120)
class WebSlowClientsTest {

    /** More than the server has threads. */
    private static final int SLOW_CLIENTS = 200;

    private static final int CONNECTIONS_PER_ADDRESS_MAX = 512;
    private static final int BODY_SIZE_MAX_BYTES = 4 * 1024 * 1024;
    private static final int BODIES_SIZE_MAX_BYTES = 64 * 1024 * 1024;
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);

    @TempDir
    Path data;

    private Community community;
    private Web web;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        community = Community.founded(data, 3);
        web = Web.of(community);
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        web.close();
        community.close();
    }

    private void slow(String request) throws IOException {
        for (int i = 0; i < SLOW_CLIENTS; i++) {
            Socket socket = web.connect();
            sockets.add(socket);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void othersAreAnswered() throws Exception {
        for (int i = 0; i < 3; i++) {
            long beganNanos = System.nanoTime();
            assertThat(web.send("GET", "/health", BodyPublishers.noBody()).statusCode())
                    .isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(ANSWERED_WITHIN);
        }
    }

    @Test
    void givenManyBodiesThatDoNotCome_thenOthersAreAnswered() throws Exception {
        slow("POST /api/v1/entries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cbor\r\n"
                + "Content-Length: 1000\r\n\r\nx");
        othersAreAnswered();
    }

    @Test
    void givenMoreBodiesThanThereIsRoomFor_thenSomeMustComeAgainAndRoomIsGivenBack() throws Exception {
        byte[] part = new byte[BODY_SIZE_MAX_BYTES - 1];
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i <= BODIES_SIZE_MAX_BYTES / BODY_SIZE_MAX_BYTES; i++) {
            Socket socket = web.connect();
            sockets.add(socket);
            senders.add(Thread.ofVirtual().start(() -> send(socket, part)));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        Community.await(() -> refusedForSize() > 0);
        for (Socket socket : sockets) {
            socket.close();
        }
        Community.await(() -> handIn() == 400);
    }

    private static void send(Socket socket, byte[] part) {
        try {
            socket.getOutputStream()
                    .write(("POST /api/v1/entries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cbor\r\n"
                                    + "Content-Length: " + BODY_SIZE_MAX_BYTES + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(part);
        } catch (IOException e) {
            // Refused and closed before it was all sent.
        }
    }

    private long refusedForSize() {
        try {
            return web.refused("size");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private int handIn() {
        try {
            return web.post("/api/v1/entries", "application/cbor", new byte[BODY_SIZE_MAX_BYTES])
                    .statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givenManyWhoAskOnAndOnAndReadNothing_thenOthersAreAnswered() throws Exception {
        slow("GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500));
        othersAreAnswered();
    }

    @Test
    void givenOneAddressThatTakesAllConnectionsItGets_thenOthersComeIn() throws Exception {
        for (int i = 0; i < CONNECTIONS_PER_ADDRESS_MAX + 20; i++) {
            sockets.add(web.connect());
        }
        // A connection is refused a moment after the system has taken it.
        while (refusedAsToldToAnotherAddress() < 20) {
            Thread.onSpinWait();
        }
    }

    private double refusedAsToldToAnotherAddress() throws IOException {
        try (Socket other = new Socket()) {
            other.bind(new InetSocketAddress("127.0.0.2", 0));
            other.connect(new InetSocketAddress("127.0.0.1", web.address().getPort()));
            other.setSoTimeout(Web.READ_TIMEOUT_MILLIS);
            other.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200");
            return answer.lines()
                    .filter(line -> line.startsWith("althing_http_refused_total{reason=\"connections\"}"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
