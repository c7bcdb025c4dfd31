// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.ledger.Ledger.DurableFile;
import org.althing.api.node.AssemblyClients.Connection;
import org.althing.api.node.Lines;
import org.althing.api.node.LocalDoor;
import org.althing.api.node.Plugins;
import org.jspecify.annotations.Nullable;

/** An assembly at the other end of a socket; what crosses is described at {@link LocalDoor}. */
final class SocketAssembly implements Connection {

    /** Entries of one request, in bytes: in base64 a third more, so that the line stays below its limit. */
    private static final int PART_SIZE_MAX_BYTES = LocalDoor.LINE_MAX_BYTES / 2;
    /** The node gives up first, and says so. */
    private static final long ANSWER_TIMEOUT_MILLIS = LocalDoor.REQUEST_TIMEOUT_MILLIS + 5_000;

    private final SocketChannel channel;
    private final Path data;
    private final Lines lines;
    private final ObjectMapper mapper;
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("althing-client-watchdog").factory());
    private long lastId;

    SocketAssembly(SocketChannel channel, Path data) {
        this.channel = channel;
        this.data = data;
        this.lines = new Lines(channel, LocalDoor.LINE_MAX_BYTES);
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxStringLength(LocalDoor.LINE_MAX_BYTES)
                .build();
        this.mapper = new ObjectMapper(
                JsonFactory.builder().streamReadConstraints(constraints).build());
        mapper.registerModule(new Jdk8Module());
        mapper.enable(DeserializationFeature.USE_LONG_FOR_INTS);
        // A newer node may tell more than this client knows.
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    @Override
    public Status status() throws AlthingException {
        return callPlain(new TypeReference<>() {}, "status");
    }

    @Override
    public List<DaoView> daos() throws AlthingException {
        return callPlain(new TypeReference<>() {}, "daos");
    }

    @Override
    public DaoView dao(String dao) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "dao", dao);
    }

    @Override
    public List<MemberView> members(String dao) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "members", dao);
    }

    @Override
    public Submission found(byte[] charter) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "found", charter);
    }

    @Override
    public Authoring authoring(String dao, String key) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "authoring", dao, key);
    }

    @Override
    public Submission submit(byte[] entry, long waitMillis) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "submit", entry, waitMillis);
    }

    @Override
    public List<Submission> submitAll(List<byte[]> entries, long waitMillis) throws AlthingException {
        List<List<byte[]>> parts = parts(entries);
        boolean single = parts.size() == 1;
        List<List<Submission>> answers = new ArrayList<>();
        for (List<byte[]> part : parts) {
            answers.add(submitPart(part, single ? waitMillis : 0));
        }
        // All are on their way; only now is it worth waiting. A replay costs the node little.
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        for (int i = 0; i < parts.size() && !single; i++) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (leftMillis > 0
                    && answers.get(i).stream().anyMatch(answer -> answer.state().equals("pending"))) {
                answers.set(i, merge(answers.get(i), submitPart(parts.get(i), leftMillis)));
            }
        }
        return answers.stream().flatMap(List::stream).toList();
    }

    private static List<Submission> merge(List<Submission> first, List<Submission> second) {
        List<Submission> merged = new ArrayList<>(first);
        for (int i = 0; i < merged.size(); i++) {
            if (merged.get(i).state().equals("pending")) {
                merged.set(i, second.get(i));
            }
        }
        return merged;
    }

    private List<Submission> submitPart(List<byte[]> part, long waitMillis) throws AlthingException {
        return callPlain(new TypeReference<>() {}, "submitAll", part, waitMillis);
    }

    private static List<List<byte[]>> parts(List<byte[]> entries) {
        List<List<byte[]>> parts = new ArrayList<>();
        List<byte[]> part = new ArrayList<>();
        long sizeBytes = 0;
        for (byte[] entry : entries) {
            if (!part.isEmpty() && sizeBytes + entry.length > PART_SIZE_MAX_BYTES) {
                parts.add(part);
                part = new ArrayList<>();
                sizeBytes = 0;
            }
            part.add(entry);
            sizeBytes += entry.length + 4; // quotes, comma, padding
        }
        parts.add(part);
        return parts;
    }

    @Override
    public List<ProposalView> proposals(String dao, Optional<String> status, int offset, int limit)
            throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "proposals", dao, status.orElse(null), offset, limit);
    }

    @Override
    public ProposalView proposal(String proposal) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "proposal", proposal);
    }

    @Override
    public List<CommentView> comments(String proposal) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "comments", proposal);
    }

    @Override
    public Optional<BallotView> ballot(String proposal, String member) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "ballot", proposal, member);
    }

    @Override
    public byte[] entry(String cid) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "entry", cid);
    }

    @Override
    public EvidenceFile export(String subject, String file) throws RefusedException, AlthingException {
        // The node runs in another folder: what the user calls by a relative name must be named in full.
        return call(
                new TypeReference<>() {},
                "export",
                subject,
                Path.of(file).toAbsolutePath().toString());
    }

    @Override
    public List<SealView> seals(String dao, long fromHeight, int limit) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "seals", dao, fromHeight, limit);
    }

    @Override
    public List<DurableFile> durableFiles() throws AlthingException {
        return callPlain(new TypeReference<>() {}, "durableFiles");
    }

    @Override
    public Plugins plugins() {
        return new SocketPlugins();
    }

    /** The plugins of the node at the other end. */
    private final class SocketPlugins implements Plugins {

        @Override
        public List<Plugin> plugins() throws AlthingException {
            return callPlain(new TypeReference<>() {}, "plugins");
        }

        @Override
        public Plugin inspect(byte[] jar) throws RefusedException, AlthingException {
            return call(new TypeReference<>() {}, "plugins.inspect", jar);
        }

        @Override
        public Plugin add(byte[] jar, String sha256) throws RefusedException, AlthingException {
            return call(new TypeReference<>() {}, "plugins.add", jar, sha256);
        }

        @Override
        public Plugin remove(String name) throws RefusedException, AlthingException {
            return call(new TypeReference<>() {}, "plugins.remove", name);
        }
    }

    @Override
    public synchronized void close() {
        watchdog.shutdownNow();
        closeChannel();
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost: every answer was read.
        }
    }

    /** A call that is never refused. */
    private <T> T callPlain(TypeReference<T> type, String method, @Nullable Object... parameters)
            throws AlthingException {
        try {
            return call(type, method, parameters);
        } catch (RefusedException e) {
            throw new AlthingException(e.getMessage(), e);
        }
    }

    private <T> T call(TypeReference<T> type, String method, @Nullable Object... parameters)
            throws RefusedException, AlthingException {
        JsonNode answer = exchange(method, parameters);
        JsonNode error = answer.get("error");
        if (error != null) {
            String message = error.path("message").asText();
            if (error.path("code").asInt() == LocalDoor.CODE_REFUSED) {
                throw new RefusedException(message);
            }
            throw new AlthingException(message);
        }
        try {
            return mapper.readerFor(type).readValue(answer.path("result"));
        } catch (IOException e) {
            throw new AlthingException(
                    "the node on " + data
                            + " answers otherwise than expected; run the same version of Althing on both sides",
                    e);
        }
    }

    private synchronized JsonNode exchange(String method, @Nullable Object... parameters) throws AlthingException {
        if (!channel.isOpen()) {
            throw gone(null);
        }
        ObjectNode request = mapper.createObjectNode();
        request.put("jsonrpc", "2.0").put("id", ++lastId).put("method", method);
        ArrayNode list = request.putArray("params");
        for (Object parameter : parameters) {
            list.add(mapper.<JsonNode>valueToTree(parameter));
        }
        Future<?> alarm = watchdog.schedule(this::closeChannel, ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        try {
            lines.write(mapper.writeValueAsBytes(request));
            byte[] line = lines.read(() -> {}).orElseThrow(() -> new IOException("the connection has ended"));
            JsonNode answer = mapper.readTree(line);
            if (answer.path("id").asLong() != lastId) {
                throw new IOException("an answer to another question");
            }
            return answer;
        } catch (IOException e) {
            closeChannel();
            throw gone(e);
        } finally {
            alarm.cancel(false);
        }
    }

    private AlthingException gone(@Nullable IOException cause) {
        return new AlthingException(
                "the node on " + data + " has gone or does not answer; start it again with: althing node --data "
                        + data,
                cause);
    }
}
