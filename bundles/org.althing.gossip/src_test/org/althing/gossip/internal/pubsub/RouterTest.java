// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.althing.gossip.internal.pubsub.RouterFixture.SELF;
import static org.althing.gossip.internal.pubsub.RouterFixture.TOPIC;
import static org.althing.gossip.internal.pubsub.RouterFixture.data;
import static org.althing.gossip.internal.pubsub.RouterFixture.id;
import static org.althing.gossip.internal.pubsub.RouterFixture.ihave;
import static org.althing.gossip.internal.pubsub.RouterFixture.message;
import static org.althing.gossip.internal.pubsub.RouterFixture.name;
import static org.althing.gossip.internal.pubsub.RouterFixture.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.PeerInfo;
import org.althing.gossip.internal.pubsub.Rpc.Prune;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;
import org.junit.jupiter.api.Test;

class RouterTest {

    private final RouterFixture router = new RouterFixture();

    @Test
    void aNewPeerHearsOfOurTopics() {
        router.subscribed();
        router.on(new Event.PeerAdded(id(1), true, "g", true));
        assertThat(router.sentTo(id(1))).containsExactly(subscribe(TOPIC));
    }

    @Test
    void peersHearWhenWeJoinAndLeaveATopic() {
        router.on(new Event.PeerAdded(id(1), true, "g", true));
        router.subscribed();
        assertThat(router.sentTo(id(1))).containsExactly(subscribe(TOPIC));
        router.on(new Event.Unsubscribe(TOPIC));
        assertThat(router.sentTo(id(1))).containsExactly(Rpc.subscriptions(List.of(new Subscription(false, TOPIC))));
    }

    @Test
    void aPeerThatHasNotSpokenYetIsNotGrafted() {
        router.subscribed();
        router.on(new Event.PeerAdded(id(1), true, "g", true));
        router.heartbeat();
        assertThat(router.sent()).isEmpty();
        router.receive(id(1), subscribe(TOPIC));
        router.heartbeat();
        assertThat(router.sentTo(id(1))).containsExactly(Rpc.graft(TOPIC));
    }

    @Test
    void theMeshGrowsToDAndNoFurther() {
        router.subscribed();
        IntStream.rangeClosed(1, 20).forEach(n -> router.peer(n));
        router.heartbeats(3);
        assertThat(router.meshSize()).isEqualTo(6);
    }

    @Test
    void aMessageIsForwardedOnlyAfterItIsAccepted() {
        router.subscribed();
        PeerId from = router.meshPeer(1);
        PeerId other = router.meshPeer(2);
        router.receive(from, message("m"));
        assertThat(router.validations()).isEqualTo(1);
        assertThat(router.sent()).isEmpty();
        router.judge("m", Verdict.ACCEPT);
        assertThat(router.sent()).hasSize(1);
        assertThat(router.sentTo(other))
                .containsExactly(router.sent().getFirst().rpc());
    }

    @Test
    void rejectedAndIgnoredMessagesAreNeitherForwardedNorOffered() {
        for (Verdict verdict : List.of(Verdict.REJECT, Verdict.IGNORE)) {
            RouterFixture fresh = new RouterFixture().subscribed();
            PeerId from = fresh.meshPeer(1);
            fresh.meshPeer(2);
            fresh.peer(3);
            fresh.receive(from, message("m"));
            fresh.judge("m", verdict);
            assertThat(fresh.sent()).isEmpty();
            fresh.heartbeat();
            assertThat(fresh.sent()).noneMatch(send -> !send.rpc().ihave().isEmpty());
        }
    }

    @Test
    void aMessageIsValidatedOnce() {
        router.subscribed();
        PeerId one = router.meshPeer(1);
        PeerId two = router.meshPeer(2);
        router.receive(one, message("m"));
        router.receive(two, message("m"));
        assertThat(router.validations()).isZero();
        router.judge("m", Verdict.ACCEPT);
        assertThat(router.sent()).as("both have it").isEmpty();
        router.receive(two, message("m"));
        assertThat(router.actions).isEmpty();
    }

    @Test
    void ourOwnMessageGoesToEveryPeerOfTheTopic() {
        router.subscribed();
        IntStream.rangeClosed(1, 20).forEach(n -> router.peer(n));
        router.on(new Event.PeerAdded(id(30), true, "g", true));
        router.on(new Event.Publish(TOPIC, data("m")));
        assertThat(router.sent()).hasSize(20).noneMatch(send -> send.peer().equals(id(30)));
        router.on(new Event.Publish(TOPIC, data("m")));
        assertThat(router.sent()).as("it is published").isEmpty();
    }

    @Test
    void withoutFloodingAPublisherOutsideTheTopicKeepsItsFanout() {
        RouterFixture quiet = new RouterFixture(
                new GossipSettings(6, 4, 12, 4, 2, 6, 0.25, false, 4),
                ScoreSettings.standard(),
                RouterLimits.standard());
        IntStream.rangeClosed(1, 20).forEach(n -> quiet.peer(n));
        quiet.on(new Event.Publish(TOPIC, data("m")));
        List<PeerId> first = quiet.sent().stream().map(Action.Send::peer).toList();
        quiet.on(new Event.Publish(TOPIC, data("n")));
        assertThat(quiet.sent()).extracting(Action.Send::peer).containsExactlyElementsOf(first);
        assertThat(first).hasSize(6);
        quiet.subscribed();
        assertThat(quiet.meshSize()).isEqualTo(6);
        assertThat(first).allMatch(quiet::isInMesh);
    }

    @Test
    void gossipOffersRecentMessagesToPeersOutsideTheMesh() {
        router.subscribed();
        IntStream.rangeClosed(1, 30).forEach(n -> router.peer(n));
        router.heartbeat();
        router.accept(id(1), "m");
        router.heartbeat();
        List<Action.Send> offers =
                router.sent().stream().filter(s -> !s.rpc().ihave().isEmpty()).toList();
        assertThat(offers).hasSize(6).allMatch(send -> !router.isInMesh(send.peer()));
        router.heartbeats(5);
        assertThat(router.sent()).allMatch(send -> send.rpc().ihave().isEmpty());
    }

    @Test
    void whatIsOfferedAndUnknownIsAskedFor() {
        router.subscribed();
        PeerId peer = router.peer(1);
        router.receive(peer, ihave("m"));
        assertThat(router.sentTo(peer)).containsExactly(Rpc.iwant(List.of(name("m"))));
        router.accept(peer, "m");
        router.receive(peer, ihave("m"));
        assertThat(router.sent()).isEmpty();
    }

    @Test
    void anAnswerToIwantIsGivenThreeTimes() {
        router.subscribed();
        PeerId peer = router.peer(1);
        router.on(new Event.Publish(TOPIC, data("m")));
        for (int i = 0; i < RouterLimits.RETRANSMISSIONS_MAX; i++) {
            assertThat(router.receive(peer, Rpc.iwant(List.of(name("m"))))).hasSize(1);
        }
        assertThat(router.receive(peer, Rpc.iwant(List.of(name("m"))))).isEmpty();
    }

    @Test
    void aLargeAnswerIsSplitIntoRpcsThatAreTaken() {
        router.subscribed();
        PeerId peer = router.peer(1);
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] large = new byte[RpcLimits.MESSAGE_SIZE_MAX_BYTES];
            large[0] = (byte) i;
            router.on(new Event.Publish(TOPIC, large));
            ids.add(MessageId.of(TOPIC, large));
        }
        router.receive(peer, Rpc.iwant(ids));
        assertThat(router.sent())
                .hasSizeGreaterThan(2)
                .allSatisfy(send -> assertThat(RpcCodec.encode(send.rpc()).length)
                        .isLessThanOrEqualTo(RpcLimits.RPC_SIZE_MAX_BYTES));
    }

    @Test
    void anEmptyOfferIsAPenalty() {
        router.subscribed();
        PeerId liar = router.peer(1);
        PeerId honest = router.peer(2);
        for (int i = 0; i < 8; i++) {
            router.receive(liar, ihave("never" + i));
            router.receive(honest, ihave("soon" + i));
            router.accept(honest, "soon" + i);
        }
        router.heartbeats(4);
        assertThat(router.score(liar)).isLessThan(-100);
        assertThat(router.score(honest)).isPositive();
    }

    @Test
    void aMessageThatAPeerDoesNotWantIsNotSentToIt() {
        router.subscribed();
        PeerId from = router.meshPeer(1);
        PeerId sated = router.meshPeer(2);
        PeerId hungry = router.meshPeer(3);
        router.receive(sated, Rpc.idontwant(List.of(name("m"))));
        router.accept(from, "m");
        assertThat(router.sentTo(sated)).isEmpty();
        assertThat(router.sentTo(hungry)).hasSize(1);
    }

    @Test
    void aLargeMessageIsAnnouncedBeforeItIsValidated() {
        router.subscribed();
        PeerId from = router.meshPeer(1);
        PeerId other = router.meshPeer(2);
        Message large = new Message(TOPIC, new byte[RouterLimits.IDONTWANT_SIZE_MIN_BYTES]);
        router.receive(from, Rpc.messages(List.of(large)));
        assertThat(router.sentTo(other)).containsExactly(Rpc.idontwant(List.of(MessageId.of(TOPIC, large.data()))));
        assertThat(router.sentTo(from)).isEmpty();
    }

    @Test
    void threeInvalidMessagesGraylistAPeerAndItIsNotHeardAgain() {
        router.subscribed();
        PeerId spammer = router.meshPeer(1);
        for (int i = 0; i < 3; i++) {
            router.receive(spammer, message("bad" + i));
            router.judge("bad" + i, Verdict.REJECT);
        }
        assertThat(router.score(spammer)).isLessThan(-100);
        assertThat(router.receive(spammer, message("more"))).isEmpty();
        router.heartbeat();
        assertThat(router.sentTo(spammer)).isEmpty();
        assertThat(router.actions)
                .anyMatch(action ->
                        action instanceof Action.Disconnect gone && gone.peer().equals(spammer));
        assertThat(router.isInMesh(spammer)).isFalse();
    }

    @Test
    void aReconnectWashesNobodyClean() {
        router.subscribed();
        PeerId spammer = router.peer(1);
        for (int i = 0; i < 3; i++) {
            router.receive(spammer, message("bad" + i));
            router.judge("bad" + i, Verdict.REJECT);
        }
        router.on(new Event.PeerRemoved(spammer));
        router.peer(1);
        assertThat(router.score(spammer)).isLessThan(-100);
    }

    @Test
    void aSpammerGetsNoMoreThanItsWindowValidated() {
        router.subscribed();
        PeerId spammer = router.peer(1);
        long validated = 0;
        for (int i = 0; i < 2000; i++) {
            router.receive(spammer, message("bad" + i));
            validated += router.validations();
        }
        assertThat(validated).isEqualTo(RouterLimits.WINDOW_MIN);
        for (int i = 0; i < validated; i++) {
            router.judge("bad" + i, Verdict.REJECT);
            validated += router.validations();
        }
        assertThat(validated).isLessThanOrEqualTo(RouterLimits.WINDOW_MIN + 3);
        assertThat(router.router.unjudged()).isZero();
    }

    @Test
    void theWindowOfAGoodPeerLosesNothing() {
        router.subscribed();
        PeerId good = router.peer(1);
        List<String> handed = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            router.receive(good, message("m" + i));
            router.actions.forEach(action -> handed.add(new String(((Action.Validate) action).data())));
        }
        for (int i = 0; i < handed.size(); i++) {
            router.judge(handed.get(i), Verdict.ACCEPT);
            router.actions.stream()
                    .filter(Action.Validate.class::isInstance)
                    .forEach(action -> handed.add(new String(((Action.Validate) action).data())));
        }
        assertThat(handed).hasSize(3000).doesNotHaveDuplicates();
    }

    @Test
    void whatAnotherPeerBringsTooDoesNotWaitBehindJunk() {
        router.subscribed();
        PeerId spammer = router.peer(1);
        PeerId honest = router.peer(2);
        for (int i = 0; i < 100; i++) {
            router.receive(spammer, message("junk" + i));
        }
        router.receive(spammer, message("real"));
        assertThat(router.validations()).isZero();
        router.receive(honest, message("real"));
        assertThat(router.validations()).isEqualTo(1);
    }

    @Test
    void messagesThatComeToNothingUseUpAnAllowance() {
        router.subscribed();
        PeerId peer = router.peer(1);
        int validated = 0;
        for (int i = 0; i < 5000; i++) {
            router.receive(peer, message("old" + i));
            validated += (int) router.validations();
            router.judge("old" + i, Verdict.IGNORE);
        }
        assertThat(validated).isEqualTo(RouterLimits.standard().unprovenBurst());
        assertThat(router.score(peer))
                .as("who relays in good faith is not punished")
                .isNotNegative();
        router.heartbeat();
        router.receive(peer, message("new"));
        assertThat(router.validations()).isEqualTo(1);
    }

    @Test
    void aGraftIntoAFullMeshIsRefusedWithOtherPeersToTry() {
        router.subscribed();
        router.on(new Event.PeerRecord(id(1), new byte[] {9}));
        IntStream.rangeClosed(1, 12).forEach(n -> router.receive(router.peer(n), Rpc.graft(TOPIC)));
        assertThat(router.meshSize()).isEqualTo(12);
        PeerId late = router.peer(13);
        router.receive(late, Rpc.graft(TOPIC));
        Prune refusal = router.sentTo(late).getFirst().prune().getFirst();
        assertThat(refusal.backoffSeconds()).isEqualTo(60);
        assertThat(refusal.peers()).hasSize(12);
        assertThat(router.isInMesh(late)).isFalse();
    }

    @Test
    void aPeerThatWeDialledIsTakenIntoAFullMesh() {
        router.subscribed();
        IntStream.rangeClosed(1, 12).forEach(n -> router.receive(router.peer(n), Rpc.graft(TOPIC)));
        PeerId dialled = router.meshPeer(13);
        assertThat(router.isInMesh(dialled)).isTrue();
        router.heartbeat();
        assertThat(router.meshSize()).isEqualTo(6);
    }

    @Test
    void whenAMeshShrinksItKeepsPeersThatWeDialled() {
        router.subscribed();
        IntStream.rangeClosed(1, 12).forEach(n -> router.receive(router.peer(n), Rpc.graft(TOPIC)));
        PeerId one = router.meshPeer(13);
        PeerId two = router.meshPeer(14);
        router.heartbeat();
        assertThat(router.isInMesh(one)).isTrue();
        assertThat(router.isInMesh(two)).isTrue();
    }

    @Test
    void aGraftDuringTheBackoffIsPenalizedAndRefused() {
        router.subscribed();
        PeerId peer = router.peer(1);
        router.receive(peer, Rpc.graft(TOPIC));
        router.receive(peer, Rpc.prune(new Prune(TOPIC, List.of(), 60)));
        assertThat(router.isInMesh(peer)).isFalse();
        router.receive(peer, Rpc.graft(TOPIC));
        assertThat(router.isInMesh(peer)).isFalse();
        assertThat(router.sentTo(peer).getFirst().prune()).hasSize(1);
        assertThat(router.score(peer)).isNegative();
    }

    @Test
    void aPrunedPeerIsGraftedAgainOnlyAfterTheBackoff() {
        router.subscribed();
        PeerId peer = router.peer(1);
        router.heartbeat();
        assertThat(router.isInMesh(peer)).isTrue();
        router.receive(peer, Rpc.prune(new Prune(TOPIC, List.of(), 10)));
        router.heartbeats(10);
        assertThat(router.isInMesh(peer)).isFalse();
        router.heartbeats(3);
        assertThat(router.isInMesh(peer)).isTrue();
    }

    @Test
    void aGraftForAnUnknownTopicIsNotAnswered() {
        PeerId peer = router.peer(1);
        assertThat(router.receive(peer, Rpc.graft("/elsewhere"))).isEmpty();
    }

    @Test
    void aPrunedPeerIsToldOfTheOthersWithTheirSignedRecords() {
        router.subscribed();
        List<PeerId> peers =
                IntStream.rangeClosed(1, 20).mapToObj(router::meshPeer).toList();
        peers.forEach(peer -> router.on(new Event.PeerRecord(peer, peer.toBytes())));
        router.on(new Event.PeerRecord(peers.getLast(), new byte[RpcLimits.SIGNED_PEER_RECORD_SIZE_MAX_BYTES + 1]));
        router.on(new Event.Heartbeat());
        List<PeerInfo> told = router.actions.stream()
                .filter(Action.Send.class::isInstance)
                .flatMap(action -> ((Action.Send) action).rpc().prune().stream())
                .flatMap(prune -> prune.peers().stream())
                .toList();
        assertThat(told)
                .isNotEmpty()
                .allSatisfy(other -> assertThat(other.signedPeerRecord()).isEqualTo(other.peerId()));
    }

    @Test
    void exchangedPeersAreDialledOnlyForAPeerOfGoodRepute() {
        router.subscribed();
        PeerId peer = router.meshPeer(1);
        List<PeerInfo> others = new ArrayList<>(IntStream.range(100, 140)
                .mapToObj(n -> new PeerInfo(id(n).toBytes(), new byte[0]))
                .toList());
        others.add(new PeerInfo(SELF.toBytes(), new byte[0]));
        others.add(new PeerInfo(new byte[] {1, 2, 3}, new byte[0]));
        Rpc prune = Rpc.prune(new Prune(TOPIC, others, 1));
        assertThat(router.receive(peer, prune)).isEmpty();
        router.on(new Event.Regard(peer, 10));
        router.receive(peer, prune);
        assertThat(router.actions)
                .hasSizeBetween(10, RouterLimits.CONNECTS_PER_HEARTBEAT_MAX)
                .allMatch(Action.Connect.class::isInstance)
                .noneMatch(action -> ((Action.Connect) action).peer().equals(SELF));
        assertThat(router.receive(peer, prune)).as("enough for this heartbeat").hasSizeLessThan(7);
    }

    @Test
    void manyPeersOfOneAddressGroupLoseTheirScoreButNotOnLoopback() {
        router.subscribed();
        IntStream.rangeClosed(1, 10).forEach(n -> router.peer(n, false, "203.0.113"));
        IntStream.rangeClosed(11, 30).forEach(n -> router.peer(n, false, "loopback"));
        assertThat(router.score(id(1))).isLessThan(-100);
        assertThat(router.score(id(11))).isZero();
        IntStream.rangeClosed(1, 6).forEach(n -> router.on(new Event.PeerRemoved(id(n))));
        assertThat(router.score(id(7))).isZero();
    }

    @Test
    void aMeshThatBringsNothingIsReplaced() {
        router.subscribed();
        List<PeerId> silent =
                IntStream.rangeClosed(1, 6).mapToObj(router::meshPeer).toList();
        PeerId gossiper = router.peer(9);
        router.heartbeats(3);
        for (int i = 0; i < 5; i++) {
            router.receive(gossiper, ihave("m" + i));
            router.accept(gossiper, "m" + i);
        }
        router.heartbeats(4);
        assertThat(silent).noneMatch(router::isInMesh).allMatch(peer -> router.score(peer) < 0);
        assertThat(router.isInMesh(gossiper)).isTrue();
    }

    @Test
    void aQuietTopicExpelsNobody() {
        router.subscribed();
        List<PeerId> peers =
                IntStream.rangeClosed(1, 6).mapToObj(router::meshPeer).toList();
        router.heartbeats(600);
        assertThat(peers).allMatch(router::isInMesh);
    }

    @Test
    void floodsOfControlMessagesAreCutOffAndPenalized() {
        router.subscribed();
        PeerId flooder = router.peer(1);
        List<MessageId> ids =
                IntStream.range(0, 9000).mapToObj(n -> name("x" + n)).toList();
        router.receive(flooder, Rpc.ihave(List.of(new IHave(TOPIC, ids))));
        assertThat(router.sent().stream().mapToInt(s -> s.rpc().iwant().size()).sum())
                .isEqualTo(RouterLimits.standard().ihaveIdsPerHeartbeat());
        router.receive(flooder, Rpc.idontwant(ids));
        assertThat(router.score(flooder)).isLessThan(-100);
    }

    @Test
    void rpcsThatBringNothingAreCutOff() {
        router.subscribed();
        PeerId flooder = router.peer(1);
        for (int i = 0; i < 3000 && router.score(flooder) > -100; i++) {
            router.receive(flooder, Rpc.prune(new Prune(TOPIC, List.of(), 1)));
        }
        assertThat(router.score(flooder)).isLessThan(-100);
    }

    @Test
    void aReceiverOfAHighRateIsNotMistakenForAFlood() {
        router.subscribed();
        PeerId one = router.meshPeer(1);
        PeerId two = router.meshPeer(2);
        for (int i = 0; i < 5000; i++) {
            router.accept(one, "m" + i);
            router.receive(two, message("m" + i));
        }
        assertThat(router.score(two)).isNotNegative();
    }

    @Test
    void foreignTopicsOfAPeerAreRememberedUpToTheirLimit() {
        PeerId peer = router.peer(1);
        for (int i = 0; i < 100; i++) {
            router.receive(peer, subscribe("/elsewhere/" + i));
        }
        assertThat(router.view(peer).topics()).hasSize(RouterLimits.standard().foreignTopicsPerPeer());
    }

    @Test
    void refusedBytesArePenalized() {
        PeerId peer = router.peer(1);
        for (int i = 0; i < 6; i++) {
            router.on(new Event.RpcRefused(peer, "byte 0: nonsense"));
        }
        assertThat(router.score(peer)).isLessThan(-100);
    }

    @Test
    void aVerdictThatNeverComesIsTakenForIgnore() {
        router.subscribed();
        PeerId peer = router.peer(1);
        router.receive(peer, message("m"));
        router.heartbeats(21);
        assertThat(router.router.unjudged()).isZero();
        assertThat(router.judge("m", Verdict.ACCEPT)).isEmpty();
    }

    @Test
    void aTopicThatBeginsLikeAnotherIsRefused() {
        router.subscribed();
        assertThatThrownBy(() -> router.on(new Event.Subscribe(TOPIC + "b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> router.on(new Event.Subscribe("/althing")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavingATopicPrunesWithAShortBackoff() {
        router.subscribed();
        PeerId peer = router.meshPeer(1);
        router.on(new Event.Unsubscribe(TOPIC));
        assertThat(router.sentTo(peer).getFirst().prune().getFirst().backoffSeconds())
                .isEqualTo(10);
    }

    @Test
    void oldMessagesAreForgotten() {
        router.subscribed();
        PeerId peer = router.meshPeer(1);
        long idle = router.router.bytesHeld();
        for (int i = 0; i < 500; i++) {
            router.accept(peer, "m" + i);
        }
        assertThat(router.router.bytesHeld()).isGreaterThan(idle + 100_000);
        router.heartbeats(130);
        assertThat(router.router.bytesHeld()).isLessThan(idle + 2_000);
    }

    @Test
    void moreThanTheLimitOfPeersAreSentAway() {
        IntStream.range(1, RouterLimits.PEERS_MAX + 1)
                .forEach(n -> router.on(new Event.PeerAdded(id(n), false, "g" + n, true)));
        router.on(new Event.PeerAdded(id(9999), false, "g", true));
        assertThat(router.actions).singleElement().isInstanceOf(Action.Disconnect.class);
        assertThat(router.router.peers()).hasSize(RouterLimits.PEERS_MAX);
    }

    @Test
    void settingsThatContradictThemselvesAreRefused() {
        assertThatThrownBy(() -> new GossipSettings(6, 7, 12, 4, 2, 6, 0.25, true, 4))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
