// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import static org.althing.discovery.internal.StubHost.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerRecord;
import org.althing.discovery.internal.StubHost;
import org.althing.discovery.internal.rendezvous.RendezvousClient.Ask;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Discover;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.DiscoverResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Register;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.RegisterResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Status;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;
import org.junit.jupiter.api.Test;

class RendezvousClientTest {

    private static final String FERRY = "/althing/dao/1/ferry";
    private static final RegisterResponse REGISTERED = new RegisterResponse(Status.OK, "", 7200);
    private static final byte[] COOKIE = {1, 2};

    private final RendezvousClient client = new RendezvousClient();
    private PeerRecord own = StubHost.record(peer(0), 1, List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001")));
    private int connected = 10;
    private long now = 1_000_000;

    private List<Ask> due() {
        return client.due(own, connected, now);
    }

    private Ask ask() {
        List<Ask> asks = due();
        assertThat(asks).hasSize(1);
        return asks.getFirst();
    }

    /** Registered, and told of nobody. */
    private void settled() {
        client.add(FERRY);
        client.pointFound(peer(1));
        client.answered(ask(), REGISTERED, now);
        client.answered(ask(), found(), now);
        assertThat(due()).isEmpty();
    }

    private static DiscoverResponse found(byte[]... records) {
        return new DiscoverResponse(
                List.of(records).stream()
                        .map(record -> new Register(FERRY, record, 1))
                        .toList(),
                COOKIE,
                Status.OK,
                "");
    }

    @Test
    void aPointIsToldOfUsAndThenAskedForOthers() {
        client.add(FERRY);
        assertThat(due()).as("nobody to ask").isEmpty();
        client.pointFound(peer(1));
        Ask register = ask();
        assertThat(register.point()).isEqualTo(peer(1));
        assertThat(register.question())
                .usingRecursiveComparison()
                .isEqualTo(new Register(FERRY, own.toBytes(), RendezvousLimits.TTL_DEFAULT_SECONDS));
        assertThat(due()).as("one question at a time").isEmpty();
        assertThat(client.answered(register, REGISTERED, now)).isEmpty();
        Ask discover = ask();
        assertThat(((Discover) discover.question()).cookie()).isEmpty();
        assertThat(client.answered(discover, found(new byte[] {9}), now)).containsExactly(new byte[] {9});
        assertThat(due()).isEmpty();
    }

    @Test
    void laterOnesAreAskedForEachMinuteAndAllSoonerWhenPeersWereLost() {
        settled();
        now += RendezvousLimits.DISCOVER_INTERVAL_MILLIS - 1;
        assertThat(due()).isEmpty();
        now++;
        Ask again = ask();
        assertThat(((Discover) again.question()).cookie()).isEqualTo(COOKIE);
        client.answered(again, found(), now);
        now += RendezvousLimits.DISCOVER_INTERVAL_FEW_MILLIS;
        assertThat(due()).isEmpty();
        connected = RendezvousLimits.PEERS_FEW - 1;
        assertThat(((Discover) ask().question()).cookie())
                .as("those heard of before, too")
                .isEmpty();
    }

    @Test
    void aRegistrationIsRenewedAtHalfItsTimeAndWhenOurAddressesChange() {
        settled();
        own = StubHost.record(peer(0), 2, List.of(Multiaddr.parse("/ip4/192.0.2.2/tcp/4001")));
        Ask moved = ask();
        assertThat(((Register) moved.question()).signedPeerRecord()).isEqualTo(own.toBytes());
        client.answered(moved, REGISTERED, now);
        now += RendezvousLimits.REGISTER_INTERVAL_MILLIS - 1;
        assertThat(ask().question()).isInstanceOf(Discover.class);
        client.pointLost(peer(1));
        client.pointFound(peer(1));
        client.answered(ask(), REGISTERED, now);
        now += RendezvousLimits.REGISTER_INTERVAL_MILLIS;
        assertThat(ask().question()).isInstanceOf(Register.class);
    }

    @Test
    void aPointThatGrantsOneSecondIsNotAskedEverySecond() {
        client.add(FERRY);
        client.pointFound(peer(1));
        client.answered(ask(), new RegisterResponse(Status.OK, "", 1), now);
        client.answered(ask(), found(), now);
        now += RendezvousLimits.PAUSE_MILLIS - 1;
        assertThat(due()).isEmpty();
    }

    @Test
    void aNodeThatNobodyCanReachAsksAndDoesNotRegister() {
        own = StubHost.record(peer(0), 1, List.of());
        client.add(FERRY);
        client.pointFound(peer(1));
        assertThat(ask().question()).isInstanceOf(Discover.class);
    }

    @Test
    void whoRefusesOrDoesNotAnswerIsLeftAloneForAWhile() {
        client.add(FERRY);
        client.pointFound(peer(1));
        client.answered(ask(), new RegisterResponse(Status.UNAVAILABLE, "full", 0), now);
        assertThat(due()).isEmpty();
        now += RendezvousLimits.PAUSE_MILLIS;
        client.failed(ask(), now);
        assertThat(due()).isEmpty();
        now += RendezvousLimits.PAUSE_MILLIS;
        client.answered(ask(), found(), now); // Not an answer to that.
        assertThat(due()).isEmpty();
        now += RendezvousLimits.PAUSE_MILLIS;
        assertThat(ask().question()).isInstanceOf(Register.class);
    }

    @Test
    void aListThatBeganAnewIsAskedAgainWithoutTheCookie() {
        settled();
        now += RendezvousLimits.DISCOVER_INTERVAL_MILLIS;
        client.answered(ask(), new DiscoverResponse(List.of(), new byte[0], Status.INVALID_COOKIE, ""), now);
        assertThat(((Discover) ask().question()).cookie()).isEmpty();
    }

    @Test
    void aDaoThatIsLeftIsTakenFromTheList() {
        settled();
        client.remove(FERRY);
        Ask left = ask();
        assertThat(left.question()).isEqualTo(new Unregister(FERRY));
        client.answered(left, null, now);
        now += RendezvousLimits.DISCOVER_INTERVAL_MILLIS;
        assertThat(due()).isEmpty();
    }

    @Test
    void aFewPointsAreAskedHoweverManyThereAre() {
        client.add(FERRY);
        for (int i = 1; i <= 20; i++) {
            client.pointFound(peer(i));
        }
        assertThat(due()).hasSize(RendezvousLimits.POINTS_MAX);
    }
}
