// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.PeerView;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Entry;
import org.althing.api.gossip.Gossip;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.Feed;
import org.althing.api.node.NetworkSettings;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.Plugins;
import org.althing.api.node.RunningNode;
import org.althing.api.node.Timer;
import org.althing.api.sync.Replica;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.TallyEngine;
import org.althing.codec.Ed25519;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: a folder, a notary key, a pipeline for each DAO, a local door. */
final class Node implements RunningNode {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Path data;
    private final Services services;
    private final Consumer<Node> onClose;
    private final Signer notary;
    private final ReadingKeys reading;
    private final Timer timer;
    private final long startedMillis;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final ExecutorService workers;
    private final ExecutorService snapshotWriter;
    private final Listeners listeners = new Listeners();
    private final Desk desk;
    private final NodeAssembly assembly;
    private final NodeAssembly publicAssembly;
    private final PluginHost plugins;
    private final Map<Cid, Pipeline> pipelines = new ConcurrentHashMap<>();
    /** The DAOs that are exchanged with peers: those of the pipelines, and those that were joined and of which nothing is here yet. */
    private final Map<Cid, Shared> shared = new ConcurrentHashMap<>();

    private final Joins joins;
    /** DAOs that are not served, and why. */
    private final Map<Cid, String> unserved = new ConcurrentHashMap<>();

    /** How far each DAO had come when its ledger went. */
    private final Map<Cid, Extent> extents = new HashMap<>();

    /** Problems of others that this node tells. */
    private final List<Supplier<List<String>>> further = new CopyOnWriteArrayList<>();

    private volatile Ledger.@Nullable Folder folder;
    private @Nullable Ledger ledger;
    private volatile String absence = "the node is starting";
    private volatile boolean closed;
    private volatile @Nullable Network network;
    private @Nullable Door door;

    private Node(
            NodeSettings settings,
            Services services,
            Path data,
            Signer notary,
            ReadingKeys reading,
            Joins joins,
            Consumer<Node> onClose) {
        this.data = data;
        this.joins = joins;
        this.services = services;
        this.onClose = onClose;
        this.notary = notary;
        this.reading = reading;
        this.timer = settings.timer().orElseGet(() -> own(new SystemTimer()));
        this.startedMillis = timer.millis();
        int processors = Runtime.getRuntime().availableProcessors();
        this.workers = Executors.newFixedThreadPool(
                processors,
                Thread.ofPlatform().daemon().name("althing-worker-", 0).factory());
        ExecutorService counters = Executors.newFixedThreadPool(
                Limits.COUNTERS_MAX,
                Thread.ofPlatform().daemon().name("althing-count-", 0).factory());
        this.snapshotWriter = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .name("althing-snapshot")
                .factory());
        owned.add(workers::shutdown);
        owned.add(snapshotWriter::shutdown);
        owned.add(counters::shutdown);
        this.desk = new Desk(
                services.governance(),
                new Verifier(Ed25519.fastest(), workers, processors),
                notary,
                timer,
                counters,
                services.protocol(),
                services.tally(),
                services.evidence(),
                services.syncing(),
                new Spreading(services.gossip()),
                listeners);
        this.assembly = new NodeAssembly(this, desk, true);
        this.publicAssembly = new NodeAssembly(this, desk, false);
        this.plugins = new PluginHost(data, services.bundles());
    }

    /**
     * What a ledger must hold to be the one that this node has worked on. On another one the notary would seal a second history.
     *
     * @param seal the last one
     * @param entries how many, sealed and pending
     */
    private record Extent(long height, Optional<Cid> seal, long entries) {

        static Extent of(DaoLedger ledger) throws AlthingException {
            return new Extent(ledger.height(), seal(ledger, ledger.height()), ledger.entries());
        }

        private static Optional<Cid> seal(DaoLedger ledger, long height) throws AlthingException {
            return ledger.seal(height).map(DaoLedger.Seal::cid);
        }

        /** What a ledger lacks; empty if nothing. */
        Optional<String> missing(DaoLedger other) throws AlthingException {
            if (other.height() < height || !seal(other, height).equals(seal)) {
                return Optional.of("the seal at height " + height);
            }
            return other.entries() < entries
                    ? Optional.of((entries - other.entries()) + " of " + entries + " entries")
                    : Optional.empty();
        }
    }

    private SystemTimer own(SystemTimer made) {
        owned.add(made);
        return made;
    }

    static Node start(NodeSettings settings, Services services, Ledger ledger, Consumer<Node> onClose)
            throws AlthingException {
        Path data = settings.data().toAbsolutePath().normalize();
        // The ledger takes the folder, and says it if another node has; only then is anything in it touched.
        Ledger.Folder folder = ledger.open(data);
        Node node = null;
        try {
            Signer notary = services.keystore().notaryKey(data.resolve(NodeSettings.NOTARY_KEY_FILE));
            node = new Node(settings, services, data, notary, ReadingKeys.open(data), Joins.open(data), onClose);
            // What closed while the node was down may be counted by a method of a plugin.
            node.plugins.start();
            node.serve(ledger, folder);
            if (settings.network().isPresent()) {
                node.connect(settings.network().get());
            }
            node.door = Door.open(data, new JsonRpc(node.assembly, node.plugins));
            return node;
        } catch (AlthingException | RuntimeException e) {
            if (node != null) {
                node.close();
            }
            folder.close();
            throw e;
        }
    }

    private void connect(NetworkSettings settings) throws AlthingException {
        Network made = Network.start(settings, data, services.bundles(), services.configurations());
        joins.all().forEach(join -> join.peers().forEach(made::want));
        network = made;
        ProgressNews news =
                new ProgressNews(() -> replicas().stream().map(assembly::view).toList(), timer, listeners::catchingUp);
        owned.add(news);
        news.look();
    }

    // The ledger may be replaced while the node runs: what was above it is rebuilt.

    synchronized void attach(Ledger next) {
        if (closed || folder != null && ledger == next) {
            return;
        }
        detach();
        try {
            Ledger.Folder taken = next.open(data);
            absence = "the node replays its ledger; try again in a moment";
            try {
                serve(next, taken);
            } finally {
                if (folder != taken) {
                    taken.close();
                }
            }
        } catch (AlthingException e) {
            absence = String.valueOf(e.getMessage());
            LOG.warn("{}: {}", data, absence);
        }
    }

    synchronized void detach() {
        absence = "no ledger is installed at the moment; start bundle org.althing.ledger, or install another one";
        Ledger.Folder gone = folder;
        folder = null;
        ledger = null;
        unshare();
        for (Pipeline pipeline : pipelines.values()) {
            pipeline.close("the ledger is being replaced; hand it in again when `althing status` shows no problem");
            remember(pipeline.ledger());
        }
        pipelines.clear();
        unserved.clear();
        if (gone != null) {
            try {
                gone.close();
            } catch (AlthingException e) {
                LOG.warn("{}: {}", data, e.getMessage());
            }
        }
    }

    private void remember(DaoLedger left) {
        try {
            extents.put(left.dao(), Extent.of(left));
        } catch (AlthingException e) {
            LOG.warn("DAO {}: {}", left.dao(), e.getMessage());
        }
    }

    private synchronized void serve(Ledger from, Ledger.Folder taken) throws AlthingException {
        List<Cid> present = taken.daos();
        for (Cid dao : extents.keySet()) {
            if (!present.contains(dao)) {
                refuse(dao, missing("anything of it"));
            }
        }
        for (Cid dao : present) {
            try {
                DaoLedger store = taken.dao(dao);
                Extent before = extents.get(dao);
                Optional<String> missing = before == null ? Optional.empty() : before.missing(store);
                if (missing.isPresent()) {
                    refuse(dao, missing(missing.get()));
                } else if (store.has(dao)) {
                    serve(store);
                }
                // Without its charter it is but a founding that a crash cut short: nothing was acknowledged. Or it was
                // joined: see below.
            } catch (AlthingException e) {
                refuse(dao, e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("DAO {} cannot be replayed", dao, e);
                refuse(dao, "a bug in the node (" + e + "); report the log");
            }
        }
        for (Joins.Join join : joins.all()) {
            if (!unserved.containsKey(join.dao())) {
                begin(join, taken.dao(join.dao()));
            }
        }
        // Only now is the answer to a question about any of them the right one.
        ledger = from;
        folder = taken;
    }

    // What is exchanged with peers.

    /**
     * A DAO that is exchanged with peers.
     *
     * @param registrations of the services that this is done by
     */
    private record Shared(DaoReplica replica, List<ServiceRegistration<?>> registrations) {

        void take(BundleContext bundles, TopicValidator validator) {
            registrations.add(bundles.registerService(
                    TopicValidator.class, validator, new Hashtable<>(Map.of("topic", validator.topic()))));
        }
    }

    private DaoReplica share(DaoLedger store) throws AlthingException {
        Shared known = shared.get(store.dao());
        if (known != null) {
            return known.replica();
        }
        KeyRing ring = KeyRing.open(data, store.dao());
        return shared.computeIfAbsent(store.dao(), dao -> {
                    DaoReplica replica = new DaoReplica(store, desk, ring, reading, founder);
                    List<ServiceRegistration<?>> registrations = new ArrayList<>();
                    registrations.add(services.bundles()
                            .registerService(Replica.class, replica, new Hashtable<>(Map.of("dao", dao.toString()))));
                    Shared made = new Shared(replica, registrations);
                    Spreading.validators(replica, desk).forEach(each -> made.take(services.bundles(), each));
                    return made;
                })
                .replica();
    }

    private void unshare() {
        for (Shared each : shared.values()) {
            for (ServiceRegistration<?> registration : each.registrations()) {
                try {
                    registration.unregister();
                } catch (IllegalStateException e) {
                    LOG.debug("the bundle has stopped: {}", e.toString());
                }
            }
        }
        shared.clear();
    }

    private final DaoReplica.Founder founder = new DaoReplica.Founder() {
        @Override
        public Pipeline found(Checked.Genuine charter, DaoReplica replica) throws AlthingException {
            return Node.this.found(charter.entry());
        }

        @Override
        public void pinned(Cid dao) {
            workers.execute(() -> {
                try {
                    joins.pinned(dao);
                } catch (AlthingException e) {
                    LOG.warn("{}", e.getMessage());
                }
            });
        }
    };

    /** Joins a DAO, or adds what an invite says to one that is here. */
    synchronized void join(Joins.Join join) throws RefusedException, AlthingException {
        Network now = network;
        if (now == null) {
            throw new AlthingException(
                    "this node has no network; start it with --listen, such as: althing node --listen "
                            + "/ip4/0.0.0.0/tcp/4001");
        }
        String reason = unserved.get(join.dao());
        if (reason != null) {
            throw new AlthingException(reason);
        }
        if (!shared.containsKey(join.dao()) && shared.size() + unserved.size() >= Limits.DAOS_MAX) {
            throw new AlthingException("this node serves " + Limits.DAOS_MAX + " DAOs, and no more");
        }
        DaoReplica replica = share(folder().dao(join.dao()));
        if (join.pin().isPresent()) {
            try {
                replica.require(join.pin().get());
            } catch (AlthingException e) {
                throw new RefusedException(String.valueOf(e.getMessage()));
            }
        }
        joins.add(join).peers().forEach(now::want);
    }

    private void begin(Joins.Join join, DaoLedger store) throws AlthingException {
        DaoReplica replica = share(store);
        if (join.pin().isPresent()) {
            try {
                replica.require(join.pin().get());
            } catch (AlthingException e) {
                replica.problemsBySubject().put("chain", String.valueOf(e.getMessage()));
            }
        }
    }

    /** All DAOs that are exchanged with peers, ascending. */
    List<DaoReplica> replicas() {
        return shared.values().stream()
                .map(Shared::replica)
                .sorted(Comparator.comparing(DaoReplica::dao))
                .toList();
    }

    Optional<Network> network() {
        return Optional.ofNullable(network);
    }

    List<PeerView> peers() {
        return network()
                .map(now -> now.peers(services.gossip().get().map(Gossip::peers).orElse(List.of())))
                .orElse(List.of());
    }

    private static String missing(String what) {
        return "the ledger that is installed now does not hold " + what
                + "; install the one that does, or restore the data folder from a backup and restart the node";
    }

    private void refuse(Cid dao, String reason) {
        unserved.put(dao, "DAO " + dao + " is not served: " + reason);
        LOG.warn("DAO {} is not served: {}", dao, reason);
    }

    private Pipeline serve(DaoLedger store) throws AlthingException {
        Snapshots snapshots = snapshots(store.dao());
        KeyRing ring = share(store).ring();
        return serve(
                store,
                Replay.of(store, services.governance(), desk.verifier().signatures(), ring, workers, snapshots),
                snapshots);
    }

    private Pipeline serve(DaoLedger store, Replay.Replayed replayed, Snapshots snapshots) throws AlthingException {
        DaoReplica replica = share(store);
        Pipeline pipeline = new Pipeline(
                store,
                replayed,
                desk,
                snapshots,
                new ForkFile(data, store.dao()),
                replica.ring(),
                replica.observers(),
                replica.problemsBySubject());
        if (pipeline.isPrivate()) {
            // First, since it may fail: a DAO is served whole or not at all.
            Mailbox mailbox =
                    Mailbox.open(data, store.dao(), timer, desk.verifier().signatures());
            replica.keep(mailbox);
            Shared known = Objects.requireNonNull(shared.get(store.dao()));
            known.take(services.bundles(), new MessageTopic(replica, pipeline, mailbox, desk));
        }
        pipelines.put(store.dao(), pipeline);
        replica.serve(pipeline);
        pipeline.start();
        return pipeline;
    }

    private Snapshots snapshots(Cid dao) {
        return new Snapshots(data, dao, timer, snapshotWriter);
    }

    /** The pipeline of a DAO that this charter founds; it is ready to take the charter as its first entry. */
    synchronized Pipeline found(Entry charter) throws AlthingException {
        Pipeline known = pipelines.get(charter.cid());
        if (known != null) {
            return known;
        }
        String reason = unserved.get(charter.cid());
        if (reason != null) {
            throw new AlthingException(reason);
        }
        if (!shared.containsKey(charter.cid()) && shared.size() + unserved.size() >= Limits.DAOS_MAX) {
            throw new AlthingException(
                    "this node serves " + Limits.DAOS_MAX + " DAOs, and no more; found this one on another node");
        }
        return serve(
                folder().dao(charter.cid()), Replay.nothing(charter, services.governance()), snapshots(charter.cid()));
    }

    private Ledger.Folder folder() throws AlthingException {
        Ledger.Folder now = folder;
        if (closed || now == null) {
            throw new AlthingException(absence);
        }
        return now;
    }

    // For the assembly.

    /** Why a DAO is not served, if it is known here at all. */
    Optional<String> unserved(Cid dao) {
        return Optional.ofNullable(unserved.get(dao));
    }

    void requireServing() throws AlthingException {
        folder();
    }

    List<Ledger.DurableFile> durableFiles() throws AlthingException {
        return folder().durableFiles();
    }

    /** The group keys of a DAO, which need not be here yet. */
    KeyRing ring(Cid dao) throws AlthingException {
        Shared known = shared.get(dao);
        return known != null ? known.replica().ring() : KeyRing.open(data, dao);
    }

    Optional<Mailbox> mailbox(Cid dao) {
        return Optional.ofNullable(shared.get(dao))
                .flatMap(known -> known.replica().mailbox());
    }

    ReadingKeys reading() {
        return reading;
    }

    String version() {
        return services.version();
    }

    long startedMillis() {
        return startedMillis;
    }

    Optional<Pipeline> pipeline(Cid dao) {
        return Optional.ofNullable(pipelines.get(dao));
    }

    List<Pipeline> pipelines() {
        return pipelines.values().stream()
                .sorted(Comparator.comparing(pipeline -> pipeline.ledger().dao()))
                .toList();
    }

    /** @param shown of which DAOs; of one that is not even read nobody knows whether it is for everybody */
    List<String> problems(Predicate<DaoReplica> shown, boolean withUnserved) {
        List<String> problems = new ArrayList<>();
        if (withUnserved) {
            problems.addAll(unserved.values());
        } else if (!unserved.isEmpty()) {
            problems.add(unserved.size() + " of the DAOs here cannot be served; `althing status` on the node says why");
        }
        if (folder == null) {
            problems.add(absence);
        }
        Optional<TallyEngine> tally = services.tally().get();
        if (tally.isEmpty()) {
            problems.add("no tally engine is installed at the moment; counts wait until bundle org.althing.tally runs,"
                    + " or another one");
        }
        problems.addAll(plugins.problems());
        further.forEach(source -> problems.addAll(source.get()));
        List<DaoReplica> daos = replicas().stream().filter(shown).toList();
        daos.forEach(replica -> problems.addAll(replica.problems()));
        network().ifPresent(now -> problems.addAll(now.problems()));
        if (network().flatMap(Network::host).isPresent()) {
            problems.addAll(missingExchange());
        }
        tally.ifPresent(engine -> problems.addAll(missingMethods(engine, daos)));
        return problems;
    }

    /** What peers are exchanged with by; without a transport neither can run, and that is said already. */
    private List<String> missingExchange() {
        List<String> missing = new ArrayList<>();
        if (services.gossip().get().isEmpty()) {
            missing.add(
                    "no gossip is installed at the moment; what is new goes to peers by entry sync alone until bundle"
                            + " org.althing.gossip runs, or another one");
        }
        if (services.syncing().get().isEmpty()) {
            missing.add("no entry sync is installed at the moment; what was missed is not caught up with until bundle"
                    + " org.althing.gossip runs, or another one");
        }
        return missing;
    }

    /** The voting methods that proposals wait for. */
    private static List<String> missingMethods(TallyEngine tally, List<DaoReplica> daos) {
        Set<String> installed = tally.methods().stream()
                .map(method -> named(method.id(), method.version()))
                .collect(Collectors.toSet());
        return daos.stream()
                .flatMap(dao -> dao.pipeline().stream())
                .flatMap(pipeline -> pipeline.summary().open().stream())
                .map(proposal -> named(
                        MethodId.parse(proposal.body().method()).id(),
                        proposal.body().methodVersion()))
                .filter(method -> !installed.contains(method))
                .distinct()
                .sorted()
                .map(method -> "voting method " + method
                        + ", which an open proposal is counted by, is not installed; start the bundle that has it")
                .toList();
    }

    private static String named(String method, int version) {
        return method + " version " + version;
    }

    void servicesChanged() {
        pipelines.values().forEach(Pipeline::servicesChanged);
    }

    @Override
    public Assembly assembly() {
        return assembly;
    }

    @Override
    public Assembly publicAssembly() {
        return publicAssembly;
    }

    @Override
    public Feed publicFeed() {
        return listener -> listeners.subscribe(happening -> {
            Shared from = shared.get(Cid.parse(happening.dao()));
            if (from != null && from.replica().isPublic()) {
                listener.accept(happening);
            }
        });
    }

    @Override
    public Plugins plugins() {
        return plugins;
    }

    @Override
    public Feed feed() {
        return listeners;
    }

    @Override
    public Feed.Subscription addProblems(Supplier<List<String>> source) {
        Supplier<List<String>> own = source::get;
        further.add(own);
        return () -> further.remove(own);
    }

    @Override
    public Path data() {
        return data;
    }

    @Override
    public synchronized Path socket() {
        if (door == null) {
            throw new IllegalStateException("the node has no door yet");
        }
        return door.socket();
    }

    @Override
    public PublicKey notary() {
        return notary.key();
    }

    @Override
    public void close() throws AlthingException {
        Ledger.Folder gone;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            absence = "the node on " + data + " has stopped; start it again with: althing node --data " + data;
            gone = folder;
            folder = null;
        }
        if (door != null) {
            door.close();
        }
        network().ifPresent(Network::close);
        unshare();
        pipelines.values().forEach(pipeline -> pipeline.close(absence));
        plugins.close();
        for (AutoCloseable thing : owned) {
            closeOwned(thing);
        }
        listeners.clear();
        onClose.accept(this);
        if (gone != null) {
            gone.close();
        }
    }

    private static void closeOwned(AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception e) {
            LOG.warn("could not be closed: {}", thing, e);
        }
    }
}
