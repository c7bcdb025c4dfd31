// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.gossip.Gossip;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.codec.Ed25519;

/**
 * Our side of {@code releng/npm/gossip-bench.mjs}, which tells of the commands and of the messages: the shipped host and gossip in the shipped
 * framework, and a validator that checks one signature a message, on all processors.
 */
final class GossipPeer implements PeerShell.Role {

    private static final int MESSAGE_BYTES = 300;
    private static final int STAMP_BYTES = 16;
    private static final int SIGNED_BYTES = MESSAGE_BYTES - STAMP_BYTES - Signature.BYTES;
    private static final int SAMPLES_MAX = 50_000;
    private static final long WAIT_MAX_MILLIS = 30_000;

    private final PeerShell shell;
    private final Host host;
    private final Gossip gossip;
    private final Ed25519 signatures = Ed25519.fastest();
    private final PublicKey key;
    private final byte[] template = new byte[MESSAGE_BYTES];
    private final ExecutorService verifiers = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("althing-bench-verify-", 0).factory());

    private final Object lock = new Object();
    private String topic = "";
    private int number;
    private int before;
    private int sequence;
    private boolean answering;
    private int received;
    private int invalid;
    private final long[] micros = new long[SAMPLES_MAX];

    GossipPeer(PeerShell shell) throws AlthingException {
        this.shell = shell;
        this.host = shell.service(Host.class);
        this.gossip = shell.service(Gossip.class);
        byte[] seed = new byte[Ed25519.SEED_BYTES];
        Arrays.fill(seed, (byte) 5);
        key = signatures.publicKey(seed);
        Arrays.fill(template, (byte) '.');
        byte[] signed = Arrays.copyOfRange(template, STAMP_BYTES, STAMP_BYTES + SIGNED_BYTES);
        System.arraycopy(
                signatures.provider().sign(seed, signed).toBytes(),
                0,
                template,
                STAMP_BYTES + SIGNED_BYTES,
                Signature.BYTES);
    }

    @Override
    public JsonNode run(JsonNode command) throws AlthingException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (command.path("do").asText()) {
            case "start" -> {
                topic = command.path("topic").asText();
                number = command.path("number").asInt();
                int of = command.path("of").asInt();
                before = (number + of - 1) % of;
                shell.register(TopicValidator.class, new Judge());
                yield PeerShell.addresses(host);
            }
            case "dial" -> json.textNode(dial(command.path("address").asText()));
            case "meshed" ->
                json.numberNode((int) gossip.peers().stream()
                        .filter(peer -> peer.topics().contains(topic))
                        .count());
            case "begin" -> {
                begin(command.path("window").asInt());
                yield json.nullNode();
            }
            case "pace" -> {
                pace(command.path("perSecond").asInt(), command.path("count").asInt());
                yield json.nullNode();
            }
            case "end" -> end(json);
            default -> throw new AlthingException("no such command: " + command);
        };
    }

    private String dial(String address) throws AlthingException {
        try {
            PeerId peer = host.dial(Multiaddr.parse(address))
                    .toCompletableFuture()
                    .get(WAIT_MAX_MILLIS, TimeUnit.MILLISECONDS);
            return peer.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new AlthingException("the benchmark's peers do not reach each other: " + e, e);
        }
    }

    private void begin(int window) {
        synchronized (lock) {
            received = 0;
            invalid = 0;
            answering = window > 0;
        }
        for (int i = 0; i < window; i++) {
            publish();
        }
    }

    private void pace(int perSecond, int count) {
        long start = System.nanoTime();
        long between = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int i = 0; i < count; i++) {
            for (long wait = start + i * between - System.nanoTime();
                    wait > 0;
                    wait = start + i * between - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            publish();
        }
    }

    private ObjectNode end(JsonNodeFactory json) {
        synchronized (lock) {
            answering = false;
            ObjectNode figures = json.objectNode().put("received", received).put("invalid", invalid);
            ArrayNode samples = figures.putArray("micros");
            Arrays.stream(micros, 0, Math.min(received, SAMPLES_MAX)).forEach(samples::add);
            return figures;
        }
    }

    private void publish() {
        byte[] message = template.clone();
        int next;
        synchronized (lock) {
            next = sequence++;
        }
        ByteBuffer.wrap(message).putInt(number).putInt(next).putLong(System.nanoTime());
        gossip.publish(topic, message);
    }

    private final class Judge implements TopicValidator {

        @Override
        public String topic() {
            return topic;
        }

        @Override
        public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
            return CompletableFuture.supplyAsync(() -> judge(message), verifiers);
        }

        private Verdict judge(byte[] message) {
            if (message.length != MESSAGE_BYTES) {
                return Verdict.REJECT;
            }
            byte[] signed = Arrays.copyOfRange(message, STAMP_BYTES, STAMP_BYTES + SIGNED_BYTES);
            byte[] signature = Arrays.copyOfRange(message, STAMP_BYTES + SIGNED_BYTES, MESSAGE_BYTES);
            boolean valid = signatures.verify(key, signed, Signature.of(signature));
            ByteBuffer stamp = ByteBuffer.wrap(message);
            int publisher = stamp.getInt();
            long atMicros = (System.nanoTime() - stamp.getLong(8)) / 1000;
            boolean answer;
            synchronized (lock) {
                if (!valid) {
                    invalid++;
                    return Verdict.REJECT;
                }
                if (received < SAMPLES_MAX) {
                    micros[received] = atMicros;
                }
                received++;
                answer = answering && publisher == before;
            }
            if (answer) {
                publish();
            }
            return Verdict.ACCEPT;
        }
    }
}
