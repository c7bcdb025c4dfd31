// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.net.URI;
import java.util.Optional;
import org.althing.api.node.AssemblyClients;

/** Clients of a test in which nobody asks a node elsewhere. */
interface Nearby extends AssemblyClients {

    @Override
    default Connection connect(URI node, Optional<String> token) {
        throw new AssertionError("nobody asks a node elsewhere");
    }
}
