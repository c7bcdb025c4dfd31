// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.security.SecureRandom;
import org.althing.api.ledger.Ledger;
import org.althing.testkit.contract.LedgerContract;
import org.junit.jupiter.api.Nested;

/** The contract, with the sizes that we ship and with the smallest, so that queues fill up and segments end all the time. */
final class LogLedgerTest {

    @Nested
    final class AsShipped extends LedgerContract {
        @Override
        protected Ledger provider() {
            return new LogLedger();
        }
    }

    @Nested
    final class Small extends LedgerContract {
        @Override
        protected Ledger provider() {
            return new LogLedger(
                    new FileDisk(), new Limits(Limits.SEGMENT_SIZE_MIN_BYTES, 4000), new SecureRandom()::nextLong);
        }
    }
}
