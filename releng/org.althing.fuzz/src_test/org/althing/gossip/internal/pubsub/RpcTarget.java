// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.Arrays;
import java.util.List;
import org.althing.codec.MalformedException;
import org.althing.fuzz.FuzzTarget;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.PeerInfo;
import org.althing.gossip.internal.pubsub.Rpc.Prune;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;

/** RPCs of GossipSub. Protobuf has many forms for one message; ours is a fixed point of reading and writing. */
public final class RpcTarget {

    private RpcTarget() {}

    public static List<byte[]> seeds() {
        MessageId id = MessageId.of("topic", new byte[] {1});
        List<Rpc> parts = List.of(
                Rpc.subscriptions(List.of(new Subscription(true, "topic"), new Subscription(false, "other"))),
                Rpc.messages(List.of(new Message("topic", new byte[] {1, 2, 3}))),
                Rpc.ihave(List.of(new IHave("topic", List.of(id, id)))),
                Rpc.iwant(List.of(id)),
                Rpc.graft("topic"),
                Rpc.prune(new Prune("topic", List.of(new PeerInfo(new byte[36], new byte[9])), 60)),
                Rpc.idontwant(List.of(id)));
        return parts.stream().map(RpcCodec::encode).toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            byte[] once = RpcCodec.encode(RpcCodec.decode(input));
            try {
                FuzzTarget.require(
                        Arrays.equals(RpcCodec.encode(RpcCodec.decode(once)), once),
                        "what is read is written the same");
            } catch (MalformedException e) {
                throw new AssertionError("what was read cannot be sent", e);
            }
        } catch (MalformedException e) {
            // Refused, as declared.
        }
    }
}
