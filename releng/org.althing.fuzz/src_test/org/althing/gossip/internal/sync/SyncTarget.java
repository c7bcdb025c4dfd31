// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.sync.Replica;
import org.althing.codec.MalformedException;
import org.althing.fuzz.FuzzTarget;
import org.althing.gossip.internal.sync.SyncCodec.Answered;
import org.althing.gossip.internal.sync.SyncCodec.Asked;

/** Requests and answers of entry sync. */
public final class SyncTarget {

    private static final Cid CID = Cid.hash(new byte[] {1});

    private SyncTarget() {}

    public static List<byte[]> seeds() {
        byte[] some = {1, 2, 3};
        List<Request> requests = List.of(
                new Request.Status(CID),
                new Request.Headers(CID, 7, 256),
                new Request.Bodies(CID, 7, 9),
                new Request.Sealed(CID, List.of(new Slice(7, 0, 40), new Slice(8, 4000, 1)), 65_536),
                new Request.Entries(CID, List.of(CID, CID)),
                new Request.Reconcile(CID, some),
                new Request.Forks(CID),
                new Request.Reader(CID),
                new Request.Proof(CID, new byte[32], new byte[32]),
                new Request.Mailbox(CID, 7),
                new Request.Messages(CID, List.of(CID, CID)));
        List<Answer> answers = List.of(
                new Answer.Status(7, Optional.of(CID), 0),
                new Answer.Status(-1, Optional.empty(), 0),
                new Answer.Headers(List.of(
                        new Answer.Link(some, some, List.of()),
                        new Answer.Link(some, some, List.of(PublicKey.of(new byte[PublicKey.BYTES]))))),
                new Answer.Bodies(List.of(List.of(CID, CID), List.of())),
                new Answer.Entries(List.of(some, new byte[0])),
                new Answer.Reconcile(some),
                new Answer.Forks(List.of(new Replica.Fork(some, some))),
                new Answer.Challenge(new byte[32]),
                new Answer.Granted(List.of(new byte[32])),
                new Answer.Mailbox(9, List.of(CID)),
                new Answer.Messages(List.of(some)),
                new Answer.Refused(Answer.Code.BUSY, "later"));
        List<byte[]> seeds = new ArrayList<>();
        requests.forEach(request -> seeds.add(SyncCodec.encode(new Asked(300, request))));
        answers.forEach(answer -> seeds.add(SyncCodec.encode(new Answered(300, answer))));
        return seeds;
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            byte[] written = SyncCodec.encode(SyncCodec.decodeRequest(input));
            FuzzTarget.require(Arrays.equals(written, input), "a request has one form");
        } catch (MalformedException e) {
            // Refused, as declared.
        }
        try {
            byte[] written = SyncCodec.encode(SyncCodec.decodeAnswer(input));
            FuzzTarget.require(Arrays.equals(written, input), "an answer has one form");
        } catch (MalformedException e) {
            // Refused, as declared.
        }
    }
}
