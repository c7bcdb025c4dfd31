// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Optional;
import java.util.function.Supplier;
import org.althing.api.evidence.Evidence;
import org.althing.api.gossip.Gossip;
import org.althing.api.governance.Governance;
import org.althing.api.identity.Keystore;
import org.althing.api.notary.SealingProtocol;
import org.althing.api.sync.Syncing;
import org.althing.api.tally.TallyEngine;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** The services that nodes are made of; those that may come and go are asked for each time. */
record Services(
        String version,
        BundleContext bundles,
        Governance governance,
        Keystore keystore,
        Supplier<Optional<SealingProtocol>> protocol,
        Supplier<Optional<TallyEngine>> tally,
        Supplier<Optional<Evidence>> evidence,
        Supplier<Optional<Syncing>> syncing,
        Supplier<Optional<Gossip>> gossip,
        ConfigurationAdmin configurations) {}
