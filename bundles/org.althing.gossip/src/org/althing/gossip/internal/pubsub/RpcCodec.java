// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.List;
import org.althing.codec.MalformedException;
import org.althing.codec.ProtobufReader;
import org.althing.codec.ProtobufWriter;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.PeerInfo;
import org.althing.gossip.internal.pubsub.Rpc.Prune;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Rpc} as protobuf.
 *
 * <p>Decoding is bounded by {@link RpcLimits}: each count and each length is checked before anything is allocated for it. Fields of later
 * versions are passed over. A message that names an author, a sequence number, a key or a signature breaks StrictNoSign and refuses the RPC.
 *
 * @see <a href="https://github.com/libp2p/specs/tree/master/pubsub">libp2p specifications, pubsub and gossipsub v1.0 to v1.2</a>
 */
final class RpcCodec {

    private static final int RPC_SUBSCRIPTIONS = 1;
    private static final int RPC_PUBLISH = 2;
    private static final int RPC_CONTROL = 3;
    private static final int SUBSCRIPTION_SUBSCRIBE = 1;
    private static final int SUBSCRIPTION_TOPIC = 2;
    private static final int MESSAGE_FROM = 1;
    private static final int MESSAGE_DATA = 2;
    private static final int MESSAGE_SEQNO = 3;
    private static final int MESSAGE_TOPIC = 4;
    private static final int MESSAGE_SIGNATURE = 5;
    private static final int MESSAGE_KEY = 6;
    private static final int CONTROL_IHAVE = 1;
    private static final int CONTROL_IWANT = 2;
    private static final int CONTROL_GRAFT = 3;
    private static final int CONTROL_PRUNE = 4;
    private static final int CONTROL_IDONTWANT = 5;
    private static final int IHAVE_TOPIC = 1;
    private static final int IHAVE_IDS = 2;
    private static final int IDS = 1;
    private static final int GRAFT_TOPIC = 1;
    private static final int PRUNE_TOPIC = 1;
    private static final int PRUNE_PEERS = 2;
    private static final int PRUNE_BACKOFF = 3;
    private static final int PEER_ID = 1;
    private static final int PEER_RECORD = 2;

    private RpcCodec() {}

    static byte[] encode(Rpc rpc) {
        int data = 64;
        for (Message message : rpc.messages()) {
            data += message.data().length + RpcLimits.TOPIC_SIZE_MAX_BYTES + 16;
        }
        ProtobufWriter out = new ProtobufWriter(data);
        for (Subscription subscription : rpc.subscriptions()) {
            out.message(
                    RPC_SUBSCRIPTIONS,
                    new ProtobufWriter()
                            .bool(SUBSCRIPTION_SUBSCRIBE, subscription.subscribe())
                            .text(SUBSCRIPTION_TOPIC, subscription.topic()));
        }
        for (Message message : rpc.messages()) {
            out.message(
                    RPC_PUBLISH,
                    new ProtobufWriter(message.data().length + RpcLimits.TOPIC_SIZE_MAX_BYTES + 16)
                            .bytes(MESSAGE_DATA, message.data())
                            .text(MESSAGE_TOPIC, message.topic()));
        }
        ProtobufWriter control = control(rpc);
        if (control.size() > 0) {
            out.message(RPC_CONTROL, control);
        }
        return out.toBytes();
    }

    private static ProtobufWriter control(Rpc rpc) {
        ProtobufWriter out = new ProtobufWriter();
        for (IHave ihave : rpc.ihave()) {
            ProtobufWriter offer = new ProtobufWriter().text(IHAVE_TOPIC, ihave.topic());
            ihave.ids().forEach(id -> offer.bytes(IHAVE_IDS, id.toBytes()));
            out.message(CONTROL_IHAVE, offer);
        }
        writeIds(out, CONTROL_IWANT, rpc.iwant());
        rpc.graft().forEach(topic -> out.message(CONTROL_GRAFT, new ProtobufWriter().text(GRAFT_TOPIC, topic)));
        rpc.prune().forEach(prune -> out.message(CONTROL_PRUNE, encode(prune)));
        writeIds(out, CONTROL_IDONTWANT, rpc.idontwant());
        return out;
    }

    private static void writeIds(ProtobufWriter out, int field, List<MessageId> ids) {
        if (!ids.isEmpty()) {
            ProtobufWriter named = new ProtobufWriter();
            ids.forEach(id -> named.bytes(IDS, id.toBytes()));
            out.message(field, named);
        }
    }

    private static ProtobufWriter encode(Prune prune) {
        ProtobufWriter out = new ProtobufWriter().text(PRUNE_TOPIC, prune.topic());
        for (PeerInfo peer : prune.peers()) {
            ProtobufWriter other = new ProtobufWriter().bytes(PEER_ID, peer.peerId());
            if (peer.signedPeerRecord().length > 0) {
                other.bytes(PEER_RECORD, peer.signedPeerRecord());
            }
            out.message(PRUNE_PEERS, other);
        }
        return prune.backoffSeconds() > 0 ? out.integer(PRUNE_BACKOFF, prune.backoffSeconds()) : out;
    }

    /** @throws MalformedException if the bytes are no RPC within the limits */
    static Rpc decode(byte[] bytes) {
        if (bytes.length > RpcLimits.RPC_SIZE_MAX_BYTES) {
            throw new MalformedException(
                    0, "an RPC of " + bytes.length + " bytes, limit " + RpcLimits.RPC_SIZE_MAX_BYTES);
        }
        return new Decoding().decode(new ProtobufReader(bytes));
    }

    /** What is read so far, of one RPC. */
    private static final class Decoding {

        private final List<Subscription> subscriptions = new ArrayList<>(0);
        private final List<Message> messages = new ArrayList<>(0);
        private final List<IHave> ihave = new ArrayList<>(0);
        private final List<MessageId> iwant = new ArrayList<>(0);
        private final List<String> graft = new ArrayList<>(0);
        private final List<Prune> prune = new ArrayList<>(0);
        private final List<MessageId> idontwant = new ArrayList<>(0);
        private int controls;
        private int ids;
        private int peers;

        Rpc decode(ProtobufReader in) {
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case RPC_SUBSCRIPTIONS -> {
                        count(in, subscriptions.size() + 1, RpcLimits.SUBSCRIPTIONS_MAX, "subscriptions");
                        subscriptions.add(subscription(in.message(RpcLimits.RPC_SIZE_MAX_BYTES)));
                    }
                    case RPC_PUBLISH -> {
                        count(in, messages.size() + 1, RpcLimits.MESSAGES_MAX, "messages");
                        messages.add(message(in.message(RpcLimits.RPC_SIZE_MAX_BYTES)));
                    }
                    case RPC_CONTROL -> control(in.message(RpcLimits.RPC_SIZE_MAX_BYTES));
                    default -> in.skip();
                }
            }
            return new Rpc(subscriptions, messages, ihave, iwant, graft, prune, idontwant);
        }

        private static Subscription subscription(ProtobufReader in) {
            boolean subscribe = false;
            String topic = null;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case SUBSCRIPTION_SUBSCRIBE -> subscribe = in.bool();
                    case SUBSCRIPTION_TOPIC -> topic = topic(in, topic);
                    default -> in.skip();
                }
            }
            return new Subscription(subscribe, present(in, topic, "topic"));
        }

        private static Message message(ProtobufReader in) {
            String topic = null;
            byte[] data = null;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case MESSAGE_DATA -> {
                        once(in, data, "data");
                        data = in.bytes(RpcLimits.MESSAGE_SIZE_MAX_BYTES);
                    }
                    case MESSAGE_TOPIC -> topic = topic(in, topic);
                    case MESSAGE_FROM, MESSAGE_SEQNO, MESSAGE_SIGNATURE, MESSAGE_KEY ->
                        throw new MalformedException(
                                in.position(), "a message with field " + field + ", against StrictNoSign");
                    default -> in.skip();
                }
            }
            return new Message(present(in, topic, "topic"), present(in, data, "data"));
        }

        private void control(ProtobufReader in) {
            for (int field = in.next(); field != 0; field = in.next()) {
                if (field > CONTROL_IDONTWANT) {
                    in.skip();
                    continue;
                }
                count(in, ++controls, RpcLimits.CONTROLS_MAX, "control messages");
                ProtobufReader message = in.message(RpcLimits.RPC_SIZE_MAX_BYTES);
                switch (field) {
                    case CONTROL_IHAVE -> ihave.add(ihave(message));
                    case CONTROL_IWANT -> ids(message, IDS, iwant);
                    case CONTROL_GRAFT -> graft.add(graft(message));
                    case CONTROL_PRUNE -> prune.add(prune(message));
                    default -> ids(message, IDS, idontwant);
                }
            }
        }

        private IHave ihave(ProtobufReader in) {
            String topic = null;
            List<MessageId> offered = new ArrayList<>();
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case IHAVE_TOPIC -> topic = topic(in, topic);
                    case IHAVE_IDS -> id(in, offered);
                    default -> in.skip();
                }
            }
            return new IHave(present(in, topic, "topic"), offered);
        }

        private void ids(ProtobufReader in, int idField, List<MessageId> into) {
            for (int field = in.next(); field != 0; field = in.next()) {
                if (field == idField) {
                    id(in, into);
                } else {
                    in.skip();
                }
            }
        }

        private void id(ProtobufReader in, List<MessageId> into) {
            count(in, ++ids, RpcLimits.IDS_MAX, "message ids");
            byte[] id = in.bytes(MessageId.BYTES);
            if (id.length != MessageId.BYTES) {
                throw new MalformedException(in.position(), "a message id of " + id.length + " bytes");
            }
            into.add(MessageId.read(id, 0));
        }

        private static String graft(ProtobufReader in) {
            String topic = null;
            for (int field = in.next(); field != 0; field = in.next()) {
                if (field == GRAFT_TOPIC) {
                    topic = topic(in, topic);
                } else {
                    in.skip();
                }
            }
            return present(in, topic, "topic");
        }

        private Prune prune(ProtobufReader in) {
            String topic = null;
            List<PeerInfo> others = new ArrayList<>();
            long backoff = 0;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case PRUNE_TOPIC -> topic = topic(in, topic);
                    case PRUNE_PEERS -> {
                        count(in, ++peers, RpcLimits.PEERS_MAX, "exchanged peers");
                        others.add(peer(in.message(RpcLimits.RPC_SIZE_MAX_BYTES)));
                    }
                    case PRUNE_BACKOFF -> backoff = capped(in.integer());
                    default -> in.skip();
                }
            }
            return new Prune(present(in, topic, "topic"), others, backoff);
        }

        private static long capped(long seconds) {
            return seconds < 0 ? RpcLimits.BACKOFF_MAX_SECONDS : Math.min(seconds, RpcLimits.BACKOFF_MAX_SECONDS);
        }

        private static PeerInfo peer(ProtobufReader in) {
            byte[] id = null;
            byte[] peerRecord = new byte[0];
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case PEER_ID -> id = in.bytes(RpcLimits.PEER_ID_SIZE_MAX_BYTES);
                    case PEER_RECORD -> peerRecord = in.bytes(RpcLimits.SIGNED_PEER_RECORD_SIZE_MAX_BYTES);
                    default -> in.skip();
                }
            }
            return new PeerInfo(present(in, id, "peer id"), peerRecord);
        }

        private static String topic(ProtobufReader in, @Nullable String before) {
            once(in, before, "topic");
            String topic = in.text(RpcLimits.TOPIC_SIZE_MAX_BYTES);
            if (topic.isEmpty()) {
                throw new MalformedException(in.position(), "an empty topic");
            }
            return topic;
        }

        private static void once(ProtobufReader in, @Nullable Object before, String what) {
            if (before != null) {
                throw new MalformedException(in.position(), "a second " + what);
            }
        }

        private static <T> T present(ProtobufReader in, @Nullable T value, String what) {
            if (value == null) {
                throw new MalformedException(in.position(), "no " + what);
            }
            return value;
        }

        private static void count(ProtobufReader in, int count, int max, String what) {
            if (count > max) {
                throw new MalformedException(in.position(), "more than " + max + " " + what);
            }
        }
    }
}
