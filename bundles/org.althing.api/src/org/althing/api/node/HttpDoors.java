// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.net.URI;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;

/** Opens HTTP doors to nodes that run in this process; a service. Safe for use by many threads. */
public interface HttpDoors {

    /**
     * Opens a door: on return it answers.
     *
     * @throws RefusedException if the certificate or its key cannot be used; the message says which file, why and what to do
     * @throws AlthingException if the address cannot be listened on, e.g. since somebody else does; the message says which and what to do
     */
    HttpDoor open(RunningNode node, HttpSettings settings) throws RefusedException, AlthingException;

    /** An open door. Safe for use by many threads. */
    interface HttpDoor extends AutoCloseable {

        /** Where it is reached: scheme, host and the port that it really has. */
        URI address();

        /** Ends every request and stream, and gives the port back. Idempotent. */
        @Override
        void close();
    }
}
