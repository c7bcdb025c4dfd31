// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/** Bundles that are made, installed and taken out by tests. */
public final class Providers {

    /** Equinox calls so what its configuration names; to install it again needs the rest alone. */
    private static final String INITIAL_PREFIX = "initial@";

    private Providers() {}

    private static BundleContext context() {
        return FrameworkUtil.getBundle(Providers.class).getBundleContext();
    }

    public static Optional<Bundle> find(String name) {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst();
    }

    /** A bundle that a test has put in; closing takes it out again. */
    record Guest(Bundle bundle) implements AutoCloseable {

        @Override
        public void close() throws BundleException {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        }
    }

    /** A bundle of the house that a test has uninstalled; closing installs it again. */
    record Gone(String location) implements AutoCloseable {

        @Override
        public void close() throws BundleException {
            context().installBundle(location).start();
        }
    }

    static Gone uninstall(String name) throws BundleException {
        Bundle bundle = find(name).orElseThrow();
        String location = bundle.getLocation();
        bundle.uninstall();
        return new Gone(location.startsWith(INITIAL_PREFIX) ? location.substring(INITIAL_PREFIX.length()) : location);
    }

    /** What {@link #whileStopped} does. */
    interface Task {
        void run() throws IOException;
    }

    /** Does something while a bundle stands still: what it does in the background has ended by then, and its files are written. */
    static void whileStopped(String name, Task task) throws BundleException, IOException {
        Bundle bundle = find(name).orElseThrow();
        bundle.stop();
        try {
            task.run();
        } finally {
            bundle.start();
        }
    }

    /** Installs and starts a jar. */
    static Guest install(String name, byte[] jar) throws BundleException {
        Bundle bundle = context().installBundle("test:" + name, new ByteArrayInputStream(jar));
        bundle.start();
        return new Guest(bundle);
    }

    /** The classes and components of an installed bundle, as a bundle of another name: another provider of the same services. */
    static byte[] copyOf(String original, String name) throws IOException {
        Bundle bundle = find(original).orElseThrow();
        Map<String, String> headers = headers(bundle.getHeaders());
        headers.put(Constants.BUNDLE_SYMBOLICNAME, name);
        Map<String, byte[]> files = new TreeMap<>();
        for (URL url : Collections.list(bundle.findEntries("/", "*", true))) {
            String path = url.getPath().substring(1);
            if (!path.endsWith("/") && !path.equals(JarFile.MANIFEST_NAME)) {
                try (InputStream in = url.openStream()) {
                    files.put(path, in.readAllBytes());
                }
            }
        }
        return jar(headers, files);
    }

    private static Map<String, String> headers(Dictionary<String, String> all) {
        Map<String, String> headers = new TreeMap<>();
        Collections.list(all.keys()).forEach(key -> headers.put(key, all.get(key)));
        return headers;
    }

    /** The testkit's ledger, as the component of a bundle of its own. */
    static byte[] memoryLedger(String name) throws IOException {
        Map<String, String> headers = new TreeMap<>(Map.of(
                Constants.BUNDLE_MANIFESTVERSION,
                "2",
                Constants.BUNDLE_SYMBOLICNAME,
                name,
                Constants.BUNDLE_VERSION,
                "1.0.0",
                Constants.IMPORT_PACKAGE,
                "org.althing.testkit,org.althing.api.ledger,org.althing.api",
                "Service-Component",
                "OSGI-INF/ledger.xml"));
        return jar(
                headers,
                Map.of(
                        "OSGI-INF/ledger.xml",
                        component("org.althing.testkit.MemoryLedger", "org.althing.api.ledger.Ledger")));
    }

    /** The description of a component that provides one service. */
    public static byte[] component(String implementation, String service) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s">
                  <service>
                    <provide interface="%s"/>
                  </service>
                  <implementation class="%s"/>
                </scr:component>
                """.formatted(implementation, service, implementation).getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] jar(Map<String, String> headers, Map<String, byte[]> files) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
