// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Notary;
import org.althing.api.tally.Choice;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;

/** Nodes as processes, a DAO founded on the first of them, and a member at each. */
final class Network implements AutoCloseable {

    private static final String NAME = "Processes";
    private static final long LOOK_MILLIS = 100;

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private Cid dao;
    private Cid proposal;

    /** Starts the nodes; the first is the notary, and all of them but the second are told to be connected with the second. */
    static Network started(Path folder, int count) throws IOException {
        Network network = new Network();
        try {
            network.start(folder, 0, 2, List.of());
            network.start(folder, 2, count, List.of(network.nodes.get(1).address()));
            network.found();
            return network;
        } catch (IOException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /** Starts nodes that are told of nobody but who is given here; the first is the notary. */
    static Network started(Path folder, int count, List<String> bootstrap, String... options) throws IOException {
        Network network = new Network();
        try {
            network.start(folder, 0, count, bootstrap, options);
            network.found();
            return network;
        } catch (IOException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /** Starts a node at each place; they are told of nobody but who is given here. The first is the notary. */
    static Network started(Path folder, List<NodeProcess.Place> places, List<String> bootstrap) throws IOException {
        Network network = new Network();
        try {
            network.start(folder, 0, places.size(), places::get, bootstrap);
            network.found();
            return network;
        } catch (IOException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private void start(Path folder, int from, int to, List<String> bootstrap, String... options) throws IOException {
        start(folder, from, to, i -> NodeProcess.Place.LOOPBACK, bootstrap, options);
    }

    /** Starts some at one time. */
    private void start(
            Path folder,
            int from,
            int to,
            IntFunction<NodeProcess.Place> places,
            List<String> bootstrap,
            String... options)
            throws IOException {
        List<CompletableFuture<NodeProcess>> starting = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Path data = Files.createDirectories(folder.resolve("node" + i));
            NodeProcess.Place place = places.apply(i);
            starting.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return NodeProcess.start(data, place, bootstrap, options);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        for (CompletableFuture<NodeProcess> each : starting) {
            nodes.add(each.join());
        }
    }

    private void found() throws IOException {
        Ed25519 signatures = Ed25519.fastest();
        List<TestMember> keys = IntStream.range(0, nodes.size())
                .mapToObj(i -> new TestMember("m" + i, signatures))
                .toList();
        Cid founding = Consent.founding(keys.getFirst().key(), NAME);
        List<Action.Admit> founders =
                keys.stream().map(member -> member.admit(founding, 1, "member")).toList();
        Body.Charter charter = new Body.Charter(
                NAME,
                "To be tested.",
                new byte[Body.Charter.SALT_SIZE_BYTES],
                founders,
                List.of(new Notary(PublicKey.parse(nodes.getFirst().notary()), List.of())),
                new TestRules().review(1_000).quotas(16, 10_000).build());
        byte[] entry = EntryCodec.sign(
                new Draft(null, keys.getFirst().root().key(), 0, null, null, System.currentTimeMillis(), charter),
                keys.getFirst().root());
        dao = Cid.parse(nodes.getFirst().ask("found", entry).path("entry").asText());
        keys.forEach(member -> members.add(new Member(member, dao)));
        members.getFirst().say(nodes.getFirst(), motion("Shall we?"));
        proposal = members.getFirst().acknowledged().getFirst();
    }

    private static Body.Proposal motion(String title) {
        return new Body.Proposal(
                title, "", List.of("For", "Against", "Abstain"), "basic", 1, 1, false, List.of(), Terms.NONE);
    }

    NodeProcess node(int index) {
        return nodes.get(index);
    }

    Member member(int index) {
        return members.get(index);
    }

    int size() {
        return nodes.size();
    }

    Cid dao() {
        return dao;
    }

    /** Joins a node by what another gives as an invite, with further peers beside that one. */
    void join(int who, int by, int... others) throws IOException {
        JsonNode invite = nodes.get(by).ask("invite", dao.toString());
        List<String> peers = new ArrayList<>();
        invite.path("peers").forEach(peer -> peers.add(peer.asText()));
        for (int other : others) {
            peers.add(nodes.get(other).address());
        }
        join(who, invite, peers);
    }

    /** Joins a node by an invite whose peer is met at another port of the loopback. */
    void joinThrough(int who, int by, int port) throws IOException {
        JsonNode invite = nodes.get(by).ask("invite", dao.toString());
        List<String> peers = List.of(nodes.get(by).address().replaceFirst("/tcp/\\d+/", "/tcp/" + port + "/"));
        join(who, invite, peers);
    }

    /** Joins a node by an invite that names no peer. */
    void joinWithoutAddresses(int who, int by) throws IOException {
        join(who, nodes.get(by).ask("invite", dao.toString()), List.of());
    }

    private void join(int who, JsonNode invite, List<String> peers) throws IOException {
        nodes.get(who)
                .ask(
                        "join",
                        invite.path("dao").asText(),
                        invite.path("seal").asText(),
                        invite.path("height").asLong(),
                        peers);
    }

    /** The DAO as a node shows it; null while it does not. */
    JsonNode view(int index) {
        try {
            return nodes.get(index).ask("dao", dao.toString());
        } catch (IOException e) {
            return null;
        }
    }

    /** Waits until a node shows that the proposal is open. */
    void awaitVoting(int index) {
        await("node " + index + " shows the open proposal", 30, i -> {
            try {
                return nodes.get(index)
                        .ask("proposal", proposal.toString())
                        .path("status")
                        .asText()
                        .equals("voting");
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Casts the next ballot of a member at her node; whether it was acknowledged. A ballot that was not is handed in again instead. */
    boolean vote(int index, int revision) {
        try {
            return members.get(index)
                    .say(
                            nodes.get(index),
                            new Body.Ballot(
                                    proposal,
                                    members.get(index).acknowledged().size() + 1,
                                    new Choice.Single(revision % 3)));
        } catch (NodeProcess.Refused e) {
            throw new UncheckedIOException("member " + index + ", ballot " + revision, e);
        } catch (IOException e) {
            return false;
        }
    }

    /** A member says much about the proposal. */
    void comment(int index, int count, int chars) throws IOException {
        for (int i = 0; i < count; i++) {
            String text = (i + " ").repeat(chars).substring(0, chars);
            members.get(index).say(nodes.get(index), new Body.Comment(proposal, Optional.empty(), text));
        }
    }

    /** A member signs two ballots with one number and hands one to each of two nodes; the second may know the first by then, and refuses. */
    List<Cid> fork(int member, int one, int other) throws IOException {
        Member forker = members.get(member);
        List<byte[]> halves = new ArrayList<>();
        for (int choice = 0; choice < 2; choice++) {
            halves.add(forker.sign(nodes.get(one), new Body.Ballot(proposal, 1, new Choice.Single(choice))));
        }
        nodes.get(one).ask("submit", halves.getFirst(), 0);
        try {
            nodes.get(other).ask("submit", halves.getLast(), 0);
        } catch (NodeProcess.Refused e) {
            assertThat(e).hasMessageContaining("has signed two entries");
        }
        return halves.stream().map(Cid::hash).toList();
    }

    /** Waits until a node shows that a member's key has forked. */
    void awaitProof(int index, int member) {
        String key = members.get(member).keys().device().key().toString();
        await("node " + index + " shows the fork", 30, i -> {
            try {
                String problems =
                        nodes.get(index).ask("status").path("problems").toString();
                return problems.contains(key + " has signed two entries");
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Waits until a node shows that a member's device counts no more. */
    void awaitFrozen(int index, int member) {
        String root = members.get(member).keys().key().toString();
        await("node " + index + " shows the frozen key", 30, i -> {
            try {
                for (JsonNode each : nodes.get(index).ask("members", dao.toString())) {
                    if (each.path("root").asText().equals(root)) {
                        return each.path("devices").isEmpty();
                    }
                }
                return false;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** How many of these entries a node has. */
    int held(int index, List<Cid> entries) {
        return (int) entries.stream().filter(entry -> holds(index, entry)).count();
    }

    private boolean holds(int index, Cid entry) {
        try {
            return nodes.get(index).ask("entry", entry.toString()).isTextual();
        } catch (NodeProcess.Refused e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until all these nodes show one head and one state root, and that nothing is pending. */
    void awaitSame(int... indices) {
        try {
            await("all nodes show the same", 45, i -> isSame(indices));
        } catch (AssertionError e) {
            StringBuilder all = new StringBuilder(e.getMessage());
            for (int index : indices) {
                all.append("\nnode ").append(index).append(": ").append(summary(index));
            }
            throw new AssertionError(all.toString(), e);
        }
    }

    private String summary(int index) {
        try {
            JsonNode status = nodes.get(index).ask("status");
            JsonNode view = view(index);
            return (view == null
                            ? "no DAO"
                            : "height " + view.path("height") + ", pending " + view.path("pending") + ", root "
                                    + view.path("stateRoot"))
                    + ", connections " + status.path("network").path("connections") + ", sync " + status.path("sync")
                    + ", problems " + status.path("problems");
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private boolean isSame(int... indices) {
        JsonNode first = view(indices[0]);
        if (first == null || first.path("pending").asInt() > 0) {
            return false;
        }
        for (int index : indices) {
            JsonNode view = view(index);
            if (view == null
                    || !view.path("head").equals(first.path("head"))
                    || !view.path("stateRoot").equals(first.path("stateRoot"))
                    || view.path("pending").asInt() > 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a node has what a member was last promised to be kept. */
    boolean has(int index, Member member) throws IOException {
        try {
            return nodes.get(index)
                    .ask("entry", member.acknowledged().getLast().toString())
                    .isTextual();
        } catch (NodeProcess.Refused e) {
            return false;
        }
    }

    /** Everything that was acknowledged is sealed on every one of these nodes, for as many members as have voted. */
    void assertNothingLost(int... indices) throws IOException {
        for (int index : indices) {
            for (Member member : members) {
                for (Cid entry : member.acknowledged()) {
                    assertThat(nodes.get(index).ask("entry", entry.toString()).isTextual())
                            .as("node %d has entry %s of %s", index, entry, member.keys())
                            .isTrue();
                }
                if (member.acknowledged().size() > (member == members.getFirst() ? 1 : 0)) {
                    JsonNode ballot = nodes.get(index)
                            .ask(
                                    "ballot",
                                    proposal.toString(),
                                    member.keys().key().toString());
                    assertThat(ballot.path("ballot").asText())
                            .as("node %d counts the last ballot of %s", index, member.keys())
                            .isEqualTo(member.acknowledged().getLast().toString());
                    assertThat(ballot.path("state").asText()).isEqualTo("sealed");
                }
            }
        }
    }

    /** Nobody has met anything that an operator should know, and nobody has logged a stack trace. */
    void assertNoProblems(int... indices) throws IOException {
        for (int index : indices) {
            assertThat(nodes.get(index).ask("status").path("problems"))
                    .as("problems of node %d", index)
                    .isEmpty();
            assertThat(Files.readString(nodes.get(index).log()))
                    .as("log of node %d", index)
                    .doesNotContain("\tat ");
        }
    }

    static void await(String what, int seconds, Predicate<Integer> condition) {
        long endNanos = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        for (int i = 0; !condition.test(i); i++) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("not within " + seconds + " s: " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS); // Processes tell nobody when they have changed.
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
