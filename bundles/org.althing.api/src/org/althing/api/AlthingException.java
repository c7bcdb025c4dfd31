// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import org.jspecify.annotations.Nullable;

/**
 * The environment, not the program, failed: a disk, a file, a missing bundle. The message is one line for the user: what is wrong and
 * what to do.
 */
public class AlthingException extends Exception {

    private static final long serialVersionUID = 1L;

    public AlthingException(String message) {
        super(message);
    }

    public AlthingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
