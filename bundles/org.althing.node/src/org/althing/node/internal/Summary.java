// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.math.BigInteger;
import java.util.List;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;

/**
 * What everybody asks of a state and takes a walk through all of it, so that it is made once for each.
 *
 * @param members those who are active
 * @param power theirs, in units
 * @param proposals how many there ever were
 * @param open those that have not ended
 */
record Summary(DaoState state, int members, BigInteger power, int proposals, List<ProposalState> open) {

    static Summary of(DaoState state) {
        List<Member> active = state.members().stream().filter(Member::active).toList();
        List<ProposalState> proposals = state.proposals();
        return new Summary(
                state,
                active.size(),
                active.stream().map(Member::power).reduce(BigInteger.ZERO, BigInteger::add),
                proposals.size(),
                proposals.stream()
                        .filter(proposal -> !proposal.status().ended())
                        .toList());
    }
}
