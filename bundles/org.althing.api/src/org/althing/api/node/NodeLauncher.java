// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import org.althing.api.AlthingException;

/** Starts nodes in this process; a service. Safe for use by many threads. */
public interface NodeLauncher {

    /**
     * Starts a node and returns when it serves: every DAO of its folder is replayed and checked, its notary seals, its socket listens.
     *
     * @throws AlthingException if the folder is served by another node, cannot be written or is of another version; the message says which
     *     and what to do. What is wrong with a single DAO does not stop the node: {@code status} tells
     */
    RunningNode start(NodeSettings settings) throws AlthingException;
}
