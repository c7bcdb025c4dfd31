// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import org.althing.api.AlthingException;

/** A peer could not be reached, or does not speak the protocol; an ordinary event of a network. Without a stack trace. */
public final class UnreachableException extends AlthingException {

    private static final long serialVersionUID = 1L;

    /** @param message one line: who or where, and why */
    public UnreachableException(String message) {
        super(message, null);
        setStackTrace(new StackTraceElement[0]);
    }
}
