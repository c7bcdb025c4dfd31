// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.UnknownMethodException;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Counts with the methods that are there at the moment: a bundle with a method may come and go while the node runs. */
@Component(service = TallyEngine.class)
public final class DynamicTallyEngine implements TallyEngine {

    /** Of two providers of one method the one with the higher version counts, whichever came first. */
    private static final Comparator<VotingMethod> ORDER =
            Comparator.comparing(VotingMethod::id).thenComparing(VotingMethod::version, Comparator.reverseOrder());

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<VotingMethod> installed = List.of();

    /** For the component runtime, which injects the methods. */
    @Activate
    public DynamicTallyEngine() {}

    /** An engine of a fixed set of methods. */
    DynamicTallyEngine(List<VotingMethod> methods) {
        installed = List.copyOf(methods);
    }

    @Override
    public List<VotingMethod> methods() {
        return installed.stream().sorted(ORDER).toList();
    }

    @Override
    public Tally count(MethodId method, Question question, BallotSource ballots) throws UnknownMethodException {
        return new BallotCount(Rule.of(this, method), question).count(ballots, BigInteger.ZERO);
    }
}
