// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Governance;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.seal.SealHeader;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The rules of governance as this house has them. */
@Component
public final class GovernanceService implements Governance {

    private final Ed25519 signatures;

    @Activate
    public GovernanceService() {
        this(Ed25519.fastest());
    }

    /**
     * For use without a container.
     *
     * @param signatures checks the proofs inside entries; all providers have the same verdicts
     */
    public GovernanceService(Ed25519 signatures) {
        this.signatures = signatures;
    }

    @Override
    public DaoState genesis(Entry charter) {
        if (!(charter.body() instanceof Body.Charter body)) {
            throw new IllegalArgumentException("entry " + charter.cid() + " is no charter");
        }
        refuse(body).ifPresent(reason -> {
            throw new IllegalArgumentException("the charter founds no DAO: " + reason);
        });
        if (!charter.key().equals(body.founders().getFirst().root())
                || charter.sequence() != 0
                || charter.dao() != null) {
            throw new IllegalArgumentException("the charter must be the first entry of its first founder's root key");
        }
        return State.genesis(signatures, charter, Core.genesis(charter.cid(), body));
    }

    @Override
    public DaoState resume(
            Entry charter, SealHeader header, Cid seal, Function<Cid, Entry> entries, Supplier<byte[]> items)
            throws CannotResumeException {
        if (!(charter.body() instanceof Body.Charter body)) {
            throw new IllegalArgumentException("entry " + charter.cid() + " is no charter");
        }
        try {
            Stored stored = new Stored(charter.cid(), body, header, seal, entries, items);
            Core core = stored.core();
            return State.resumed(signatures, charter, core, header, seal, stored.seals());
        } catch (MalformedException e) {
            throw new CannotResumeException(e.getMessage());
        }
    }

    @Override
    public Optional<String> refuse(Body.Charter charter) {
        return Charters.refuse(charter, signatures);
    }

    @Override
    public Question question(ProposalState proposal, Cid openingSeal) {
        return Outcomes.question(proposal, openingSeal);
    }

    @Override
    public Decision decide(ProposalState proposal, Tally tally) {
        return Outcomes.decide(proposal, tally);
    }

    @Override
    public Cid setHash(List<Notary> notaries) {
        return RulesCodec.setHash(notaries);
    }
}
