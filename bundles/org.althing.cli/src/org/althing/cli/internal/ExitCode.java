// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

/** What the process says when it ends; a contract with scripts. */
public enum ExitCode {
    /** All went well, and the answer is yes. */
    FINE(0),
    /** The command worked; the answer is no. */
    NO(1),
    /** Bad usage or bad input. */
    USAGE(2),
    /** Disk, node, bundle or program failed. */
    ENVIRONMENT(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
