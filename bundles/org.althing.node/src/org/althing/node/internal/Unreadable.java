// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import org.althing.api.AlthingException;

/** Carries a failure of the ledger through callbacks that cannot throw it. */
final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final AlthingException reason;

    Unreadable(AlthingException reason) {
        super(reason);
        this.reason = reason;
    }

    AlthingException reason() {
        return reason;
    }
}
