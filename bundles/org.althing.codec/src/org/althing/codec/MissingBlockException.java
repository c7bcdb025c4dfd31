// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import org.althing.api.Cid;

/** A block that others link to is not at hand; once it is, the same call may succeed. */
public final class MissingBlockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Cid cid;

    /** Names the block. */
    public MissingBlockException(Cid cid) {
        super("missing block " + cid, null, false, false);
        this.cid = cid;
    }

    /** The name of the block that is missing. */
    public Cid cid() {
        return cid;
    }
}
