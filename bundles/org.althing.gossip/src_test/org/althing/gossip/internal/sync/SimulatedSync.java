// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;
import org.althing.gossip.internal.sync.SyncCodec.Answered;
import org.althing.gossip.internal.sync.SyncCodec.Asked;
import org.althing.testkit.network.SimulatedHost;

/**
 * The shipped entry sync of one node of a simulated network: what keeps a DAO in step, and the server. Every request and answer goes through
 * the shipped codec.
 */
public final class SimulatedSync {

    /** Processor time, in microseconds, for a frame on either side. */
    private static final double FRAME_MICROS = 5;

    private static final double BYTE_MICROS = 0.003;
    /** The length in front. */
    private static final int PREFIX_BYTES = 2;

    private static final long TICK_MICROS = FetchLimits.TICK_IDLE_MILLIS * 1000;

    /** What goes over a link. */
    public record Frame(boolean isAnswer, byte[] bytes) {}

    /** Who hears of every entry that is kept, once. */
    public interface Kept {
        void kept(Cid entry);
    }

    private record Asking(PeerWire.Asker asker, PeerId peer) {}

    private final SimulatedHost<? super Frame> host;
    private final IntFunction<PeerId> ids;
    private final TestReplica replica;
    private final DaoSync sync;
    private final SyncServer server;
    private final Map<Long, Asking> asked = new HashMap<>();
    private long lastId;
    private long bytesReceived;

    /** Of a node that has just been switched on; ids of peers by their numbers, and back. */
    public SimulatedSync(
            SimulatedHost<? super Frame> host,
            IntFunction<PeerId> ids,
            ToIntFunction<PeerId> numbers,
            Cid dao,
            Kept kept) {
        this.host = host;
        this.ids = ids;
        this.replica = new TestReplica(dao, List.of(), set -> Optional.of(List.of()));
        replica.observe(new Replica.Observer() {
            @Override
            public void came(List<Replica.Pending> entries) {
                entries.forEach(entry -> kept.kept(entry.cid()));
            }

            @Override
            public void went(List<Replica.Pending> entries) {}

            @Override
            public void sealed(Replica.Tip tip) {}
        });
        DaoSync.Peers wires = new DaoSync.Peers() {
            @Override
            public void ask(PeerId peer, long id, Request request, PeerWire.Asker asker) {
                byte[] frame = SyncCodec.encode(new Asked(id, request));
                asked.put(id, new Asking(asker, peer));
                if (!send(numbers.applyAsInt(peer), new Frame(false, frame))) {
                    asked.remove(id);
                    host.after(0, () -> asker.failed(peer, id, "it is gone"));
                }
            }

            @Override
            public void ban(PeerId peer, String reason) {
                host.disconnect(numbers.applyAsInt(peer));
            }
        };
        this.sync = new DaoSync(
                replica,
                ids.apply(host.self()),
                (certificate, header, cid, notaries) -> Optional.empty(),
                wires,
                task -> host.after(0, task),
                () -> host.nowMicros() / 1000,
                () -> ++lastId,
                host.random());
        this.server =
                new SyncServer((peer, asking) -> asking.equals(dao) ? Optional.of(sync.served()) : Optional.empty());
        host.after(host.random().nextLong(TICK_MICROS), this::tick);
    }

    private void tick() {
        sync.tick();
        host.after(TICK_MICROS, this::tick);
    }

    public void connected(int peer) {
        sync.joined(ids.apply(peer));
    }

    public void disconnected(int peer) {
        PeerId id = ids.apply(peer);
        asked.values().removeIf(asking -> asking.peer.equals(id));
        sync.left(id);
    }

    public void received(int peer, Frame frame) {
        int size = frame.bytes.length + PREFIX_BYTES;
        bytesReceived += size;
        host.work(FRAME_MICROS + BYTE_MICROS * size, peer);
        if (frame.isAnswer) {
            Answered answered = SyncCodec.decodeAnswer(frame.bytes);
            Asking asking = asked.remove(answered.id());
            if (asking != null) {
                asking.asker.answered(ids.apply(peer), answered.id(), answered.answer(), size);
            }
        } else {
            Asked request = SyncCodec.decodeRequest(frame.bytes);
            Answer answer = server.answer(ids.apply(peer), request.request());
            send(peer, new Frame(true, SyncCodec.encode(new Answered(request.id(), answer))));
        }
    }

    private boolean send(int peer, Frame frame) {
        int size = frame.bytes.length + PREFIX_BYTES;
        host.work(FRAME_MICROS + BYTE_MICROS * size, host.self());
        return host.send(peer, frame, size);
    }

    /** An entry has come on another way. */
    public void keep(byte[] entry, long timeMillis) {
        if (!replica.ledger().has(Cid.hash(entry))) {
            replica.addPending(entry, timeMillis);
        }
    }

    /** Bytes of requests and answers that came. */
    public long bytesReceived() {
        return bytesReceived;
    }
}
