// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.althing.api.gossip.Gossip;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Host;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.althing.api.net.PeerRecord;
import org.althing.api.net.ProtocolHandler;
import org.althing.codec.MalformedException;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Router} on a {@link Host}. One thread owns the router and everything here that is not final; threads of the transport decode
 * and hand over. A stream whose frames wait for that thread is not read until they are done, so nothing piles up.
 */
@Component(
        immediate = true,
        service = {Gossip.class, ProtocolHandler.class, PeerListener.class})
public final class GossipService implements Gossip, ProtocolHandler, PeerListener {

    private static final Logger LOG = LoggerFactory.getLogger(GossipService.class);

    private static final String MESHSUB_1_2 = "/meshsub/1.2.0";
    private static final List<String> PROTOCOLS = List.of(MESHSUB_1_2, "/meshsub/1.1.0");

    /** RPCs of one stream that wait for the router's thread before the stream is no longer read. */
    private static final int WAITING_RPCS_MAX = 32;
    /** RPCs of a peer that we cannot send to yet. */
    private static final int EARLY_RPCS_MAX = 64;
    /** RPCs without messages that wait for room in a peer's queue. */
    private static final int DELAYED_RPCS_MAX = 64;

    private static final int PUBLISHING_MAX = 4096;
    private static final Duration REFUSED_FOR = Duration.ofMinutes(10);
    private static final long STOP_MAX_MILLIS = 2000;
    private static final long VIEW_MAX_MILLIS = 1000;

    /** What is known of a connection. */
    private static final class Link {
        private boolean outbound;
        private String addressGroup = "";
        private byte[] signedPeerRecord = {};
        private boolean opening;
        private @Nullable NetStream stream;
        private final Deque<Rpc> early = new ArrayDeque<>(0);
        private final Deque<byte[]> delayed = new ArrayDeque<>(0);
    }

    private final Host host;
    private final Router router;
    private final PeerExchange exchange;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gossip").daemon().factory());
    private final AtomicInteger publishing = new AtomicInteger();
    private final Map<PeerId, Link> links = new HashMap<>();
    private final Map<String, TopicValidator> validators = new HashMap<>();
    private @Nullable Rpc lastEncoded;
    private byte[] lastBytes = {};

    @Activate
    public GossipService(@Reference Host host) {
        this.host = host;
        this.exchange = new PeerExchange(host);
        this.router = new Router(
                host.self(),
                GossipSettings.standard(),
                ScoreSettings.standard(),
                RouterLimits.standard(),
                (topic, peer) -> {
                    TopicValidator validator = validators.get(topic);
                    return validator != null && validator.admits(peer);
                },
                new java.security.SecureRandom());
        thread.scheduleAtFixedRate(
                guarded(() -> handle(new Event.Heartbeat())),
                GossipSettings.HEARTBEAT_MILLIS,
                GossipSettings.HEARTBEAT_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(STOP_MAX_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        links.values().forEach(link -> {
            if (link.stream != null) {
                link.stream.reset();
            }
        });
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addValidator(TopicValidator validator) {
        post(() -> {
            if (validators.putIfAbsent(validator.topic(), validator) == null) {
                handle(new Event.Subscribe(validator.topic()));
            } else {
                LOG.warn("topic {} has a validator already: another one is not asked", validator.topic());
            }
        });
    }

    void removeValidator(TopicValidator validator) {
        post(() -> {
            if (validators.remove(validator.topic(), validator)) {
                handle(new Event.Unsubscribe(validator.topic()));
            }
        });
    }

    // What others ask of us

    @Override
    public boolean publish(String topic, byte[] message) {
        if (message.length > MESSAGE_SIZE_MAX_BYTES || topic.length() > TOPIC_SIZE_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a message has at most " + MESSAGE_SIZE_MAX_BYTES + " bytes, its topic " + TOPIC_SIZE_MAX_BYTES);
        }
        if (publishing.incrementAndGet() > PUBLISHING_MAX) {
            publishing.decrementAndGet();
            return false;
        }
        byte[] data = message.clone();
        return post(() -> {
            publishing.decrementAndGet();
            handle(new Event.Publish(topic, data));
        });
    }

    @Override
    public void regard(PeerId peer, int score) {
        post(() -> handle(new Event.Regard(peer, score)));
    }

    @Override
    public List<GossipPeer> peers() {
        try {
            return thread.submit(router::peers).get(VIEW_MAX_MILLIS, TimeUnit.MILLISECONDS).stream()
                    .map(view -> new GossipPeer(view.peer(), view.score(), view.meshes()))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            return List.of();
        }
    }

    // What the host tells us

    @Override
    public List<String> protocols() {
        return PROTOCOLS;
    }

    @Override
    public int frameSizeMaxBytes() {
        return RpcLimits.RPC_SIZE_MAX_BYTES;
    }

    @Override
    public void connected(ConnectedPeer peer) {
        post(() -> links.computeIfAbsent(peer.peer(), p -> new Link()));
    }

    @Override
    public void identified(ConnectedPeer peer, PeerIdentity identity) {
        if (PROTOCOLS.stream().anyMatch(identity.protocols()::contains)) {
            post(() -> open(peer, identity.record()));
        }
    }

    private void open(ConnectedPeer peer, Optional<PeerRecord> record) {
        Link link = links.get(peer.peer());
        if (link == null) {
            return; // It has left meanwhile.
        }
        link.outbound = peer.direction() == Direction.OUTBOUND;
        link.addressGroup = AddressGroup.of(peer.address());
        record.ifPresent(signed -> link.signedPeerRecord = signed.toBytes());
        if (link.stream != null) {
            handle(new Event.PeerRecord(peer.peer(), link.signedPeerRecord));
        }
        if (link.opening || link.stream != null) {
            return;
        }
        link.opening = true;
        host.open(peer.peer(), PROTOCOLS, 1, new Writing())
                .whenComplete((stream, failure) -> post(() -> opened(peer.peer(), link, stream)));
    }

    private void opened(PeerId peer, Link link, @Nullable NetStream stream) {
        link.opening = false;
        if (stream == null || links.get(peer) != link) {
            if (stream != null) {
                stream.reset();
            }
            return;
        }
        link.stream = stream;
        handle(new Event.PeerAdded(
                peer, link.outbound, link.addressGroup, stream.protocol().equals(MESHSUB_1_2)));
        handle(new Event.PeerRecord(peer, link.signedPeerRecord));
        for (Rpc rpc = link.early.poll(); rpc != null; rpc = link.early.poll()) {
            handle(new Event.RpcReceived(peer, rpc));
        }
    }

    @Override
    public void disconnected(PeerId peer, String reason) {
        post(() -> {
            if (links.remove(peer) != null) {
                handle(new Event.PeerRemoved(peer));
            }
        });
    }

    /** Our stream to a peer: it never sends anything on it. */
    private final class Writing implements NetStream.Receiver {

        @Override
        public void frame(NetStream stream, byte[] frame) {
            stream.reset();
        }

        @Override
        public void writable(NetStream stream) {
            post(() -> {
                Link link = links.get(stream.peer());
                while (link != null && !link.delayed.isEmpty() && stream.send(link.delayed.peek())) {
                    link.delayed.remove();
                }
            });
        }

        @Override
        public void closed(NetStream stream, String reason) {
            post(() -> {
                Link link = links.get(stream.peer());
                if (link != null && link.stream == stream) {
                    link.stream = null;
                    link.delayed.clear();
                    handle(new Event.PeerRemoved(stream.peer()));
                }
            });
        }
    }

    @Override
    public NetStream.Receiver accept(NetStream stream) {
        return new Reading();
    }

    /** A peer's stream to us. */
    private final class Reading implements NetStream.Receiver {

        private final AtomicInteger waiting = new AtomicInteger();

        @Override
        public void frame(NetStream stream, byte[] frame) {
            Event event;
            try {
                event = new Event.RpcReceived(stream.peer(), RpcCodec.decode(frame));
            } catch (MalformedException e) {
                event = new Event.RpcRefused(stream.peer(), e.getMessage());
            }
            Event received = event;
            if (waiting.incrementAndGet() >= WAITING_RPCS_MAX) {
                stream.setReading(false);
            }
            post(() -> {
                if (waiting.decrementAndGet() < WAITING_RPCS_MAX / 2) {
                    stream.setReading(true);
                }
                received(stream.peer(), received);
            });
        }
    }

    private void received(PeerId peer, Event event) {
        Link link = links.get(peer);
        if (link == null) {
            return;
        }
        if (link.stream != null) {
            handle(event);
        } else if (event instanceof Event.RpcReceived received && link.early.size() < EARLY_RPCS_MAX) {
            link.early.add(received.rpc());
        }
    }

    // What the router wants done

    private void handle(Event event) {
        long nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        for (Action action : router.handle(nowMillis, event)) {
            switch (action) {
                case Action.Send send -> send(send);
                case Action.Validate validate -> validate(validate);
                case Action.Connect connect -> exchange.connect(connect, links.size(), nowMillis);
                case Action.Disconnect gone -> host.disconnect(gone.peer(), gone.reason(), REFUSED_FOR);
            }
        }
    }

    private void send(Action.Send send) {
        Link link = links.get(send.peer());
        if (link == null || link.stream == null) {
            return;
        }
        if (lastEncoded != send.rpc()) { // A message goes to many peers in a row.
            lastBytes = RpcCodec.encode(send.rpc());
            lastEncoded = send.rpc();
        }
        boolean mayBeLost = !send.rpc().messages().isEmpty();
        if (!link.delayed.isEmpty() || !link.stream.send(lastBytes)) {
            if (!mayBeLost && link.delayed.size() < DELAYED_RPCS_MAX) {
                link.delayed.add(lastBytes);
            }
        }
    }

    private void validate(Action.Validate validate) {
        TopicValidator validator = validators.get(validate.topic());
        if (validator == null) {
            handle(new Event.Judged(validate.id(), Verdict.IGNORE));
            return;
        }
        CompletionStage<TopicValidator.Verdict> verdict;
        try {
            verdict = validator.validate(validate.from(), validate.data().clone());
        } catch (RuntimeException e) {
            LOG.warn("the validator of topic {} failed", validate.topic(), e);
            handle(new Event.Judged(validate.id(), Verdict.IGNORE));
            return;
        }
        verdict.whenComplete((judged, failure) -> post(() -> handle(new Event.Judged(validate.id(), of(judged)))));
    }

    private static Verdict of(TopicValidator.@Nullable Verdict verdict) {
        if (verdict == null) {
            return Verdict.IGNORE;
        }
        return switch (verdict) {
            case ACCEPT -> Verdict.ACCEPT;
            case REJECT -> Verdict.REJECT;
            case IGNORE -> Verdict.IGNORE;
        };
    }

    private boolean post(Runnable task) {
        try {
            thread.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false; // It is being stopped.
        }
    }

    /** A fault of ours in one event must not end the thread, nor the heartbeats. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("gossip failed at an event", e);
            }
        };
    }
}
