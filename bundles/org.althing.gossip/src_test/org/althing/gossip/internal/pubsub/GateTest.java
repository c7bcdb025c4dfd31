// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.althing.gossip.internal.pubsub.RouterFixture.TOPIC;
import static org.althing.gossip.internal.pubsub.RouterFixture.data;
import static org.althing.gossip.internal.pubsub.RouterFixture.id;
import static org.althing.gossip.internal.pubsub.RouterFixture.ihave;
import static org.althing.gossip.internal.pubsub.RouterFixture.message;
import static org.althing.gossip.internal.pubsub.RouterFixture.name;
import static org.althing.gossip.internal.pubsub.RouterFixture.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;
import org.junit.jupiter.api.Test;

/** A topic that only some peers may take part in. */
class GateTest {

    private final Set<PeerId> members = new HashSet<>();
    private final RouterFixture router = new RouterFixture((topic, peer) -> members.contains(peer)).subscribed();

    private PeerId member(int n) {
        members.add(id(n));
        return router.meshPeer(n);
    }

    @Test
    void whoIsNotAdmittedHearsAndGetsNothing() {
        PeerId member = member(1);
        PeerId other = id(2);
        router.on(new Event.PeerAdded(other, true, "10.0.2", true));
        assertThat(router.sent()).isEmpty();
        router.receive(other, subscribe(TOPIC));
        router.receive(other, Rpc.graft(TOPIC));
        assertThat(router.sent()).isEmpty();
        router.on(new Event.Publish(TOPIC, data("of our own")));
        assertThat(router.sentTo(member)).hasSize(1);
        assertThat(router.sentTo(other)).isEmpty();
        router.accept(member, "by another");
        for (int i = 0; i < 5; i++) {
            router.heartbeat();
            assertThat(router.sentTo(other)).isEmpty();
        }
        assertThat(router.isInMesh(other)).isFalse();
    }

    @Test
    void whoIsNotAdmittedCannotFetchWhatItHasHeardOf() {
        PeerId member = member(1);
        PeerId other = router.peer(2);
        router.accept(member, "m");
        router.receive(other, Rpc.iwant(List.of(name("m"))));
        assertThat(router.sent()).isEmpty();
        members.add(other);
        router.heartbeat();
        router.receive(other, Rpc.iwant(List.of(name("m"))));
        assertThat(router.sentTo(other)).hasSize(1);
    }

    @Test
    void nothingIsTakenFromWhoIsNotAdmittedAndItIsNotBlamed() {
        PeerId other = router.peer(2);
        router.receive(other, message("m"));
        assertThat(router.validations()).isZero();
        router.receive(other, ihave("n"));
        assertThat(router.sent()).isEmpty();
        assertThat(router.score(other)).isZero();
    }

    @Test
    void whoIsAdmittedLaterTakesPartAtOnce() {
        PeerId late = router.peer(2);
        members.add(late);
        router.heartbeat();
        assertThat(router.sentTo(late)).containsExactly(subscribe(TOPIC), Rpc.graft(TOPIC));
        router.receive(late, message("m"));
        assertThat(router.validations()).isEqualTo(1);
    }

    @Test
    void whoIsAdmittedNoMoreIsOut() {
        PeerId member = member(1);
        assertThat(router.isInMesh(member)).isTrue();
        members.clear();
        router.heartbeat();
        assertThat(router.isInMesh(member)).isFalse();
        assertThat(router.sentTo(member)).contains(Rpc.subscriptions(List.of(new Subscription(false, TOPIC))));
        router.on(new Event.Publish(TOPIC, data("after it")));
        assertThat(router.sentTo(member)).isEmpty();
        router.receive(member, message("m"));
        assertThat(router.validations()).isZero();
    }

    @Test
    void whatAPeerHadSubscribedToBeforeUsCountsWhenItIsAdmitted() {
        RouterFixture fresh = new RouterFixture((topic, peer) -> members.contains(peer));
        PeerId early = fresh.peer(1);
        fresh.subscribed();
        assertThat(fresh.sentTo(early)).isEmpty();
        members.add(early);
        fresh.heartbeat();
        assertThat(fresh.isInMesh(early)).isTrue();
        fresh.judge("nothing", Verdict.IGNORE);
    }
}
