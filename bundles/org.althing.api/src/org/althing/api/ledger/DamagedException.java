// SPDX-License-Identifier: EPL-2.0
package org.althing.api.ledger;

import org.althing.api.AlthingException;

/** What was written is no longer what is read. The message names the entry or seal, the file and what to do. */
public final class DamagedException extends AlthingException {

    private static final long serialVersionUID = 1L;

    public DamagedException(String message) {
        super(message);
    }
}
