// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Message;
import org.althing.api.evidence.Evidence;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.Timer;
import org.althing.api.notary.SealingProtocol;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.SyncProgress;
import org.althing.api.tally.TallyEngine;
import org.althing.codec.Enclosure;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;

/**
 * All use cases, on the pipelines of a node. Every view is of one state: reading takes no lock and stops nobody. Made twice: with all DAOs for the user that
 * runs the node, and with the public ones alone for everybody else.
 */
final class NodeAssembly implements Assembly {

    private final Node node;
    private final Desk desk;
    private final boolean withPrivate;
    private final Tallies tallies;

    /** @param withPrivate whether private DAOs are shown */
    NodeAssembly(Node node, Desk desk, boolean withPrivate) {
        this.node = node;
        this.desk = desk;
        this.withPrivate = withPrivate;
        this.tallies = new Tallies(desk);
    }

    private List<Pipeline> pipelines() {
        return node.pipelines().stream().filter(this::isShown).toList();
    }

    private Optional<Pipeline> served(Cid dao) {
        return node.pipeline(dao).filter(this::isShown);
    }

    private boolean isShown(Pipeline pipeline) {
        return withPrivate || !pipeline.isPrivate();
    }

    private boolean isShown(DaoReplica replica) {
        return withPrivate || replica.isPublic();
    }

    @Override
    public Status status() throws AlthingException {
        return new Status(
                node.version(),
                node.data().toString(),
                node.notary().toString(),
                desk.protocol().get().map(SealingProtocol::name).orElse(""),
                desk.verifier().signatures().provider().name(),
                node.startedMillis(),
                methods().stream().map(MethodView::id).toList(),
                pipelines().stream().map(NodeAssembly::view).toList(),
                node.network().flatMap(Network::view),
                node.network().isEmpty()
                        ? List.of()
                        : node.replicas().stream()
                                .filter(this::isShown)
                                .map(this::view)
                                .toList(),
                node.problems(this::isShown, withPrivate));
    }

    @Override
    public List<MethodView> methods() {
        return desk.tally().get().map(TallyEngine::methods).orElse(List.of()).stream()
                .map(MethodView::of)
                .sorted(Comparator.comparing(MethodView::id))
                .toList();
    }

    @Override
    public List<DaoView> daos() throws AlthingException {
        node.requireServing();
        return pipelines().stream().map(NodeAssembly::view).toList();
    }

    @Override
    public DaoView dao(String dao) throws RefusedException, AlthingException {
        return view(pipeline(dao));
    }

    private static DaoView view(Pipeline pipeline) {
        return Views.dao(pipeline.summary(), pipeline.ledger().entries(), pipeline.pendingCount());
    }

    private Pipeline pipeline(String dao) throws RefusedException, AlthingException {
        node.requireServing();
        return Names.dao(pipelines(), dao);
    }

    private Names.Found find(String proposal) throws RefusedException, AlthingException {
        node.requireServing();
        return Names.proposal(pipelines(), proposal);
    }

    @Override
    public List<MemberView> members(String dao) throws RefusedException, AlthingException {
        Pipeline pipeline = pipeline(dao);
        DaoState state = pipeline.state();
        return state.members().stream()
                .map(member -> Views.member(member, pipeline.index().devices(member.root()), state))
                .toList();
    }

    // Entries come in.

    @Override
    public Submission found(byte[] charter) throws RefusedException, AlthingException {
        return found(charter, Optional.empty());
    }

    @Override
    public Submission foundPrivate(byte[] charter, byte[] groupKey) throws RefusedException, AlthingException {
        requireLocal();
        return found(charter, Optional.of(groupKey));
    }

    private Submission found(byte[] charter, Optional<byte[]> groupKey) throws RefusedException, AlthingException {
        node.requireServing();
        byte[] bytes = charter.clone();
        Checked checked = desk.verifier().check(bytes, entry -> false);
        Entry entry = switch (checked) {
            case Checked.Bad bad -> throw new RefusedException(bad.reason());
            case Checked.Known known -> known.entry();
            case Checked.Genuine genuine -> genuine.entry();
        };
        if (!(entry.body() instanceof Body.Charter body)) {
            throw new RefusedException("only a charter founds a DAO; hand this entry in as a submission");
        }
        if (served(entry.cid()).isEmpty()) {
            Optional<String> reason = refuse(entry, body).or(() -> refuse(body, groupKey));
            if (reason.isPresent()) {
                throw new RefusedException(reason.get());
            }
            if (groupKey.isPresent()) {
                node.ring(entry.cid()).add(groupKey.get());
            }
        }
        Answer answer =
                await(node.found(entry).submit(List.of(checked), Origin.FACE)).getFirst();
        return accepted(awaitSeal(answer, entry.cid(), WAIT_MAX_MILLIS));
    }

    private void requireLocal() throws RefusedException {
        if (!withPrivate) {
            throw new RefusedException("that is done on the machine of the node, by the user that runs it");
        }
    }

    @Override
    public String readingKey() throws AlthingException {
        return node.reading().open().toString();
    }

    @Override
    public List<byte[]> groupKeys(String dao) throws RefusedException, AlthingException {
        requireLocal();
        return groupKeys(pipeline(dao));
    }

    @Override
    public String readingKey(String dao, String member) throws RefusedException, AlthingException {
        requireLocal();
        return privateDao(dao)
                .state()
                .member(Names.key(member))
                .filter(Member::active)
                .flatMap(Member::reader)
                .map(ReadingKey::toString)
                .orElseThrow(() -> new RefusedException(
                        "there is no member " + member + "; list them with: althing dao" + " show"));
    }

    @Override
    public void send(String dao, byte[] message) throws RefusedException, AlthingException {
        requireLocal();
        Pipeline pipeline = privateDao(dao);
        switch (mailbox(pipeline).take(message, pipeline.state())) {
            case Mailbox.Outcome.New taken ->
                desk.outbox().message(pipeline.ledger().dao(), message.clone());
            case Mailbox.Outcome.Known known -> {}
            case Mailbox.Outcome.Bad bad -> throw new RefusedException(bad.reason());
            case Mailbox.Outcome.Refused refused -> throw new RefusedException(refused.reason());
        }
    }

    @Override
    public List<MessageView> messages(String dao) throws RefusedException, AlthingException {
        requireLocal();
        Pipeline pipeline = privateDao(dao);
        DaoState state = pipeline.state();
        return mailbox(pipeline).messagesFor(node.reading().open()).stream()
                .sorted(Comparator.comparingLong(Message::timeMillis))
                .map(message -> {
                    Optional<PublicKey> from = Mailbox.author(message, state);
                    return new MessageView(
                            message.cid().toString(),
                            from.map(PublicKey::toString).orElse(""),
                            from.map(author -> Views.name(state, author)).orElse(""),
                            node.reading().read(message).orElse(""),
                            message.timeMillis());
                })
                .toList();
    }

    private Pipeline privateDao(String dao) throws RefusedException, AlthingException {
        Pipeline pipeline = pipeline(dao);
        if (!pipeline.isPrivate()) {
            throw new RefusedException(pipeline.state().name()
                    + " is public: its members have no reading keys, so no messages can be encrypted for them");
        }
        return pipeline;
    }

    private Mailbox mailbox(Pipeline pipeline) throws AlthingException {
        return node.mailbox(pipeline.ledger().dao()).orElseThrow(() -> new AlthingException("the node is stopping"));
    }

    private static List<byte[]> groupKeys(Pipeline pipeline) throws RefusedException {
        List<byte[]> keys = new ArrayList<>();
        for (Cid name : pipeline.state().groupKeys()) {
            keys.add(pipeline.ring()
                    .keys()
                    .find(name)
                    .orElseThrow(() -> new RefusedException("this node lacks group key " + name
                            + " yet; it gets it from the node of another member, see `althing peers`")));
        }
        return keys;
    }

    private static Optional<String> refuse(Body.Charter charter, Optional<byte[]> groupKey) {
        Optional<Cid> given =
                groupKey.filter(key -> key.length == Enclosure.KEY_SIZE_BYTES).map(Enclosure::name);
        if (charter.group().equals(given) && groupKey.isPresent() == given.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                groupKey.isPresent()
                        ? "the charter does not name this group key"
                        : "a private DAO is founded together with its first group key");
    }

    private Optional<String> refuse(Entry entry, Body.Charter charter) {
        if (!entry.key()
                .equals(
                        charter.founders().isEmpty()
                                ? null
                                : charter.founders().getFirst().root())) {
            return Optional.of("a charter is signed by the root key of its first founder");
        }
        if (charter.notaries().stream().noneMatch(notary -> notary.key().equals(node.notary()))) {
            return Optional.of(
                    "the charter names other notaries; it must name this node's notary key, " + node.notary());
        }
        if (entry.timeMillis() > desk.timer().millis() + Limits.CLAIMED_AHEAD_MAX_MILLIS) {
            return Optional.of("it claims a time more than a day ahead; check the clock of the device that signed it");
        }
        Optional<SealingProtocol> protocol = desk.protocol().get();
        if (protocol.isEmpty()) {
            return Optional.of("no sealing protocol is installed; start bundle org.althing.notary first");
        }
        return desk.governance().refuse(charter).or(() -> protocol.get().refuse(charter.notaries()));
    }

    @Override
    public SyncView join(Invite invite) throws RefusedException, AlthingException {
        node.requireServing();
        Joins.Join join;
        try {
            join = Joins.Join.of(invite);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("the invite cannot be understood: " + e.getMessage());
        }
        node.join(join);
        return node.replicas().stream()
                .filter(replica -> replica.dao().equals(join.dao()))
                .findFirst()
                .map(this::view)
                .orElseThrow(() -> new AlthingException("the node is stopping"));
    }

    @Override
    public Invite invite(String dao) throws RefusedException, AlthingException {
        Pipeline pipeline = pipeline(dao);
        DaoState state = pipeline.state();
        Cid head = state.head().orElseThrow(() -> new RefusedException("this node holds no seal of that DAO yet"));
        List<String> addresses = node.network()
                .orElseThrow(() -> new AlthingException(
                        "this node has no network, so nobody can join through it; start it with --listen"))
                .addresses();
        return new Invite(
                state.dao().toString(),
                head.toString(),
                state.height(),
                addresses.stream().limit(Invite.PEERS_MAX).toList());
    }

    SyncView view(DaoReplica replica) {
        long height = replica.tip().height();
        Optional<SyncProgress> progress = desk.progress(replica.dao());
        if (progress.isEmpty()) {
            return new SyncView(replica.dao().toString(), height, height, true, 0, 0, 0, -1, 0, false, "");
        }
        SyncProgress p = progress.get();
        return new SyncView(
                replica.dao().toString(),
                height,
                Math.max(height, p.heightKnown()),
                height >= p.heightKnown(),
                p.entries(),
                p.entriesLeft(),
                p.entriesPerSecond(),
                p.leftMillis().orElse(-1),
                p.peers(),
                p.stalled(),
                p.problem());
    }

    @Override
    public List<PeerView> peers() {
        return node.peers();
    }

    @Override
    public Authoring authoring(String dao, String key) throws RefusedException, AlthingException {
        Pipeline pipeline = pipeline(dao);
        PublicKey author = Names.key(key);
        return await(pipeline.ask((state, pool) -> authoring(state, pool, author)));
    }

    private static Authoring authoring(DaoState state, Pool pool, PublicKey key) {
        Optional<KeyState> known = state.key(key);
        Optional<Entry> tip = pool.tip(key);
        long sequence =
                tip.map(Entry::sequence).or(() -> known.map(KeyState::sequence)).orElse(-1L) + 1;
        Optional<Cid> previous = tip.map(Entry::cid).or(() -> known.map(KeyState::last));
        return new Authoring(
                state.dao().toString(),
                key.toString(),
                sequence,
                previous.map(Cid::toString).orElse(""),
                state.head().map(Cid::toString).orElse(""),
                known.map(k -> k.owner().toString()).orElse(""));
    }

    @Override
    public Submission submit(byte[] entry, long waitMillis) throws RefusedException, AlthingException {
        requireWait(waitMillis);
        return accepted(submitAll(List.of(entry), waitMillis).getFirst());
    }

    private static Submission accepted(Submission submission) throws RefusedException {
        if (submission.state().equals("refused")) {
            throw new RefusedException(submission.reason());
        }
        return submission;
    }

    private static void requireWait(long waitMillis) throws RefusedException {
        if (waitMillis < 0 || waitMillis > WAIT_MAX_MILLIS) {
            throw new RefusedException("a wait of " + waitMillis + " ms; at least 0 and at most " + WAIT_MAX_MILLIS);
        }
    }

    @Override
    public List<Submission> submitAll(List<byte[]> entries, long waitMillis) throws AlthingException {
        node.requireServing();
        Answer[] answers = new Answer[entries.size()];
        Pipeline[] pipelines = new Pipeline[entries.size()];
        List<CompletableFuture<Void>> stored = new ArrayList<>();
        List<Pipeline> announced = entries.size() > Limits.BATCH_ENTRIES ? pipelines() : List.of();
        announced.forEach(pipeline -> pipeline.sealing().more());
        try {
            // While one batch is judged and stored, the next is verified.
            Verifier.Run next = verify(entries, 0);
            for (int from = 0; from < answers.length; from += Limits.BATCH_ENTRIES) {
                Verifier.Run now = next;
                next = verify(entries, from + Limits.BATCH_ENTRIES);
                stored.addAll(submit(now.finish(), from, answers, pipelines));
            }
        } finally {
            announced.forEach(pipeline -> pipeline.sealing().noMore());
        }
        for (CompletableFuture<Void> batch : stored) {
            await(batch);
        }
        return awaitSeals(answers, pipelines, Math.clamp(waitMillis, 0, WAIT_MAX_MILLIS));
    }

    /** Begins to verify the batch that begins there. */
    private Verifier.Run verify(List<byte[]> entries, int from) {
        int end = Math.min(from + Limits.BATCH_ENTRIES, entries.size());
        List<byte[]> batch = entries.subList(Math.min(from, end), end).stream()
                .map(byte[]::clone)
                .toList();
        return desk.verifier().begin(batch, this::isKnown);
    }

    /** Hands each entry of a batch to the pipeline of its DAO. */
    private List<CompletableFuture<Void>> submit(
            List<Checked> checked, int from, Answer[] answers, Pipeline[] pipelines) throws AlthingException {
        Map<Pipeline, List<Integer>> routes = new LinkedHashMap<>();
        for (int i = 0; i < checked.size(); i++) {
            switch (checked.get(i)) {
                case Checked.Bad bad -> answers[from + i] = new Answer.Refused(bad.cid(), bad.reason());
                case Checked.Known known -> route(known.entry(), i, from, answers, routes);
                case Checked.Genuine genuine -> route(genuine.entry(), i, from, answers, routes);
            }
        }
        List<CompletableFuture<Void>> stored = new ArrayList<>();
        for (Map.Entry<Pipeline, List<Integer>> route : routes.entrySet()) {
            List<Integer> places = route.getValue();
            places.forEach(place -> pipelines[from + place] = route.getKey());
            stored.add(route.getKey()
                    .submit(places.stream().map(checked::get).toList(), Origin.FACE)
                    .thenAccept(given -> {
                        for (int i = 0; i < places.size(); i++) {
                            answers[from + places.get(i)] = given.get(i);
                        }
                    }));
        }
        return stored;
    }

    private boolean isKnown(Entry entry) {
        return served(entry.belongsTo())
                .filter(pipeline -> pipeline.ledger().has(entry.cid()))
                .isPresent();
    }

    private void route(Entry entry, int at, int from, Answer[] answers, Map<Pipeline, List<Integer>> routes)
            throws AlthingException {
        Optional<Pipeline> pipeline = served(entry.belongsTo());
        if (pipeline.isPresent()) {
            routes.computeIfAbsent(pipeline.get(), key -> new ArrayList<>()).add(at);
        } else {
            node.requireServing(); // While the ledger is replaced nobody can say what this node serves.
            answers[from + at] = new Answer.Refused(
                    entry.cid(),
                    entry.dao() == null
                            ? "a charter founds a DAO; found it instead"
                            : node.unserved(entry.belongsTo())
                                    .orElse("this node does not serve DAO " + entry.belongsTo()));
        }
    }

    private List<Submission> awaitSeals(Answer[] answers, Pipeline[] pipelines, long waitMillis)
            throws AlthingException {
        if (waitMillis > 0) {
            Map<Integer, CompletableFuture<Answer>> seals = new HashMap<>();
            for (int i = 0; i < answers.length; i++) {
                if (answers[i] instanceof Answer.Pending pending) {
                    seals.put(i, pipelines[i].sealed(pending.entry()));
                }
            }
            await(withTimeout(CompletableFuture.allOf(seals.values().toArray(CompletableFuture[]::new)), waitMillis));
            for (Map.Entry<Integer, CompletableFuture<Answer>> seal : seals.entrySet()) {
                if (seal.getValue().isDone()) {
                    answers[seal.getKey()] = await(seal.getValue());
                }
            }
        }
        return Arrays.stream(answers).map(Answer::view).toList();
    }

    private Submission awaitSeal(Answer answer, Cid dao, long waitMillis) throws AlthingException {
        Optional<Pipeline> pipeline = served(dao);
        if (!(answer instanceof Answer.Pending pending) || pipeline.isEmpty()) {
            return answer.view();
        }
        CompletableFuture<Answer> seal = pipeline.get().sealed(pending.entry());
        await(withTimeout(seal, waitMillis));
        return (seal.isDone() ? await(seal) : answer).view();
    }

    /** Completes with its future or, by the node's clock, without. */
    private CompletableFuture<Void> withTimeout(CompletableFuture<?> future, long waitMillis) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Timer.Wake wake = desk.timer().at(desk.timer().millis() + waitMillis, () -> done.complete(null));
        future.whenComplete((value, failure) -> {
            wake.cancel();
            done.complete(null);
        });
        return done;
    }

    private static <T> T await(CompletableFuture<T> future) throws AlthingException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AlthingException cause) {
                throw new AlthingException(cause.getMessage(), cause);
            }
            throw new IllegalStateException("a pipeline failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted while waiting for the ledger", e);
        }
    }

    // Views.

    @Override
    public List<ProposalView> proposals(String dao, Optional<String> status, int offset, int limit)
            throws RefusedException, AlthingException {
        DaoState state = pipeline(dao).state();
        if (offset < 0 || limit < 1 || limit > PAGE_MAX_ROWS) {
            throw new RefusedException(
                    "offset " + offset + ", limit " + limit + ": ask for 1 to " + PAGE_MAX_ROWS + " rows from 0 on");
        }
        Optional<ProposalStatus> wanted = status.isEmpty() ? Optional.empty() : Optional.of(status(status.get()));
        return state.proposals().stream()
                .filter(proposal -> wanted.isEmpty() || proposal.status() == wanted.get())
                .sorted(Comparator.comparingLong(ProposalState::submittedAt)
                        .thenComparing(ProposalState::number)
                        .reversed())
                .skip(offset)
                .limit(limit)
                .map(proposal -> Views.proposal(state, proposal, Optional.empty()))
                .toList();
    }

    private static ProposalStatus status(String word) throws RefusedException {
        return Arrays.stream(ProposalStatus.values())
                .filter(status -> Views.word(status).equals(word))
                .findFirst()
                .orElseThrow(() -> new RefusedException("no proposal has such a status; use one of "
                        + String.join(
                                ", ",
                                Arrays.stream(ProposalStatus.values())
                                        .map(Views::word)
                                        .toList())));
    }

    @Override
    public ProposalView proposal(String proposal) throws RefusedException, AlthingException {
        Names.Found found = find(proposal);
        Optional<TallyView> tally = tallies.of(found.pipeline(), found.proposal())
                .map(count -> Views.tally(found.proposal(), count, desk.governance()));
        return Views.proposal(found.pipeline().state(), found.proposal(), tally);
    }

    @Override
    public List<CommentView> comments(String proposal) throws RefusedException, AlthingException {
        Names.Found found = find(proposal);
        DaoState state = found.pipeline().state();
        List<CommentView> views = new ArrayList<>();
        for (ViewIndex.CommentAt at :
                found.pipeline().index().comments(found.proposal().proposal(), PAGE_MAX_ROWS)) {
            views.add(
                    comment(state, found.pipeline().ring().read(found.pipeline().ledger(), at.entry()), at.height()));
        }
        return views;
    }

    private static CommentView comment(DaoState state, Entry entry, long height) {
        Body.Comment body = (Body.Comment) entry.body();
        PublicKey author = state.key(entry.key()).map(KeyState::owner).orElse(entry.key());
        return new CommentView(
                entry.cid().toString(),
                author.toString(),
                Views.name(state, author),
                body.parent().map(Cid::toString).orElse(""),
                body.text(),
                entry.timeMillis(),
                height);
    }

    @Override
    public Optional<BallotView> ballot(String proposal, String member) throws RefusedException, AlthingException {
        Names.Found found = find(proposal);
        PublicKey root = Names.key(member);
        return await(found.pipeline().ask((state, pool) -> ballot(state, pool, found, root)));
    }

    /** The sealed one that counts, or a pending one that will replace it. */
    private static Optional<BallotView> ballot(DaoState state, Pool pool, Names.Found found, PublicKey member) {
        Cid proposal = found.proposal().proposal();
        Optional<CountingBallot> sealed = state.ballot(proposal, member);
        Optional<Entry> pending = pool.all().stream()
                .filter(entry -> entry.body() instanceof Body.Ballot ballot
                        && ballot.proposal().equals(proposal))
                .filter(entry -> state.key(entry.key())
                        .filter(key -> key.owner().equals(member))
                        .isPresent())
                .max(Comparator.comparingLong(entry -> ((Body.Ballot) entry.body()).revision()))
                .filter(entry -> ((Body.Ballot) entry.body()).revision()
                        >= sealed.map(CountingBallot::revision).orElse(0L));
        if (pending.isPresent()) {
            long revision = ((Body.Ballot) pending.get().body()).revision();
            return Optional.of(new BallotView(
                    pending.get().cid().toString(), proposal.toString(), member.toString(), revision, "pending", -1));
        }
        return sealed.map(ballot -> new BallotView(
                ballot.ballot().toString(),
                proposal.toString(),
                member.toString(),
                ballot.revision(),
                "sealed",
                found.pipeline().ledger().sealedAt(ballot.ballot()).orElse(-1)));
    }

    @Override
    public byte[] entry(String cid) throws RefusedException, AlthingException {
        node.requireServing();
        Cid wanted = Names.cid(cid);
        for (Pipeline pipeline : pipelines()) {
            Optional<byte[]> bytes = pipeline.ledger().entry(wanted);
            if (bytes.isPresent()) {
                return bytes.get();
            }
        }
        throw new RefusedException("no entry " + wanted + " here");
    }

    @Override
    public EvidenceFile export(String subject, String file, boolean disclose)
            throws RefusedException, AlthingException {
        node.requireServing();
        Optional<Names.Found> proposal = proposalOrNone(subject);
        Pipeline pipeline = proposal.isPresent() ? proposal.get().pipeline() : Names.dao(pipelines(), subject);
        Evidence evidence = desk.evidence()
                .get()
                .orElseThrow(
                        () -> new AlthingException("nothing here writes evidence; start bundle org.althing.evidence"));
        Path target = Path.of(file).toAbsolutePath();
        DaoState state = pipeline.state();
        if (pipeline.isPrivate() && !disclose) {
            throw new RefusedException(state.name() + " is private, and whoever has the file could read all of it;"
                    + " say --disclose if that is what you want");
        }
        long sizeBytes = evidence.write(
                pipeline.ledger(),
                state,
                proposal.map(found -> found.proposal().proposal()),
                groupKeys(pipeline),
                target);
        return new EvidenceFile(
                target.toString(),
                sizeBytes,
                proposal.map(found -> found.proposal().proposal())
                        .orElse(state.dao())
                        .toString(),
                state.dao().toString(),
                state.head().map(Cid::toString).orElse(""));
    }

    private Optional<Names.Found> proposalOrNone(String subject) {
        try {
            return Optional.of(Names.proposal(pipelines(), subject));
        } catch (RefusedException e) {
            return Optional.empty(); // Then it must be a DAO, or else its own message says more.
        }
    }

    @Override
    public List<SealView> seals(String dao, long fromHeight, int limit) throws RefusedException, AlthingException {
        DaoLedger ledger = pipeline(dao).ledger();
        if (fromHeight < 0 || limit < 1 || limit > PAGE_MAX_ROWS) {
            throw new RefusedException("height " + fromHeight + ", limit " + limit + ": ask for 1 to " + PAGE_MAX_ROWS
                    + " seals from height 0 on");
        }
        List<SealView> views = new ArrayList<>();
        for (long height = fromHeight; height <= ledger.height() && views.size() < limit; height++) {
            Optional<Seal> seal = ledger.seal(height);
            if (seal.isPresent()) {
                views.add(view(seal.get()));
            }
        }
        return views;
    }

    @Override
    public List<Ledger.DurableFile> durableFiles() throws AlthingException {
        return node.durableFiles();
    }

    private static SealView view(Seal seal) throws AlthingException {
        try {
            SealHeader header = SealCodec.decodeHeader(seal.header());
            return new SealView(
                    seal.height(),
                    seal.cid().toString(),
                    header.previous() == null ? "" : header.previous().toString(),
                    header.timeMillis(),
                    header.count(),
                    header.state().toString(),
                    header.epoch(),
                    header.view(),
                    SealCodec.decodeCertificate(seal.certificate()).votes().size());
        } catch (MalformedException e) {
            throw new AlthingException("the seal at height " + seal.height() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
