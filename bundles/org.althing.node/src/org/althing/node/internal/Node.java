// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly;
import org.althing.api.entry.Entry;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.Feed;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.api.node.Timer;
import org.althing.codec.Ed25519;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: a folder, a notary key, a pipeline for each DAO, a local door. */
final class Node implements RunningNode {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Path data;
    private final Services services;
    private final Consumer<Node> onClose;
    private final Signer notary;
    private final Timer timer;
    private final long startedMillis;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final ExecutorService workers;
    private final Listeners listeners = new Listeners();
    private final Desk desk;
    private final NodeAssembly assembly;
    private final Map<Cid, Pipeline> pipelines = new ConcurrentHashMap<>();
    /** DAOs that are not served, and why. */
    private final Map<Cid, String> unserved = new ConcurrentHashMap<>();

    private volatile Ledger.@Nullable Folder folder;
    private volatile String absence = "the node is starting";
    private volatile boolean closed;
    private @Nullable Door door;

    private Node(NodeSettings settings, Services services, Path data, Signer notary, Consumer<Node> onClose) {
        this.data = data;
        this.services = services;
        this.onClose = onClose;
        this.notary = notary;
        this.timer = settings.timer().orElseGet(() -> own(new SystemTimer()));
        this.startedMillis = timer.millis();
        int processors = Runtime.getRuntime().availableProcessors();
        this.workers = Executors.newFixedThreadPool(
                processors,
                Thread.ofPlatform().daemon().name("althing-worker-", 0).factory());
        ExecutorService counters = Executors.newFixedThreadPool(
                Limits.COUNTERS_MAX,
                Thread.ofPlatform().daemon().name("althing-count-", 0).factory());
        owned.add(workers::shutdown);
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
                listeners);
        this.assembly = new NodeAssembly(this, desk);
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
            node = new Node(settings, services, data, notary, onClose);
            node.serve(folder);
            node.door = Door.open(data, node.assembly);
            return node;
        } catch (AlthingException | RuntimeException e) {
            if (node == null) {
                folder.close();
            } else {
                node.close();
            }
            throw e;
        }
    }

    // The ledger may be replaced while the node runs: what was above it is rebuilt.

    synchronized void attach(Ledger ledger) {
        if (closed || folder != null) {
            return;
        }
        try {
            serve(ledger.open(data));
        } catch (AlthingException e) {
            absence = e.getMessage();
            LOG.warn("{}: {}", data, absence);
        }
    }

    synchronized void detach() {
        absence = "no ledger is installed at the moment; start bundle org.althing.ledger, or install another one";
        Ledger.Folder gone = folder;
        folder = null;
        pipelines.values().forEach(Pipeline::close);
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

    private synchronized void serve(Ledger.Folder taken) throws AlthingException {
        folder = taken;
        for (Cid dao : taken.daos()) {
            try {
                DaoLedger ledger = taken.dao(dao);
                if (ledger.has(dao)) {
                    serve(ledger);
                }
                // Without its charter it is but a founding that a crash cut short: nothing was acknowledged.
            } catch (AlthingException e) {
                refuse(dao, e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("DAO {} cannot be replayed", dao, e);
                refuse(dao, "a bug in the node (" + e + "); report the log");
            }
        }
    }

    private void refuse(Cid dao, String reason) {
        unserved.put(dao, "DAO " + dao + " is not served: " + reason);
        LOG.warn("DAO {} is not served: {}", dao, reason);
    }

    private Pipeline serve(DaoLedger ledger) throws AlthingException {
        Pipeline pipeline = new Pipeline(
                ledger, Replay.of(ledger, services.governance(), desk.verifier().signatures(), workers), desk);
        pipelines.put(ledger.dao(), pipeline);
        pipeline.start();
        return pipeline;
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
        if (pipelines.size() + unserved.size() >= Limits.DAOS_MAX) {
            throw new AlthingException(
                    "this node serves " + Limits.DAOS_MAX + " DAOs, and no more; found this one on another node");
        }
        DaoLedger ledger = folder().dao(charter.cid());
        Pipeline pipeline = new Pipeline(ledger, Replay.nothing(charter, services.governance()), desk);
        pipelines.put(charter.cid(), pipeline);
        return pipeline;
    }

    private Ledger.Folder folder() throws AlthingException {
        Ledger.Folder now = folder;
        if (closed || now == null) {
            throw new AlthingException(absence);
        }
        return now;
    }

    // For the assembly.

    void requireServing() throws AlthingException {
        folder();
    }

    List<Ledger.DurableFile> durableFiles() throws AlthingException {
        return folder().durableFiles();
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

    List<String> problems() {
        List<String> problems = new ArrayList<>(unserved.values());
        if (folder == null) {
            problems.add(absence);
        }
        pipelines().forEach(pipeline -> problems.addAll(pipeline.problems()));
        return problems;
    }

    void servicesChanged() {
        pipelines.values().forEach(Pipeline::servicesChanged);
    }

    @Override
    public Assembly assembly() {
        return assembly;
    }

    @Override
    public Feed feed() {
        return listeners;
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
        pipelines.values().forEach(Pipeline::close);
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
