// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;

/** One format of ballot files. Implementations keep no state. */
interface BallotFormat {

    /**
     * Whether a file is of this format.
     *
     * @param head its first lines that are not empty, stripped; at least one
     */
    boolean recognises(List<String> head);

    /** Reads a file from its beginning. */
    BallotFile read(InputStream in) throws IOException, UnreadableException;
}
