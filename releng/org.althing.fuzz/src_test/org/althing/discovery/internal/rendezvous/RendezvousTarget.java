// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import java.util.Arrays;
import java.util.List;
import org.althing.codec.MalformedException;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Discover;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.DiscoverResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Register;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.RegisterResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Status;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;
import org.althing.fuzz.FuzzTarget;

/** What is said at a rendezvous. Protobuf has many forms for one message; ours is a fixed point of reading and writing. */
public final class RendezvousTarget {

    private RendezvousTarget() {}

    public static List<byte[]> seeds() {
        Register register = new Register("ferry", new byte[] {1, 2, 3}, 7200);
        List<RendezvousMessage> messages = List.of(
                register,
                new RegisterResponse(Status.INVALID_TTL, "at most", 5),
                new Unregister("ferry"),
                new Discover("ferry", 10, new byte[] {4, 5}),
                new DiscoverResponse(List.of(register, register), new byte[] {6}, Status.OK, "fine"));
        return messages.stream().map(RendezvousCodec::encode).toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] once;
        try {
            once = RendezvousCodec.encode(RendezvousCodec.decode(input));
        } catch (MalformedException e) {
            return; // Refused, as declared.
        }
        try {
            FuzzTarget.require(
                    Arrays.equals(RendezvousCodec.encode(RendezvousCodec.decode(once)), once),
                    "what is read is written the same");
        } catch (MalformedException e) {
            throw new AssertionError("what was read cannot be sent", e);
        }
    }
}
