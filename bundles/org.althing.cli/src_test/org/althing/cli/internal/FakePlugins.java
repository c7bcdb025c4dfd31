// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.ArrayList;
import java.util.List;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.Plugins;

/** Takes any jar for the same plugin. */
final class FakePlugins implements Plugins {

    static final String SHA256 = "5e".repeat(32);

    final List<Plugin> all = new ArrayList<>();

    @Override
    public List<Plugin> plugins() {
        return List.copyOf(all);
    }

    @Override
    public Plugin inspect(byte[] jar) {
        return plugin(jar, "new");
    }

    private static Plugin plugin(byte[] jar, String state) {
        return new Plugin("test.plugin", "1.2.0", List.of("x.Method"), SHA256, jar.length, state, "");
    }

    @Override
    public Plugin add(byte[] jar, String sha256) throws RefusedException {
        if (!sha256.equals(SHA256)) {
            throw new RefusedException("another jar");
        }
        all.add(plugin(jar, "running"));
        return all.getLast();
    }

    @Override
    public Plugin remove(String name) {
        return all.removeLast();
    }
}
