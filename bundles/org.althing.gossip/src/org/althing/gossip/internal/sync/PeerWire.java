// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.althing.api.net.Host;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.codec.MalformedException;
import org.althing.gossip.internal.sync.SyncCodec.Answered;
import org.althing.gossip.internal.sync.SyncCodec.Asked;
import org.jspecify.annotations.Nullable;

/**
 * What we ask one peer: a stream that is opened when there is something to ask, and again after it broke. All of it belongs to the thread of
 * the executor; what the transport tells is handed over to it.
 */
final class PeerWire implements NetStream.Receiver {

    /** Requests that wait for an answer; with more the peer is dead, and the stream is reset. */
    private static final int ASKED_MAX = 512;

    private final PeerId peer;
    private final Host host;
    private final Executor thread;
    /** Who asked, by number, oldest first. */
    private final Map<Long, Asker> asked = new LinkedHashMap<>();
    /** Frames that wait for the stream. */
    private final Deque<byte[]> waiting = new ArrayDeque<>();

    private @Nullable NetStream stream;
    private boolean opening;
    private boolean closed;

    /** Who wants to hear of an answer. */
    interface Asker {

        void answered(PeerId peer, long id, Answer answer, int sizeBytes);

        void failed(PeerId peer, long id, String reason);

        /** The peer sent what is no answer, or what nobody asked for. */
        void misbehaved(PeerId peer, String reason);
    }

    PeerWire(PeerId peer, Host host, Executor thread) {
        this.peer = peer;
        this.host = host;
        this.thread = thread;
    }

    void ask(long id, Request request, Asker asker) {
        if (closed || asked.size() == ASKED_MAX) {
            thread.execute(() -> asker.failed(peer, id, "it answers nothing"));
            return;
        }
        asked.put(id, asker);
        waiting.add(SyncCodec.encode(new Asked(id, request.of(DaoName.of(request.dao(), host.self(), peer)))));
        if (stream != null) {
            send();
        } else if (!opening) {
            open();
        }
    }

    private void open() {
        opening = true;
        host.open(peer, List.of(SyncLimits.PROTOCOL), SyncLimits.ANSWER_SIZE_MAX_BYTES, this)
                .whenComplete((opened, failure) -> thread.execute(() -> {
                    opening = false;
                    if (opened == null) {
                        failAll(failure == null ? "no stream" : String.valueOf(failure.getMessage()));
                    } else if (closed) {
                        opened.reset();
                    } else {
                        stream = opened;
                        send();
                    }
                }));
    }

    private void send() {
        NetStream now = stream;
        while (now != null && !waiting.isEmpty() && now.send(waiting.peek())) {
            waiting.remove();
        }
    }

    private void failAll(String reason) {
        Map<Long, Asker> lost = new LinkedHashMap<>(asked);
        asked.clear();
        waiting.clear();
        lost.forEach((id, asker) -> asker.failed(peer, id, reason));
    }

    /** Ends the stream; nobody is told any more. */
    void close() {
        closed = true;
        asked.clear();
        waiting.clear();
        if (stream != null) {
            stream.reset();
        }
    }

    @Override
    public void frame(NetStream from, byte[] frame) {
        thread.execute(() -> take(frame));
    }

    private void take(byte[] frame) {
        if (closed) {
            return;
        }
        Answered answered;
        try {
            answered = SyncCodec.decodeAnswer(frame);
        } catch (MalformedException e) {
            misbehaved("its answer cannot be read: " + e.getMessage());
            return;
        }
        Asker asker = asked.remove(answered.id());
        if (asker == null) {
            misbehaved("it answers what it was not asked");
        } else {
            asker.answered(peer, answered.id(), answered.answer(), frame.length);
        }
    }

    private void misbehaved(String reason) {
        new ArrayList<>(asked.values()).stream().distinct().forEach(asker -> asker.misbehaved(peer, reason));
        host.disconnect(peer, reason, SyncService.BAN);
    }

    @Override
    public void writable(NetStream from) {
        thread.execute(this::send);
    }

    @Override
    public void closed(NetStream from, String reason) {
        thread.execute(() -> {
            stream = null;
            if (!closed) {
                failAll(reason);
            }
        });
    }
}
