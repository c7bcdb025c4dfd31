// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import org.jspecify.annotations.Nullable;

/** A command cannot go on. The message is the one line that the user sees: what is wrong, where, and what to do. */
public final class Failure extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode exit;

    private Failure(ExitCode exit, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exit = exit;
    }

    /** Bad usage or input. */
    public static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message, null);
    }

    /** The answer is no. */
    public static Failure no(String message) {
        return new Failure(ExitCode.NO, message, null);
    }

    /** Disk, node or bundle failed. */
    public static Failure environment(String message) {
        return new Failure(ExitCode.ENVIRONMENT, message, null);
    }

    /** Disk, node or bundle failed. */
    public static Failure environment(String message, Throwable cause) {
        return new Failure(ExitCode.ENVIRONMENT, message, cause);
    }

    public ExitCode exit() {
        return exit;
    }
}
