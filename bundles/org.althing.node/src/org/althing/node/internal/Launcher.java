// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.althing.api.AlthingException;
import org.althing.api.evidence.Evidence;
import org.althing.api.gossip.Gossip;
import org.althing.api.governance.Governance;
import org.althing.api.identity.Keystore;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.api.notary.SealingProtocol;
import org.althing.api.sync.Syncing;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.VotingMethod;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts nodes, and tells the running ones when a bundle comes or goes: without a ledger a node waits, with a new one it replays; without a
 * sealing protocol it keeps entries pending; without a tally engine it leaves counts open.
 */
@Component(service = NodeLauncher.class)
public final class Launcher implements NodeLauncher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private final Services services;
    private final List<Node> nodes = new CopyOnWriteArrayList<>();

    private volatile @Nullable Ledger ledger;
    private volatile @Nullable SealingProtocol protocol;
    private volatile @Nullable TallyEngine tally;
    private volatile @Nullable Evidence evidence;
    private volatile @Nullable Syncing syncing;
    private volatile @Nullable Gossip gossip;

    @Activate
    public Launcher(
            BundleContext context,
            @Reference Governance governance,
            @Reference Keystore keystore,
            @Reference ConfigurationAdmin configurations) {
        services = new Services(
                context.getBundle().getVersion().toString(),
                context,
                governance,
                keystore,
                () -> Optional.ofNullable(protocol),
                () -> Optional.ofNullable(tally),
                () -> Optional.ofNullable(evidence),
                () -> Optional.ofNullable(syncing),
                () -> Optional.ofNullable(gossip),
                configurations);
    }

    @Override
    public RunningNode start(NodeSettings settings) throws AlthingException {
        Ledger store = ledger;
        if (store == null) {
            throw new AlthingException(
                    "no ledger is installed; start bundle org.althing.ledger, or install another one");
        }
        Node node = Node.start(settings, services, store, nodes::remove);
        nodes.add(node);
        Ledger now = ledger;
        if (now == null) {
            node.detach();
        } else {
            node.attach(now); // It may have been replaced meanwhile.
        }
        return node;
    }

    @Deactivate
    void deactivate() {
        for (Node node : nodes) {
            try {
                node.close();
            } catch (AlthingException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setLedger(Ledger service) {
        // The component runtime binds the next provider before it takes the last one away.
        ledger = service;
        nodes.forEach(node -> node.attach(service));
    }

    void unsetLedger(Ledger service) {
        if (ledger == service) {
            ledger = null;
            nodes.forEach(Node::detach);
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setProtocol(SealingProtocol service) {
        protocol = service;
        nodes.forEach(Node::servicesChanged);
    }

    void unsetProtocol(SealingProtocol service) {
        if (protocol == service) {
            protocol = null;
            nodes.forEach(Node::servicesChanged);
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setTally(TallyEngine service) {
        tally = service;
        nodes.forEach(Node::servicesChanged);
    }

    void unsetTally(TallyEngine service) {
        if (tally == service) {
            tally = null;
            nodes.forEach(Node::servicesChanged);
        }
    }

    /** The engine knows the methods; here it only matters that one has come, since a count may have waited for it. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addMethod(VotingMethod method) {
        nodes.forEach(Node::servicesChanged);
    }

    void removeMethod(VotingMethod method) {
        nodes.forEach(Node::servicesChanged);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setSyncing(Syncing service) {
        syncing = service;
    }

    void unsetSyncing(Syncing service) {
        if (syncing == service) {
            syncing = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setGossip(Gossip service) {
        gossip = service;
    }

    void unsetGossip(Gossip service) {
        if (gossip == service) {
            gossip = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setEvidence(Evidence service) {
        evidence = service;
    }

    void unsetEvidence(Evidence service) {
        if (evidence == service) {
            evidence = null;
        }
    }
}
