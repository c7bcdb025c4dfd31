// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import static org.althing.discovery.internal.StubHost.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;
import org.althing.discovery.internal.StubHost;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Discover;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.DiscoverResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Register;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.RegisterResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Status;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;
import org.junit.jupiter.api.Test;

class RendezvousPointTest {

    private static final String FERRY = "/althing/dao/1/ferry";
    private static final byte[] NONE = {};

    private final RendezvousPoint point = new RendezvousPoint(new StubHost(peer(0)).host()::record, 42);
    private long now = 1_000_000;

    private static PeerRecord record(PeerId peer) {
        return StubHost.record(peer, 1, List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001")));
    }

    private RegisterResponse register(PeerId peer, String namespace, long ttl, byte[] signed) {
        return (RegisterResponse)
                point.handle(peer, new Register(namespace, signed, ttl), now).orElseThrow();
    }

    private Status register(int number, String namespace) {
        return register(peer(number), namespace, 0, record(peer(number)).toBytes())
                .status();
    }

    private DiscoverResponse discover(String namespace, long limit, byte[] cookie) {
        return (DiscoverResponse) point.handle(peer(9999), new Discover(namespace, limit, cookie), now)
                .orElseThrow();
    }

    private List<byte[]> found(DiscoverResponse response) {
        return response.registrations().stream().map(Register::signedPeerRecord).toList();
    }

    @Test
    void whoRegistersIsFoundUnderItsNamespaceAlone() {
        assertThat(register(1, FERRY)).isEqualTo(Status.OK);
        assertThat(register(2, "/althing/dao/1/other")).isEqualTo(Status.OK);
        assertThat(found(discover(FERRY, 0, NONE)))
                .containsExactly(record(peer(1)).toBytes());
        assertThat(found(discover("/althing/dao/1/none", 0, NONE))).isEmpty();
    }

    @Test
    void nobodyIsToldWhichNamespacesThereAre() {
        register(1, FERRY);
        assertThat(discover("", 0, NONE).status()).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(discover("", 0, NONE).registrations()).isEmpty();
    }

    @Test
    void aRegistrationEndsWhenItsTimeIsOverOrThePeerSaysSo() {
        assertThat(register(peer(1), FERRY, 100, record(peer(1)).toBytes()).ttlSeconds())
                .isEqualTo(100);
        assertThat(register(peer(2), FERRY, 0, record(peer(2)).toBytes()).ttlSeconds())
                .isEqualTo(RendezvousLimits.TTL_DEFAULT_SECONDS);
        now += 99_000;
        assertThat(discover(FERRY, 0, NONE).registrations().getLast().ttlSeconds())
                .isEqualTo(1);
        now += 1_000;
        assertThat(found(discover(FERRY, 0, NONE)))
                .containsExactly(record(peer(2)).toBytes());
        now += 60_000;
        discover(FERRY, 0, NONE);
        assertThat(point.size()).as("what is over takes no room").isEqualTo(1);
        assertThat(point.handle(peer(3), new Unregister(FERRY), now)).isEmpty();
        assertThat(point.size()).isEqualTo(1);
        point.handle(peer(2), new Unregister(FERRY), now);
        assertThat(point.size()).isZero();
    }

    @Test
    void onlyWhatThePeerItselfHasSignedIsRegistered() {
        assertThat(register(peer(1), FERRY, 0, record(peer(2)).toBytes()).status())
                .isEqualTo(Status.INVALID_SIGNED_PEER_RECORD);
        assertThat(register(peer(1), FERRY, 0, new byte[] {1, 2, 3}).status())
                .isEqualTo(Status.INVALID_SIGNED_PEER_RECORD);
        byte[] nowhere = StubHost.record(peer(1), 1, List.of()).toBytes();
        assertThat(register(peer(1), FERRY, 0, nowhere).status()).isEqualTo(Status.INVALID_SIGNED_PEER_RECORD);
        assertThat(point.size()).isZero();
    }

    @Test
    void aTimeBeyondTheBoundAndANamespaceWithoutANameAreRefused() {
        byte[] signed = record(peer(1)).toBytes();
        assertThat(register(peer(1), FERRY, RendezvousLimits.TTL_MAX_SECONDS + 1, signed)
                        .status())
                .isEqualTo(Status.INVALID_TTL);
        assertThat(register(peer(1), FERRY, -1, signed).status()).isEqualTo(Status.INVALID_TTL);
        assertThat(register(peer(1), "", 0, signed).status()).isEqualTo(Status.INVALID_NAMESPACE);
    }

    @Test
    void thoseThatRegisteredLastAreToldAndACookieTellsOnlyOfLaterOnes() {
        for (int i = 1; i <= 100; i++) {
            register(i, FERRY);
        }
        register(7, FERRY);
        assertThat(found(discover(FERRY, 2, NONE)))
                .containsExactly(record(peer(7)).toBytes(), record(peer(100)).toBytes());
        DiscoverResponse all = discover(FERRY, 0, NONE);
        assertThat(all.registrations()).hasSize(RendezvousLimits.REGISTRATIONS_PER_ANSWER_MAX);
        assertThat(found(discover(FERRY, 0, all.cookie()))).isEmpty();
        register(200, FERRY);
        assertThat(found(discover(FERRY, 0, all.cookie())))
                .containsExactly(record(peer(200)).toBytes());
    }

    @Test
    void aCookieOfAnotherListIsRefused() {
        RendezvousPoint before = new RendezvousPoint(new StubHost(peer(0)).host()::record, 41);
        DiscoverResponse old = (DiscoverResponse)
                before.handle(peer(1), new Discover(FERRY, 0, NONE), now).orElseThrow();
        assertThat(discover(FERRY, 0, old.cookie()).status()).isEqualTo(Status.INVALID_COOKIE);
        assertThat(discover(FERRY, 0, new byte[3]).status()).isEqualTo(Status.INVALID_COOKIE);
    }

    @Test
    void onePeerHasAFewRegistrationsAndMayRenewThem() {
        for (int i = 0; i < RendezvousLimits.REGISTRATIONS_PER_PEER_MAX; i++) {
            assertThat(register(1, FERRY + i)).isEqualTo(Status.OK);
        }
        assertThat(register(1, FERRY)).isEqualTo(Status.UNAVAILABLE);
        assertThat(register(1, FERRY + 1)).isEqualTo(Status.OK);
        assertThat(register(2, FERRY)).isEqualTo(Status.OK);
    }

    @Test
    void aNamespaceAndTheWholeListAreBounded() {
        for (int i = 0; i < RendezvousLimits.REGISTRATIONS_PER_NAMESPACE_MAX; i++) {
            assertThat(register(i, FERRY)).isEqualTo(Status.OK);
        }
        assertThat(register(5000, FERRY)).isEqualTo(Status.UNAVAILABLE);
        assertThat(register(0, FERRY)).as("renewed").isEqualTo(Status.OK);
        for (int i = 0; point.size() < RendezvousLimits.REGISTRATIONS_MAX; i++) {
            assertThat(register(i, FERRY + i / 1000)).isEqualTo(Status.OK);
            now += i % 1000 == 0 ? 60_000 : 0;
        }
        assertThat(register(6000, "/althing/dao/1/new")).isEqualTo(Status.UNAVAILABLE);
        assertThat(point.size()).isEqualTo(RendezvousLimits.REGISTRATIONS_MAX);
    }

    @Test
    void whoAsksTooOftenWaitsAndOthersDoNot() {
        for (int i = 0; i < RendezvousLimits.REQUESTS_PER_MINUTE_MAX; i++) {
            assertThat(discover(FERRY, 0, NONE).status()).isEqualTo(Status.OK);
        }
        assertThat(discover(FERRY, 0, NONE).status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(register(1, FERRY)).isEqualTo(Status.OK);
        now += 60_000;
        assertThat(discover(FERRY, 0, NONE).status()).isEqualTo(Status.OK);
    }

    @Test
    void ofAnyNumberOfAskersAsManyAsMayBeCountedAreAnsweredEachMinute() {
        for (int i = 0; i < RendezvousLimits.ASKERS_PER_MINUTE_MAX; i++) {
            point.handle(peer(i), new Unregister(FERRY), now);
        }
        assertThat(discover(FERRY, 0, NONE).status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(register(0, FERRY)).isEqualTo(Status.OK);
        now += 60_000;
        assertThat(discover(FERRY, 0, NONE).status()).isEqualTo(Status.OK);
    }
}
