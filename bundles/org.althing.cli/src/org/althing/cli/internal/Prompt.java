// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.Optional;

/** Asks the person at the terminal. */
public interface Prompt {

    /** Nobody is there. */
    Prompt NOBODY = question -> Optional.empty();

    /**
     * Asks for something secret; what is typed is not shown.
     *
     * @return empty if nobody is there or the input has ended
     */
    Optional<char[]> secret(String question);

    /**
     * Asks for something that may be seen.
     *
     * @return empty if nobody is there or the input has ended
     */
    default Optional<String> line(String question) {
        return secret(question).map(String::new);
    }
}
