// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.Plugins;
import org.althing.codec.EntryCodec;

/** A node with one DAO that seals whatever it gets at once. */
final class FakeAssembly implements AssemblyClients.Connection {

    static final Cid DAO = Cid.hash("dao".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    static final Cid SEAL = Cid.hash("seal".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    static final Cid PROPOSAL = Cid.hash("proposal".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private static final Map<String, Object> RULES = Map.of(
            "sponsors",
            0,
            "votingMillis",
            1000,
            "quorum",
            "0",
            "threshold",
            "1/2",
            "entriesPerSealMax",
            16,
            "entriesPerDayMax",
            100);

    final List<Entry> entries = new ArrayList<>();
    final Map<String, byte[]> bytes = new HashMap<>();
    String proposalStatus = "voting";
    long decidedAt = -1;
    String method = "basic";
    String title = "Buy the ferry";
    List<String> options = List.of("For", "Against", "Abstain");
    String member = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    String refusal = "";
    List<String> notaries = List.of(member);
    Map<String, List<String>> notaryAddresses = Map.of();
    boolean closed;
    Optional<NetworkView> network = Optional.empty();
    List<SyncView> sync = List.of();
    List<PeerView> peers = List.of();
    List<String> listening = List.of();
    Optional<Invite> joined = Optional.empty();
    List<MethodView> methods =
            new FakeMethods().methods().stream().map(MethodView::of).toList();
    final FakePlugins plugins = new FakePlugins();

    @Override
    public Plugins plugins() {
        return plugins;
    }

    @Override
    public Status status() {
        return new Status(
                "0.1.0",
                "/data",
                member,
                "solo",
                "SunEC",
                CommandRun.NOW_MILLIS,
                List.of("basic", "schulze"),
                daos(),
                network,
                sync,
                List.of());
    }

    @Override
    public List<PeerView> peers() {
        return peers;
    }

    @Override
    public List<MethodView> methods() {
        return methods;
    }

    @Override
    public List<DaoView> daos() {
        return List.of(new DaoView(
                DAO.toString(),
                "Ferry",
                "",
                3,
                SEAL.toString(),
                SEAL.toString(),
                CommandRun.NOW_MILLIS,
                1,
                "1",
                1,
                1,
                3,
                0,
                notaries,
                notaryAddresses,
                RULES));
    }

    @Override
    public DaoView dao(String dao) {
        return daos().getFirst();
    }

    @Override
    public List<Ledger.DurableFile> durableFiles() {
        return List.of();
    }

    @Override
    public List<MemberView> members(String dao) {
        return List.of(new MemberView(member, "Asta", List.of("member"), "1", true, List.of(member)));
    }

    @Override
    public Submission found(byte[] charter) {
        return submit(charter, 0);
    }

    @Override
    public Submission foundPrivate(byte[] charter, byte[] groupKey) {
        return found(charter);
    }

    @Override
    public String readingKey() {
        return "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc";
    }

    @Override
    public List<byte[]> groupKeys(String dao) {
        return List.of();
    }

    @Override
    public String readingKey(String dao, String member) {
        return readingKey();
    }

    @Override
    public void send(String dao, byte[] message) {
        throw new AssertionError("this DAO is public");
    }

    @Override
    public List<MessageView> messages(String dao) {
        return List.of();
    }

    @Override
    public SyncView join(Invite invite) {
        joined = Optional.of(invite);
        return new SyncView(invite.dao(), -1, -1, true, 0, 0, 0, 0, 0, false, "");
    }

    @Override
    public Invite invite(String dao) {
        return new Invite(DAO.toString(), SEAL.toString(), 3, listening);
    }

    @Override
    public Authoring authoring(String dao, String key) {
        List<Entry> own =
                entries.stream().filter(e -> e.key().toString().equals(key)).toList();
        return new Authoring(
                DAO.toString(),
                key,
                own.size(),
                own.isEmpty() ? "" : own.getLast().cid().toString(),
                SEAL.toString(),
                member);
    }

    @Override
    public Submission submit(byte[] entry, long waitMillis) {
        Entry decoded = EntryCodec.decode(entry);
        if (!refusal.isEmpty()) {
            return new Submission(decoded.cid().toString(), "refused", refusal, -1);
        }
        entries.add(decoded);
        bytes.put(decoded.cid().toString(), entry);
        return new Submission(decoded.cid().toString(), "sealed", "", 4);
    }

    @Override
    public List<Submission> submitAll(List<byte[]> all, long waitMillis) {
        return all.stream().map(entry -> submit(entry, waitMillis)).toList();
    }

    @Override
    public List<ProposalView> proposals(String dao, Optional<String> status, int offset, int limit) {
        return List.of(view());
    }

    @Override
    public ProposalView proposal(String proposal) throws RefusedException {
        if (!PROPOSAL.toString().startsWith(proposal)) {
            throw new RefusedException("no proposal begins with '" + proposal + "'");
        }
        return view();
    }

    @Override
    public List<CommentView> comments(String proposal) {
        return List.of();
    }

    @Override
    public Optional<BallotView> ballot(String proposal, String root) {
        return entries.stream()
                .filter(e -> e.body() instanceof Body.Ballot)
                .reduce((a, b) -> b)
                .map(e -> new BallotView(
                        e.cid().toString(), proposal, root, ((Body.Ballot) e.body()).revision(), "sealed", 4));
    }

    @Override
    public byte[] entry(String cid) {
        return bytes.get(cid);
    }

    @Override
    public EvidenceFile export(String subject, String file, boolean disclose) {
        return new EvidenceFile(file, 1, subject, DAO.toString(), SEAL.toString());
    }

    @Override
    public List<SealView> seals(String dao, long fromHeight, int limit) {
        return List.of();
    }

    @Override
    public void close() {
        closed = true;
    }

    ProposalView view() {
        return new ProposalView(
                PROPOSAL.toString(),
                DAO.toString(),
                title,
                "Its text.",
                member,
                "Asta",
                proposalStatus,
                "",
                method,
                1,
                1,
                options,
                List.of(),
                List.of(),
                0,
                1,
                1,
                CommandRun.NOW_MILLIS + 60_000,
                CommandRun.NOW_MILLIS + 60_000,
                0,
                -1,
                decidedAt,
                "1/4",
                "1/2",
                0,
                "0",
                "1",
                Optional.empty(),
                List.of());
    }
}
