// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.althing.api.Cid;
import org.althing.api.net.Host;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.codec.MalformedException;
import org.althing.gossip.internal.sync.SyncCodec.Answered;
import org.althing.gossip.internal.sync.SyncCodec.Asked;
import org.jspecify.annotations.Nullable;

/**
 * A stream on which a peer asks us. Requests are answered in their order; while the peer does not take an answer, nothing more is read from
 * the disk for it.
 */
final class ServedStream implements NetStream.Receiver {

    private final SyncServer server;
    private final BiConsumer<PeerId, Cid> observer;
    private final Host host;
    private final Executor thread;
    /** Requests that came and are not answered. */
    private final AtomicInteger waitingCount = new AtomicInteger();

    // Only the thread touches what follows.
    private final Deque<Asked> waiting = new ArrayDeque<>();
    /** An answer that the stream has no room for. */
    private byte @Nullable [] held;

    private boolean closed;

    /** @param observer told on the thread which peer asks how far we are in which DAO, once it is answered */
    ServedStream(SyncServer server, BiConsumer<PeerId, Cid> observer, Host host, Executor thread) {
        this.server = server;
        this.observer = observer;
        this.host = host;
        this.thread = thread;
    }

    @Override
    public void frame(NetStream stream, byte[] frame) {
        int count = waitingCount.incrementAndGet();
        if (count > SyncLimits.REQUESTS_WAITING_MAX) {
            stream.reset();
            return;
        }
        Asked asked;
        try {
            asked = SyncCodec.decodeRequest(frame);
        } catch (MalformedException e) {
            host.disconnect(stream.peer(), "its request cannot be read: " + e.getMessage(), SyncService.BAN);
            return;
        }
        thread.execute(() -> {
            waiting.add(asked);
            serve(stream);
        });
    }

    private void serve(NetStream stream) {
        while (!closed && (held != null || !waiting.isEmpty())) {
            if (held == null) {
                Asked asked = waiting.remove();
                held = SyncCodec.encode(new Answered(asked.id(), server.answer(stream.peer(), asked.request())));
                if (asked.request() instanceof Request.Status status) {
                    observer.accept(stream.peer(), status.dao());
                }
            }
            if (!stream.send(held)) {
                return; // Until it is writable again.
            }
            held = null;
            waitingCount.decrementAndGet();
        }
    }

    @Override
    public void writable(NetStream stream) {
        thread.execute(() -> serve(stream));
    }

    @Override
    public void finished(NetStream stream) {
        thread.execute(() -> {
            if (waiting.isEmpty() && held == null) {
                stream.finish();
            }
        });
    }

    @Override
    public void closed(NetStream stream, String reason) {
        thread.execute(() -> {
            closed = true;
            waiting.clear();
            held = null;
        });
    }
}
