// SPDX-License-Identifier: EPL-2.0
package org.althing.api.notary;

import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.Signer;
import org.althing.api.governance.Notary;

/**
 * How notaries agree. A service, so that another protocol can replace this one in a running node; the formats of headers, votes and
 * certificates stay the same.
 */
public interface SealingProtocol {

    /** The protocol's name, for the status page. */
    String name();

    /** Why this protocol cannot seal for such a set; empty if it can. Asked when a DAO is founded, and when its notaries are to change. */
    default Optional<String> refuse(List<Notary> notaries) {
        return Optional.empty();
    }

    /**
     * An engine for one DAO on one node. Engines are pure state machines: not thread-safe, no I/O, no clock of their own.
     *
     * @param key the notary key of this node
     */
    SealingEngine engine(Cid dao, Signer key);
}
