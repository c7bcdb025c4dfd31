// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

/**
 * What a peer sent breaks the rules, so that its stream or connection must end. Unchecked, so that state machines compose, and without a
 * stack trace, so that bad bytes cost no more than good ones; the shell catches it where bytes come in.
 */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final End end;

    Violation(End end, String reason) {
        super(reason, null, false, false);
        this.end = end;
    }

    End end() {
        return end;
    }

    /** The reason, for a person. */
    String reason() {
        return end.kind() + ": " + getMessage();
    }
}
