// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
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

    /** In base64 a third more, so that the line stays below its limit. */
    private static final Parts PARTS = new Parts(Integer.MAX_VALUE, LocalDoor.LINE_MAX_BYTES / 2);
    /** The node gives up first, and says so. */
    private static final long ANSWER_TIMEOUT_MILLIS = LocalDoor.REQUEST_TIMEOUT_MILLIS + 5_000;

    private final SocketChannel channel;
    private final Path data;
    private final Lines lines;
    private final ObjectMapper mapper = Views.mapper(LocalDoor.LINE_MAX_BYTES);
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("althing-client-watchdog").factory());
    private long lastId;

    SocketAssembly(SocketChannel channel, Path data) {
        this.channel = channel;
        this.data = data;
        this.lines = new Lines(channel, LocalDoor.LINE_MAX_BYTES);
    }

    @Override
    public Status status() throws AlthingException {
        return callPlain(new TypeReference<>() {}, "status");
    }

    @Override
    public List<MethodView> methods() throws AlthingException {
        return callPlain(new TypeReference<>() {}, "methods");
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
    public Submission foundPrivate(byte[] charter, byte[] groupKey) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "foundPrivate", charter, groupKey);
    }

    @Override
    public String readingKey() throws AlthingException {
        return callPlain(new TypeReference<>() {}, "readingKey");
    }

    @Override
    public List<byte[]> groupKeys(String dao) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "groupKeys", dao);
    }

    @Override
    public String readingKey(String dao, String member) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "readingKeyOf", dao, member);
    }

    @Override
    public void send(String dao, byte[] message) throws RefusedException, AlthingException {
        call(new TypeReference<Boolean>() {}, "send", dao, message);
    }

    @Override
    public List<MessageView> messages(String dao) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "messages", dao);
    }

    @Override
    public SyncView join(Invite invite) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "join", invite.dao(), invite.seal(), invite.height(), invite.peers());
    }

    @Override
    public Invite invite(String dao) throws RefusedException, AlthingException {
        return call(new TypeReference<>() {}, "invite", dao);
    }

    @Override
    public List<PeerView> peers() throws AlthingException {
        return callPlain(new TypeReference<>() {}, "peers");
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
        return PARTS.submit(
                entries, waitMillis, (part, wait) -> callPlain(new TypeReference<>() {}, "submitAll", part, wait));
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
    public EvidenceFile export(String subject, String file, boolean disclose)
            throws RefusedException, AlthingException {
        // The node runs in another folder: what the user calls by a relative name must be named in full.
        return call(
                new TypeReference<>() {},
                "export",
                subject,
                Path.of(file).toAbsolutePath().toString(),
                disclose);
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
