// SPDX-License-Identifier: EPL-2.0
package org.althing.notary.internal;

import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.Signer;
import org.althing.api.governance.Notary;
import org.althing.api.notary.SealingEngine;
import org.althing.api.notary.SealingProtocol;
import org.osgi.service.component.annotations.Component;

/** Sealing for DAOs with one notary: it is its own quorum, so a seal is final as soon as it is signed. */
@Component
public final class SoloProtocol implements SealingProtocol {

    @Override
    public String name() {
        return "solo";
    }

    @Override
    public Optional<String> refuse(List<Notary> notaries) {
        return notaries.size() == 1
                ? Optional.empty()
                : Optional.of("protocol solo seals with one notary, not with " + notaries.size()
                        + "; name one, or install a protocol for several");
    }

    @Override
    public SealingEngine engine(Cid dao, Signer key) {
        return new SoloEngine(dao, key);
    }
}
