// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

/** Nothing further can be checked. A value that happens to unwind: no stack trace. */
final class Stopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final ClaimKind claim;
    final String reason;

    Stopped(ClaimKind claim, String reason) {
        super(reason, null, false, false);
        this.claim = claim;
        this.reason = reason;
    }
}
