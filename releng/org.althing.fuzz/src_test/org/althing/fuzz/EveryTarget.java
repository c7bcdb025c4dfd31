// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.cli.internal.BackupTarget;
import org.althing.client.internal.AnswerTarget;
import org.althing.discovery.internal.mdns.DnsaddrTarget;
import org.althing.discovery.internal.rendezvous.RendezvousTarget;
import org.althing.evidence.internal.EvidenceTarget;
import org.althing.gossip.internal.pubsub.RpcTarget;
import org.althing.gossip.internal.sync.SyncTarget;
import org.althing.gossip.internal.sync.negentropy.NegentropyTarget;
import org.althing.net.internal.IdentifyTarget;
import org.althing.net.internal.NegotiationTarget;
import org.althing.net.internal.NoiseTarget;
import org.althing.net.internal.YamuxTarget;
import org.althing.node.internal.GossipTarget;
import org.althing.node.internal.LocalDoorTarget;
import org.althing.web.internal.IntakeTarget;
import org.althing.web.internal.RequestTarget;

/**
 * Every family of decoders that reads what comes from outside; as a target, all of them in one, by the first byte of an input.
 *
 * <p>Not here: ping, which sends its bytes back unread; the files of a node's own data folder, which are no others' bytes; ballot files, which
 * are text for the one who counts them.
 */
public final class EveryTarget {

    static final List<FuzzTarget> ALL = List.of(
            new FuzzTarget(NegotiationTarget.class, NegotiationTarget::seeds, NegotiationTarget::fuzzerTestOneInput),
            new FuzzTarget(NoiseTarget.class, NoiseTarget::seeds, NoiseTarget::fuzzerTestOneInput),
            new FuzzTarget(YamuxTarget.class, YamuxTarget::seeds, YamuxTarget::fuzzerTestOneInput),
            new FuzzTarget(IdentifyTarget.class, IdentifyTarget::seeds, IdentifyTarget::fuzzerTestOneInput),
            new FuzzTarget(AddressTarget.class, AddressTarget::seeds, AddressTarget::fuzzerTestOneInput),
            new FuzzTarget(RendezvousTarget.class, RendezvousTarget::seeds, RendezvousTarget::fuzzerTestOneInput),
            new FuzzTarget(DnsaddrTarget.class, DnsaddrTarget::seeds, DnsaddrTarget::fuzzerTestOneInput),
            new FuzzTarget(RpcTarget.class, RpcTarget::seeds, RpcTarget::fuzzerTestOneInput),
            new FuzzTarget(SyncTarget.class, SyncTarget::seeds, SyncTarget::fuzzerTestOneInput),
            new FuzzTarget(NegentropyTarget.class, NegentropyTarget::seeds, NegentropyTarget::fuzzerTestOneInput),
            new FuzzTarget(EntryTarget.class, EntryTarget::seeds, EntryTarget::fuzzerTestOneInput),
            new FuzzTarget(MessageTarget.class, MessageTarget::seeds, MessageTarget::fuzzerTestOneInput),
            new FuzzTarget(SealTarget.class, SealTarget::seeds, SealTarget::fuzzerTestOneInput),
            new FuzzTarget(GossipTarget.class, GossipTarget::seeds, GossipTarget::fuzzerTestOneInput),
            new FuzzTarget(EvidenceTarget.class, EvidenceTarget::seeds, EvidenceTarget::fuzzerTestOneInput),
            new FuzzTarget(LocalDoorTarget.class, LocalDoorTarget::seeds, LocalDoorTarget::fuzzerTestOneInput),
            new FuzzTarget(IntakeTarget.class, IntakeTarget::seeds, IntakeTarget::fuzzerTestOneInput),
            new FuzzTarget(RequestTarget.class, RequestTarget::seeds, RequestTarget::fuzzerTestOneInput),
            new FuzzTarget(BackupTarget.class, BackupTarget::seeds, BackupTarget::fuzzerTestOneInput),
            new FuzzTarget(AnswerTarget.class, AnswerTarget::seeds, AnswerTarget::fuzzerTestOneInput));

    static final FuzzTarget TOGETHER =
            new FuzzTarget(EveryTarget.class, EveryTarget::seeds, EveryTarget::fuzzerTestOneInput);

    private EveryTarget() {}

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            for (byte[] seed : ALL.get(i).seeds().get()) {
                seeds.add(FuzzTarget.forDecoder(i, seed));
            }
        }
        return seeds;
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length > 0) {
            ALL.get((input[0] & 0xff) % ALL.size()).door().take(Arrays.copyOfRange(input, 1, input.length));
        }
    }
}
