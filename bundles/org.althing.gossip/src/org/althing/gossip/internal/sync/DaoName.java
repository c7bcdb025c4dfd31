// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.codec.CborWriter;

/**
 * What a DAO is called between two peers, so that who does not know it learns nothing of it: neither which DAOs a peer has, nor whether two peers have the same.
 */
final class DaoName {

    private static final String TAG = "althing-dao-1";

    private DaoName() {}

    /** The name in requests of one peer to another: the CID of the canonical [tag, dao, asking, asked]. */
    static Cid of(Cid dao, PeerId asking, PeerId asked) {
        return Cid.hash(new CborWriter(160)
                .list(4)
                .text(TAG)
                .link(dao)
                .bytes(asking.toBytes())
                .bytes(asked.toBytes())
                .toBytes());
    }
}
