// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.sync.Replica.Fork;

/** Where goes what this node has first: what its members handed in, what its notary sealed, forks that it found. Called when it is durable. */
interface Outbox {

    void entries(Cid dao, List<byte[]> entries);

    void sealed(Cid dao, Seal seal);

    void forked(Cid dao, Fork fork);

    void message(Cid dao, byte[] message);
}
