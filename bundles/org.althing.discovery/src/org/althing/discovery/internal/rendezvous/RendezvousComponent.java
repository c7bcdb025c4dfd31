// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.althing.api.Cid;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.Host;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.althing.api.sync.Replica;
import org.althing.codec.MalformedException;
import org.althing.discovery.internal.rendezvous.RendezvousClient.Ask;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;
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
 * Runs a {@link RendezvousClient}: asks what it wants asked, and hands the peers that it hears of to the host, which dials them when it wants more. One
 * thread owns the client.
 */
@Component(immediate = true, service = PeerListener.class)
public final class RendezvousComponent implements PeerListener {

    private static final Logger LOG = LoggerFactory.getLogger(RendezvousComponent.class);

    private static final String NAMESPACE = "/althing/dao/1/";

    private final Host host;
    private final RendezvousClient client = new RendezvousClient();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rendezvous").daemon().factory());

    @Activate
    public RendezvousComponent(@Reference Host host) {
        this.host = host;
        thread.scheduleWithFixedDelay(
                guarded(this::look), RendezvousLimits.LOOK_MILLIS, RendezvousLimits.LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addReplica(Replica replica) {
        Cid dao = replica.dao();
        post(() -> client.add(NAMESPACE + dao));
    }

    void removeReplica(Replica replica) {
        Cid dao = replica.dao();
        post(() -> client.remove(NAMESPACE + dao));
    }

    @Override
    public void identified(ConnectedPeer peer, PeerIdentity identity) {
        boolean keepsList = identity.protocols().contains(RendezvousLimits.PROTOCOL);
        post(() -> {
            if (keepsList) {
                client.pointFound(peer.peer());
            } else {
                client.pointLost(peer.peer());
            }
        });
    }

    @Override
    public void disconnected(PeerId peer, String reason) {
        post(() -> client.pointLost(peer));
    }

    private void look() {
        if (!client.hasWork()) {
            return; // To find out our addresses costs more than nothing.
        }
        client.due(host.record(), host.peers().size(), nowMillis()).forEach(this::ask);
    }

    private void ask(Ask ask) {
        Conversation conversation = new Conversation(ask);
        thread.schedule(
                guarded(() -> conversation.end(null, "no answer in time")),
                RendezvousLimits.ANSWER_MAX_MILLIS,
                TimeUnit.MILLISECONDS);
        host.open(ask.point(), List.of(RendezvousLimits.PROTOCOL), RendezvousLimits.ANSWER_MAX_BYTES, conversation)
                .whenComplete((stream, failure) -> post(() -> conversation.begin(stream)));
    }

    /** One question and its answer; what is not final belongs to our thread. */
    private final class Conversation implements NetStream.Receiver {

        private final Ask ask;
        private @Nullable NetStream stream;
        private boolean over;

        Conversation(Ask ask) {
            this.ask = ask;
        }

        void begin(@Nullable NetStream opened) {
            stream = opened;
            if (opened == null || over || !opened.send(RendezvousCodec.encode(ask.question()))) {
                end(null, "cannot be asked");
            } else if (ask.question() instanceof Unregister) {
                over = true;
                opened.finish();
                client.answered(ask, null, nowMillis());
            }
        }

        @Override
        public void frame(NetStream same, byte[] frame) {
            RendezvousMessage answer;
            try {
                answer = RendezvousCodec.decode(frame);
            } catch (MalformedException e) {
                post(() -> end(null, e.getMessage()));
                return;
            }
            same.finish();
            post(() -> end(answer, ""));
        }

        @Override
        public void closed(NetStream same, String reason) {
            post(() -> end(null, reason));
        }

        void end(@Nullable RendezvousMessage answer, String reason) {
            if (answer == null && stream != null) {
                stream.reset();
            }
            if (over) {
                return;
            }
            over = true;
            if (answer == null) {
                LOG.debug("{} is asked in vain: {}", ask.point(), reason);
                client.failed(ask, nowMillis());
            } else {
                client.answered(ask, answer, nowMillis()).forEach(RendezvousComponent.this::suggest);
            }
        }
    }

    private void suggest(byte[] signed) {
        host.record(signed).filter(record -> !record.peer().equals(host.self())).ifPresent(record -> {
            record.addresses().stream()
                    .limit(RendezvousLimits.ADDRESSES_PER_PEER_MAX)
                    .forEach(address -> host.suggest(address.withPeer(record.peer()), false));
            host.sharing(record.peer(), Host.Sharing.CLAIMED);
        });
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void post(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("it is being stopped");
        }
    }

    /** A fault of ours in one event must not end the looks that follow. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("rendezvous failed at an event", e);
            }
        };
    }
}
