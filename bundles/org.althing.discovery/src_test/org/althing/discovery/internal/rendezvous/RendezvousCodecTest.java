// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.althing.api.net.PeerRecord;
import org.althing.codec.MalformedException;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Discover;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.DiscoverResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Register;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.RegisterResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Status;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;

class RendezvousCodecTest {

    private static final Register REGISTER = new Register("ferry", new byte[] {1, 2, 3}, 7200);

    @Example
    void everyMessageIsReadAgain() {
        List<RendezvousMessage> messages = List.of(
                REGISTER,
                new RegisterResponse(Status.INVALID_TTL, "at most", 5),
                new Unregister("ferry"),
                new Discover("ferry", 10, new byte[] {4, 5}),
                new Discover("ferry", 0, new byte[0]),
                new DiscoverResponse(List.of(REGISTER, REGISTER), new byte[] {6}, Status.OK, "fine"));
        for (RendezvousMessage message : messages) {
            assertThat(RendezvousCodec.decode(RendezvousCodec.encode(message)))
                    .usingRecursiveComparison()
                    .isEqualTo(message);
        }
    }

    /** By the specification's schema, put together by hand. */
    @Example
    void theBytesAreThoseOfTheSpecification() {
        assertThat(HexFormat.of().formatHex(RendezvousCodec.encode(REGISTER)))
                .isEqualTo("0800" + "120f" + "0a056665727279" + "1203010203" + "18a038");
        assertThat(HexFormat.of().formatHex(RendezvousCodec.encode(new Discover("ferry", 10, new byte[] {4}))))
                .isEqualTo("0803" + "2a0c" + "0a056665727279" + "100a" + "1a0104");
        assertThat(HexFormat.of()
                        .formatHex(RendezvousCodec.encode(
                                new DiscoverResponse(List.of(), new byte[] {6}, Status.UNAVAILABLE, ""))))
                .isEqualTo("0804" + "3208" + "120106" + "189003" + "2200");
    }

    @Property(tries = 1000)
    void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
        try {
            assertThat(RendezvousCodec.decode(bytes)).isNotNull();
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Example
    void aTypeWithoutItsContentIsRefused() {
        byte[] bytes = RendezvousCodec.encode(REGISTER);
        bytes[1] = 3;
        assertThatThrownBy(() -> RendezvousCodec.decode(bytes)).isInstanceOf(MalformedException.class);
    }

    @Example
    void whatIsBeyondABoundIsRefused() {
        int most = RendezvousLimits.REGISTRATIONS_PER_ANSWER_MAX;
        refuses(new Unregister("n".repeat(RendezvousLimits.NAMESPACE_MAX_BYTES + 1)));
        refuses(new Discover("n", 1, new byte[RendezvousLimits.COOKIE_MAX_BYTES + 1]));
        refuses(new Register("n", new byte[PeerRecord.SIZE_MAX_BYTES + 1], 1));
        refuses(new DiscoverResponse(Collections.nCopies(most + 1, REGISTER), new byte[0], Status.OK, ""));
        Register largest = new Register(
                "n".repeat(RendezvousLimits.NAMESPACE_MAX_BYTES),
                new byte[PeerRecord.SIZE_MAX_BYTES],
                RendezvousLimits.TTL_MAX_SECONDS);
        assertThat(RendezvousCodec.encode(largest)).hasSizeLessThan(RendezvousLimits.REQUEST_MAX_BYTES);
        byte[] answer = RendezvousCodec.encode(new DiscoverResponse(
                Collections.nCopies(most, largest), new byte[RendezvousLimits.COOKIE_MAX_BYTES], Status.OK, ""));
        assertThat(answer).hasSizeLessThan(RendezvousLimits.ANSWER_MAX_BYTES);
        assertThat(((DiscoverResponse) RendezvousCodec.decode(answer)).registrations())
                .hasSize(most);
    }

    private static void refuses(RendezvousMessage message) {
        byte[] bytes = RendezvousCodec.encode(message);
        assertThatThrownBy(() -> RendezvousCodec.decode(bytes)).isInstanceOf(MalformedException.class);
    }
}
