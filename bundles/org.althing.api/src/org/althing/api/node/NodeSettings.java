// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node needs to know before it starts.
 *
 * @param data its folder, created if absent: ledgers, notary key, socket
 * @param timer the node's time; empty for that of this machine
 */
public record NodeSettings(Path data, Optional<Timer> timer) {

    /** The notary key, in the data folder. */
    public static final String NOTARY_KEY_FILE = "notary.key";
    /** The folder of what spares a start the history, in the data folder; made from the ledger, so no part of a backup. */
    public static final String SNAPSHOTS_FOLDER = "snapshots";

    /** A node on this folder, by the time of this machine. */
    public static NodeSettings of(Path data) {
        return new NodeSettings(data, Optional.empty());
    }
}
