// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpDoors;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;

/** An HTTP door to a community's node, and somebody who knocks; each answer is held against the door's own description. */
final class Web implements AutoCloseable {

    static final String NAME = "dao.example";
    static final int READ_TIMEOUT_MILLIS = 30_000;

    private final HttpDoor door;
    private final Optional<Certificates> certificates;
    private final HttpClient client;
    private final ObjectMapper mapper = new ObjectMapper();
    final AtomicInteger stops = new AtomicInteger();
    final OpenApi description;

    Web(Community community, int requestsPerSecondMax) throws Exception {
        this(community, requestsPerSecondMax, Optional.empty());
    }

    private Web(Community community, int requestsPerSecondMax, Optional<Certificates> certificates) throws Exception {
        this.certificates = certificates;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10));
        certificates.ifPresent(made -> builder.sslContext(made.trusted()));
        client = builder.build();
        door = open(community, requestsPerSecondMax, 0, certificates.map(Certificates::files), stops::incrementAndGet);
        description = new OpenApi(
                send("GET", "/api/v1/openapi.json", BodyPublishers.noBody()).body());
    }

    static Web of(Community community) throws Exception {
        return new Web(community, 100_000);
    }

    /** By HTTPS, with what is made last of these. */
    static Web secure(Community community, Certificates certificates) throws Exception {
        return new Web(community, 100_000, Optional.of(certificates));
    }

    static HttpDoor open(
            Community community, int requestsPerSecondMax, int port, Optional<HttpSettings.Tls> tls, Runnable stop)
            throws RefusedException, AlthingException {
        return Installed.service(HttpDoors.class)
                .open(
                        community.node(),
                        new HttpSettings("127.0.0.1", port, List.of(NAME), requestsPerSecondMax, tls, stop));
    }

    URI address() {
        return door.address();
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(door.address().resolve(path)).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    HttpResponse<byte[]> send(String method, String path, BodyPublisher body, String... headers) throws Exception {
        return client.send(request(path, headers).method(method, body).build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return checked("GET", path, send("GET", path, BodyPublishers.noBody(), headers));
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body, String... headers) throws Exception {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = type;
        return checked("POST", path, send("POST", path, BodyPublishers.ofByteArray(body), all));
    }

    private HttpResponse<byte[]> checked(String method, String path, HttpResponse<byte[]> response) throws IOException {
        description.check(
                method,
                door.address().resolve(path).getPath(),
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
        return response;
    }

    JsonNode json(String path) throws Exception {
        HttpResponse<byte[]> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return mapper.readTree(response.body());
    }

    JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return mapper.readTree(response.body());
    }

    HttpResponse<InputStream> stream(String path, String... headers) throws Exception {
        return client.send(request(path, headers).build(), BodyHandlers.ofInputStream());
    }

    /** How often a reason was counted. */
    long refused(String reason) throws Exception {
        String metrics = new String(get("/metrics").body(), StandardCharsets.UTF_8);
        return metrics.lines()
                .filter(line -> line.startsWith("althing_http_refused_total{reason=\"" + reason + "\"}"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    Socket connect() throws IOException {
        Socket socket = connectPlain();
        return certificates.isEmpty()
                ? socket
                : certificates
                        .get()
                        .trusted()
                        .getSocketFactory()
                        .createSocket(socket, "localhost", socket.getPort(), true);
    }

    /** Without TLS, whatever the door speaks. */
    Socket connectPlain() throws IOException {
        Socket socket = new Socket("127.0.0.1", door.address().getPort());
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    /** Sends these very bytes and reads what comes until the other side closes or pauses for a second. */
    String raw(String request) throws IOException {
        return raw(connect(), request);
    }

    static String raw(Socket connected, String request) throws IOException {
        try (Socket socket = connected) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            StringBuilder text = new StringBuilder();
            byte[] buffer = new byte[8192];
            InputStream in = socket.getInputStream();
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                    socket.setSoTimeout(1_000);
                }
            } catch (SocketTimeoutException e) {
                // The connection is kept for another request.
            }
            return text.toString();
        }
    }

    /** Waits, and perhaps sends a byte now and then, until the other side has had enough. */
    static long millisUntilCut(Socket socket, boolean drip) throws IOException {
        long beganNanos = System.nanoTime();
        socket.setSoTimeout(200);
        InputStream in = socket.getInputStream();
        while (System.nanoTime() - beganNanos < 60_000_000_000L) {
            try {
                if (drip) {
                    socket.getOutputStream().write('x');
                }
                if (in.read() < 0) {
                    break;
                }
            } catch (SocketTimeoutException e) {
                // Not yet.
            } catch (IOException e) {
                break;
            }
        }
        return (System.nanoTime() - beganNanos) / 1_000_000;
    }

    @Override
    public void close() {
        door.close();
        client.close();
    }
}
