// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.AssemblyClients;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command that speaks to the running node of the data folder, or to one elsewhere. */
abstract class AssemblyCommand implements Callable<Integer> {

    final Session session;

    @Mixin
    final NodeOptions node = new NodeOptions();

    AssemblyCommand(Session session) {
        this.session = session;
    }

    abstract int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException;

    @Override
    public final Integer call() throws Failure, RefusedException, AlthingException, IOException {
        check();
        OptionalInt done = alone();
        if (done.isPresent()) {
            return done.getAsInt();
        }
        try (AssemblyClients.Connection assembly = session.connect(node)) {
            return run(assembly);
        }
    }

    /** Refuses what is wrong in itself, before anything is connected or asked. */
    void check() throws Failure, IOException {}

    /** Does what needs no node; the exit code, or empty if a node is needed. */
    OptionalInt alone() throws Failure, IOException {
        return OptionalInt.empty();
    }

    /** The full CID of the DAO meant: the one named, else the only one that the node has. */
    static String dao(Assembly assembly, @Nullable String named) throws Failure, RefusedException, AlthingException {
        if (named != null) {
            return assembly.dao(named).dao();
        }
        List<Assembly.DaoView> all = assembly.daos();
        if (all.isEmpty()) {
            throw Failure.usage("this node has no DAO; found one with `althing dao create NAME`");
        }
        if (all.size() > 1) {
            throw Failure.usage("this node has " + all.size() + " DAOs; choose one with --dao: "
                    + String.join(
                            ", ",
                            all.stream()
                                    .map(d -> Words.shortCid(d.dao()) + " " + d.name())
                                    .toList()));
        }
        return all.getFirst().dao();
    }
}
