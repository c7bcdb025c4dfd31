// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;

/** A proposal between seals, with the trees that its record links. */
record Held(
        ProposalState state,
        Table<PublicKey, Member> electorate,
        Table<PublicKey, CountingBallot> ballots,
        Table<Cid, PublicKey> comments) {}
