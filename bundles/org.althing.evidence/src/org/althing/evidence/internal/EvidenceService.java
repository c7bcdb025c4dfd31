// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.evidence.Evidence;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Governance;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.tally.TallyEngine;
import org.althing.codec.Ed25519;
import org.althing.codec.GroupKeys;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Evidence files; the format is described in docs/formats/evidence.cddl. Safe for use by many threads. */
@Component
public final class EvidenceService implements Evidence {

    private final Governance governance;
    private final Verifier verifier;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public EvidenceService(@Reference Governance governance, @Reference TallyEngine engine) {
        this.governance = governance;
        this.verifier = new Verifier(governance, engine, Ed25519.fastest(), ForkJoinPool.commonPool());
    }

    @Override
    public long write(DaoLedger ledger, DaoState state, Optional<Cid> proposal, List<byte[]> groupKeys, Path target)
            throws AlthingException {
        return new EvidenceWriter(governance, verifier, ledger, GroupKeys.of(groupKeys))
                .write(state, proposal, target, random.nextLong());
    }

    @Override
    public Report verify(Path file, Optional<Cid> dao, Optional<Cid> seal) throws IOException {
        return verifier.verify(file, new Verifier.Known(dao, seal), random.nextLong());
    }
}
