// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.althing.api.tally.VotingMethod;
import org.althing.itest.plugin.FewestVotes;
import org.althing.itest.plugin.SlowStart;
import org.osgi.framework.Constants;

/** Plugins that tests add to a node. */
public final class PluginJars {

    public static final String NAME = "test.fewest-votes";

    private static final String IMPORTS = "org.althing.api.tally,org.althing.api";

    private PluginJars() {}

    /** A voting method in a bundle of its own. */
    public static byte[] method(String version) throws IOException {
        return method(NAME, version, IMPORTS, FewestVotes.class.getName());
    }

    /** One that cannot be resolved. */
    static byte[] unresolvable(String version) throws IOException {
        return method(NAME, version, IMPORTS + ",org.example.nowhere", FewestVotes.class.getName());
    }

    /** One that resolves and starts, but whose component lacks its class. */
    static byte[] hollow(String version) throws IOException {
        return method(NAME, version, IMPORTS, "org.example.Nowhere");
    }

    /** One whose start waits for {@link SlowStart#GATE}. */
    static byte[] slow(String version) throws IOException {
        Map<String, String> headers = headers(NAME, version, "org.osgi.framework");
        headers.remove("Service-Component");
        headers.put(Constants.BUNDLE_ACTIVATOR, SlowStart.class.getName());
        return Providers.jar(headers, classes(SlowStart.class, "SlowStart.class"));
    }

    private static Map<String, byte[]> classes(Class<?> beside, String... names) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (String name : names) {
            try (InputStream in = beside.getResourceAsStream(name)) {
                files.put(beside.getPackageName().replace('.', '/') + "/" + name, in.readAllBytes());
            }
        }
        return files;
    }

    static byte[] method(String name, String version, String imports, String implementation) throws IOException {
        Map<String, byte[]> files = classes(FewestVotes.class, "FewestVotes.class", "FewestVotes$Count.class");
        files.put("OSGI-INF/method.xml", Providers.component(implementation, VotingMethod.class.getName()));
        return Providers.jar(headers(name, version, imports), files);
    }

    static Map<String, String> headers(String name, String version, String imports) {
        Map<String, String> headers = new HashMap<>();
        headers.put(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.put(Constants.BUNDLE_SYMBOLICNAME, name);
        headers.put(Constants.BUNDLE_VERSION, version);
        headers.put(Constants.IMPORT_PACKAGE, imports);
        headers.put("Service-Component", "OSGI-INF/*.xml");
        return headers;
    }

    public static String sha256(byte[] jar) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
