// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import org.althing.api.AlthingException;

/** No bundle that is installed can count by the wanted rule. */
public final class UnknownMethodException extends AlthingException {

    private static final long serialVersionUID = 1L;

    public UnknownMethodException(String message) {
        super(message);
    }
}
