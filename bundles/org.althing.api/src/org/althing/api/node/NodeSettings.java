// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node needs to know before it starts.
 *
 * @param data its folder, created if absent: ledgers, notary key, socket
 * @param timer the node's time; empty for that of this machine
 * @param network how it takes part in the network; empty if it does not
 */
public record NodeSettings(Path data, Optional<Timer> timer, Optional<NetworkSettings> network) {

    /** The notary key, in the data folder. */
    public static final String NOTARY_KEY_FILE = "notary.key";

    /** The reading key, in the data folder: by it the node reads private DAOs. */
    public static final String READING_KEY_FILE = "reading.key";

    /** The folder of the messages between members of private DAOs, in the data folder. */
    public static final String MESSAGES_FOLDER = "messages";

    /** The folder of the group keys of private DAOs, in the data folder. */
    public static final String GROUPS_FOLDER = "groups";
    /** The folder of what spares a start the history, in the data folder; made from the ledger, so no part of a backup. */
    public static final String SNAPSHOTS_FOLDER = "snapshots";
    /** The folder of the proofs that keys have signed two entries with one number, in the data folder; each until a seal has it. */
    public static final String FORKS_FOLDER = "forks";

    /** A node without a network. */
    public NodeSettings(Path data, Optional<Timer> timer) {
        this(data, timer, Optional.empty());
    }

    /** A node on this folder, by the time of this machine, without a network. */
    public static NodeSettings of(Path data) {
        return new NodeSettings(data, Optional.empty());
    }

    /** The same in the network. */
    public NodeSettings in(NetworkSettings settings) {
        return new NodeSettings(data, timer, Optional.of(settings));
    }
}
