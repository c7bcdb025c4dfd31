// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.assembly.Assembly;

/** A node that serves. Safe for use by many threads. */
public interface RunningNode extends AutoCloseable {

    /** All use cases of this node; after {@link #close}, each of them fails with one line that says so. */
    Assembly assembly();

    /** The same for everybody, so without private DAOs: what a door shows that is open to others than the user that runs the node. */
    Assembly publicAssembly();

    /** As {@link #feed}, without private DAOs. */
    Feed publicFeed();

    /** The bundles that an operator has added to it. */
    Plugins plugins();

    /** What happens in it. Replacing a bundle does not end a subscription, closing the node does. */
    Feed feed();

    /**
     * Adds problems to those that {@code status} tells, until the node closes.
     *
     * @param source is asked each time; it must answer at once and not throw
     * @return ends it
     */
    Feed.Subscription addProblems(Supplier<List<String>> source);

    /** The folder it serves. */
    Path data();

    /** The Unix domain socket where {@link AssemblyClients} of other processes reach it. */
    Path socket();

    /** The key that its seals are signed with. */
    PublicKey notary();

    /** Stops taking requests, makes everything durable, lets the folder go. Idempotent. */
    @Override
    void close() throws AlthingException;
}
