// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import org.althing.api.ledger.DamagedException;
import org.althing.api.ledger.DaoLedger.Damage;

/** The words for damage. */
final class Damaged {

    static final String CHECKSUM = "its checksum does not match";
    static final String HASH = "it does not have the hash that names it";

    private Damaged() {}

    static DamagedException exception(Damage damage) {
        return new DamagedException(damage.what() + " is damaged in "
                + (damage.file().isEmpty() ? "the log" : damage.file()) + " at offset " + damage.offsetBytes() + ": "
                + damage.reason() + ". Connect to peers that hold it, or restore the data folder from a backup");
    }
}
