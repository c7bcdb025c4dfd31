// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.RefusedException;
import org.althing.api.evidence.Evidence;
import org.althing.api.ledger.Ledger.DurableFile;
import org.althing.api.node.AssemblyClients.Connection;
import org.althing.api.node.HttpApi;
import org.jspecify.annotations.Nullable;

/** An assembly at the other end of HTTP, in the words of the node's OpenAPI document. */
final class HttpAssembly implements Connection {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** From asking to the end of the answer, beside what was granted to wait for a seal. */
    private static final long ANSWER_TIMEOUT_MILLIS = 30_000;
    /** The same for an evidence file, which is written first; the node gives up earlier. */
    private static final long EVIDENCE_TIMEOUT_MILLIS = 180_000;

    private static final int ANSWER_SIZE_MAX_BYTES = 128 * 1024 * 1024;
    /** In base64 a third more, and some words around. */
    private static final Parts PARTS = new Parts(HttpApi.ENTRIES_MAX, HttpApi.BODY_SIZE_MAX_BYTES / 3 * 2);

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private static final String JSON_TYPE = "application/json";
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;

    private final URI node;
    private final Optional<String> token;
    private final ObjectMapper mapper = Views.mapper(ANSWER_SIZE_MAX_BYTES);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    HttpAssembly(URI node, Optional<String> token) {
        String scheme = String.valueOf(node.getScheme()).toLowerCase(Locale.ROOT);
        boolean plain = scheme.equals("http");
        if (!plain && !scheme.equals("https")
                || node.getHost() == null
                || node.getRawUserInfo() != null
                || node.getRawQuery() != null
                || node.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    node + " is no address of a node; give one such as https://dao.example:7146");
        }
        if (token.isPresent() && plain && !isLoopback(node.getHost())) {
            throw new IllegalArgumentException(
                    "the administrator's token would cross the network readable by others; use"
                            + " https, or found the DAO on the machine of the node");
        }
        this.node = URI.create(node.toString().replaceFirst("/+$", ""));
        this.token = token;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || LOOPBACK.matcher(host).matches();
    }

    @Override
    public Status status() throws AlthingException {
        return getAuthorized(new TypeReference<>() {}, path("status"));
    }

    @Override
    public List<MethodView> methods() throws AlthingException {
        return getPlain(new TypeReference<>() {}, path("methods"));
    }

    @Override
    public List<PeerView> peers() throws AlthingException {
        return getAuthorized(new TypeReference<>() {}, path("peers"));
    }

    @Override
    public List<DaoView> daos() throws AlthingException {
        return getPlain(new TypeReference<>() {}, path("daos"));
    }

    @Override
    public DaoView dao(String dao) throws RefusedException, AlthingException {
        return get(new TypeReference<>() {}, path("daos", dao));
    }

    @Override
    public List<MemberView> members(String dao) throws RefusedException, AlthingException {
        return get(new TypeReference<>() {}, path("daos", dao, "members"));
    }

    @Override
    public Submission found(byte[] charter) throws RefusedException, AlthingException {
        HttpRequest.Builder request = authorized(request(path("daos")))
                .header("Content-Type", HttpApi.ENTRY_TYPE)
                .POST(BodyPublishers.ofByteArray(charter));
        return submissions(ask(request, WAIT_MAX_MILLIS)).getFirst();
    }

    @Override
    public Submission foundPrivate(byte[] charter, byte[] groupKey) throws AlthingException {
        throw local("a private DAO is founded");
    }

    @Override
    public String readingKey() throws AlthingException {
        throw local("a reading key is given");
    }

    /** None: the API shows public DAOs alone. */
    @Override
    public List<byte[]> groupKeys(String dao) {
        return List.of();
    }

    @Override
    public String readingKey(String dao, String member) throws AlthingException {
        throw local("messages are written");
    }

    @Override
    public void send(String dao, byte[] message) throws AlthingException {
        throw local("messages are sent");
    }

    @Override
    public List<MessageView> messages(String dao) throws AlthingException {
        throw local("messages are read");
    }

    private static AlthingException local(String what) {
        return new AlthingException(what + " on the machine of the node, by the user that runs it");
    }

    @Override
    public Authoring authoring(String dao, String key) throws RefusedException, AlthingException {
        return get(new TypeReference<>() {}, path("daos", dao, "authoring", key));
    }

    @Override
    public Submission submit(byte[] entry, long waitMillis) throws RefusedException, AlthingException {
        HttpRequest.Builder request = request(path("entries") + "?waitMillis=" + waitMillis)
                .header("Content-Type", HttpApi.ENTRY_TYPE)
                .POST(BodyPublishers.ofByteArray(entry));
        return submissions(ask(request, waitMillis)).getFirst();
    }

    @Override
    public List<Submission> submitAll(List<byte[]> entries, long waitMillis) throws AlthingException {
        return entries.isEmpty() ? List.of() : PARTS.submit(entries, waitMillis, this::submitPart);
    }

    private List<Submission> submitPart(List<byte[]> part, long waitMillis) throws AlthingException {
        ObjectNode body = mapper.createObjectNode().put("waitMillis", waitMillis);
        ArrayNode list = body.putArray("entries");
        part.forEach(list::add);
        try {
            HttpRequest.Builder request = request(path("entries"))
                    .header("Content-Type", JSON_TYPE)
                    .POST(BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)));
            List<Submission> answers = submissions(ask(request, waitMillis));
            if (answers.size() != part.size()) {
                throw otherwise(null);
            }
            return answers;
        } catch (RefusedException e) {
            throw new AlthingException(e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes make JSON", e);
        }
    }

    private List<Submission> submissions(HttpResponse<byte[]> answer) throws AlthingException {
        record Submissions(List<Submission> submissions) {}
        Submissions read = read(new TypeReference<>() {}, answer);
        if (read.submissions() == null || read.submissions().isEmpty()) {
            throw otherwise(null);
        }
        return read.submissions();
    }

    @Override
    public List<ProposalView> proposals(String dao, Optional<String> status, int offset, int limit)
            throws RefusedException, AlthingException {
        String query = "?offset=" + offset + "&limit=" + limit
                + status.map(word -> "&status=" + encode(word)).orElse("");
        return get(new TypeReference<>() {}, path("daos", dao, "proposals") + query);
    }

    @Override
    public ProposalView proposal(String proposal) throws RefusedException, AlthingException {
        return get(new TypeReference<>() {}, path("proposals", proposal));
    }

    @Override
    public List<CommentView> comments(String proposal) throws RefusedException, AlthingException {
        return get(new TypeReference<>() {}, path("proposals", proposal, "comments"));
    }

    @Override
    public Optional<BallotView> ballot(String proposal, String member) throws RefusedException, AlthingException {
        HttpResponse<byte[]> answer = ask(request(path("proposals", proposal, "ballots", member)), 0);
        return answer.statusCode() == NO_CONTENT
                ? Optional.empty()
                : Optional.of(read(new TypeReference<>() {}, answer));
    }

    @Override
    public byte[] entry(String cid) throws RefusedException, AlthingException {
        byte[] bytes = ask(request(path("entries", cid)), 0).body();
        if (!Cid.hash(bytes).toString().equals(cid)) {
            throw new AlthingException(node + " gave other bytes for entry " + cid + "; do not trust it");
        }
        return bytes;
    }

    @Override
    public List<SealView> seals(String dao, long fromHeight, int limit) throws RefusedException, AlthingException {
        return get(new TypeReference<>() {}, path("daos", dao, "seals") + "?from=" + fromHeight + "&limit=" + limit);
    }

    @Override
    public List<DurableFile> durableFiles() throws AlthingException {
        throw new AlthingException("a backup is taken on the machine of the node, by the user that runs it");
    }

    @Override
    public SyncView join(Invite invite) throws AlthingException {
        throw local("a DAO is joined");
    }

    @Override
    public Invite invite(String dao) throws AlthingException {
        throw local("an invite is made");
    }

    @Override
    public EvidenceFile export(String subject, String file, boolean disclose)
            throws RefusedException, AlthingException {
        Path target = Path.of(file).toAbsolutePath();
        boolean proposal = isProposal(subject);
        try {
            Path part = Files.createTempFile(target.getParent(), ".evidence", ".part");
            try {
                HttpResponse<byte[]> answer = exchange(
                        request(path(proposal ? "proposals" : "daos", subject, "evidence")),
                        EVIDENCE_TIMEOUT_MILLIS,
                        head -> head.statusCode() == OK ? toFile(part) : inMemory());
                requireFine(answer);
                Files.move(part, target);
                return new EvidenceFile(
                        target.toString(),
                        Files.size(target),
                        header(answer, HttpApi.SUBJECT_HEADER),
                        header(answer, HttpApi.DAO_HEADER),
                        header(answer, HttpApi.HEAD_HEADER));
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new AlthingException("cannot write " + target + " (" + e + "); name another file, or make room", e);
        }
    }

    private boolean isProposal(String subject) throws AlthingException {
        try {
            proposal(subject);
            return true;
        } catch (RefusedException e) {
            return false; // Then it is a DAO, or nothing, which the answer will say.
        }
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    // The wire.

    private static String path(String... segments) {
        return HttpApi.PATH + "/"
                + Stream.of(segments).map(HttpAssembly::encode).collect(Collectors.joining("/"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(node + pathAndQuery));
    }

    /** A question that is never refused. */
    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private <T> T getPlain(TypeReference<T> type, String path) throws AlthingException {
        return plainly(type, request(path));
    }

    /** The administrator is told more. */
    private <T> T getAuthorized(TypeReference<T> type, String path) throws AlthingException {
        return plainly(type, authorized(request(path)));
    }

    private <T> T plainly(TypeReference<T> type, HttpRequest.Builder request) throws AlthingException {
        try {
            return read(type, ask(request, 0));
        } catch (RefusedException e) {
            throw new AlthingException(e.getMessage(), e);
        }
    }

    private <T> T get(TypeReference<T> type, String pathAndQuery) throws RefusedException, AlthingException {
        return read(type, ask(request(pathAndQuery), 0));
    }

    private <T> T read(TypeReference<T> type, HttpResponse<byte[]> answer) throws AlthingException {
        try {
            T view = mapper.readValue(answer.body(), type);
            if (view == null) {
                throw otherwise(null);
            }
            return view;
        } catch (IOException e) {
            throw otherwise(e);
        }
    }

    private AlthingException otherwise(@Nullable IOException cause) {
        return new AlthingException(
                node + " answers otherwise than expected; check the address, and run the same version of Althing on"
                        + " both sides",
                cause);
    }

    /** An answer that is fine. */
    private HttpResponse<byte[]> ask(HttpRequest.Builder request, long waitMillis)
            throws RefusedException, AlthingException {
        HttpResponse<byte[]> answer = exchange(request, waitMillis + ANSWER_TIMEOUT_MILLIS, head -> inMemory());
        requireFine(answer);
        return answer;
    }

    private static BodySubscriber<byte[]> inMemory() {
        return new Bounded<>(BodySubscribers.ofByteArray(), ANSWER_SIZE_MAX_BYTES);
    }

    private static BodySubscriber<byte[]> toFile(Path file) {
        return BodySubscribers.mapping(
                new Bounded<>(BodySubscribers.ofFile(file, StandardOpenOption.WRITE), Evidence.FILE_SIZE_MAX_BYTES),
                written -> new byte[0]);
    }

    private HttpResponse<byte[]> exchange(
            HttpRequest.Builder request, long timeoutMillis, HttpResponse.BodyHandler<byte[]> handler)
            throws AlthingException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request.build(), handler);
        try {
            return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AlthingException(
                    node + " cannot be reached or does not answer (" + e.getCause() + "); check the address and that"
                            + " the node runs with --http",
                    e.getCause());
        } catch (TimeoutException e) {
            throw new AlthingException(node + " has not answered within " + timeoutMillis / 1000 + " s; try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted while " + node + " was asked", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Refused is what another question would mend; anything else is a fault of the way or of the node. */
    private void requireFine(HttpResponse<byte[]> answer) throws RefusedException, AlthingException {
        int status = answer.statusCode();
        if (status == OK || status == NO_CONTENT) {
            return;
        }
        String detail = detail(answer);
        switch (status) {
            case 400, 404, 409, 413 -> throw new RefusedException(detail);
            case 401 -> throw new AlthingException(node + ": " + detail + " (here: --token-file FILE)");
            default -> throw new AlthingException(node + ": " + detail);
        }
    }

    private String detail(HttpResponse<byte[]> answer) throws AlthingException {
        try {
            JsonNode problem = mapper.readTree(answer.body());
            String detail = problem == null ? "" : problem.path("detail").asText();
            if (!detail.isEmpty()) {
                return detail;
            }
        } catch (IOException e) {
            // Not from a node of ours.
        }
        throw otherwise(null);
    }
}
