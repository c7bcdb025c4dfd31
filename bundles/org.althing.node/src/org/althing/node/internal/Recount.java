// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Governance;
import org.althing.api.governance.ProposalState;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.TallyEngine.BallotSource;
import org.althing.api.tally.TallyEngine.Sink;
import org.althing.api.tally.UnknownMethodException;
import org.althing.codec.BallotReader;
import org.althing.codec.EntryCodec;
import org.althing.codec.GroupKeys;
import org.althing.codec.MalformedException;

/** Counts the ballots of a proposal as the ledger holds them. */
final class Recount {

    /** Ballots that one thread reads at a time. */
    private static final int PART_BALLOTS = 8192;

    private Recount() {}

    private record Cast(Cid ballot, BigInteger power) {}

    /**
     * Counts the ballots that count in this state.
     *
     * @throws UnknownMethodException if no bundle here counts by the proposal's method
     * @throws AlthingException if the ledger is damaged, or the method refuses the question
     */
    static Tally count(
            DaoState state,
            ProposalState proposal,
            DaoLedger ledger,
            GroupKeys keys,
            Governance governance,
            TallyEngine engine)
            throws AlthingException {
        Cid openingSeal = ledger.seal(proposal.openedAt())
                .orElseThrow(() -> new AlthingException("the seal at height " + proposal.openedAt() + " is missing"))
                .cid();
        MethodId method = MethodId.parse(proposal.body().method());
        boolean installed = engine.method(method.id())
                .filter(m -> m.version() == proposal.body().methodVersion())
                .isPresent();
        if (!installed) {
            throw new UnknownMethodException(
                    method + " version " + proposal.body().methodVersion());
        }
        List<Cast> casts = new ArrayList<>();
        state.ballots(proposal.proposal(), ballot -> casts.add(new Cast(ballot.ballot(), ballot.power())));
        try {
            return engine.count(
                    method,
                    governance.question(proposal, openingSeal),
                    new FromLedger(ledger, state.groupKeys().isEmpty() ? GroupKeys.NONE : keys, casts));
        } catch (IllegalArgumentException e) {
            throw new AlthingException("voting method " + method + " refuses the question: " + e.getMessage(), e);
        } catch (Unreadable e) {
            throw e.reason();
        }
    }

    /** @param keys of a private DAO */
    private record FromLedger(DaoLedger ledger, GroupKeys keys, List<Cast> casts) implements BallotSource {

        @Override
        public int parts() {
            return Math.max(1, (casts.size() + PART_BALLOTS - 1) / PART_BALLOTS);
        }

        @Override
        public void read(int part, Sink sink) {
            BallotPaper paper = new BallotPaper();
            for (Cast cast : casts.subList(part * PART_BALLOTS, Math.min((part + 1) * PART_BALLOTS, casts.size()))) {
                readChoice(cast.ballot(), paper);
                paper.setPower(cast.power(), 1);
                sink.accept(paper);
            }
        }

        private void readChoice(Cid ballot, BallotPaper paper) {
            try {
                byte[] bytes =
                        ledger.entry(ballot).orElseThrow(() -> new AlthingException("entry " + ballot + " is missing"));
                if (keys == GroupKeys.NONE) {
                    BallotReader.readEntry(bytes, 0, bytes.length, paper);
                } else if (keys.show(EntryCodec.decode(bytes)).body() instanceof Body.Ballot opened) {
                    paper.setChoice(opened.choice());
                } else {
                    throw new AlthingException("entry " + ballot + " cannot be opened");
                }
            } catch (MalformedException e) {
                throw new Unreadable(new AlthingException("entry " + ballot + " cannot be read: " + e.getMessage()));
            } catch (AlthingException e) {
                throw new Unreadable(e);
            }
        }
    }
}
