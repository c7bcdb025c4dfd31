// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit;

import org.althing.api.ledger.Ledger;
import org.althing.testkit.contract.LedgerContract;

final class MemoryLedgerTest extends LedgerContract {

    @Override
    protected Ledger provider() {
        return new MemoryLedger();
    }
}
