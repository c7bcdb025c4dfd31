// SPDX-License-Identifier: EPL-2.0
package org.althing.api.assembly;

/** The request is against the rules or makes no sense; nothing was changed. The message is one line for the user. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
