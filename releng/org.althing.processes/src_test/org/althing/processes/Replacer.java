// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** A plugin that puts another provider of gossip and entry sync in the place of the shipped one, in a node that runs. */
public final class Replacer implements BundleActivator {

    static final String NAME = "test.replacer";
    private static final String SHIPPED = "org.althing.gossip";
    private static final String OTHER = "other.jar";

    @Override
    public void start(BundleContext context) throws BundleException, IOException {
        Bundle shipped = Arrays.stream(context.getBundles())
                .filter(bundle -> SHIPPED.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
        shipped.stop();
        try (InputStream jar = context.getBundle().getEntry(OTHER).openStream()) {
            context.installBundle("test:" + OTHER, jar).start();
        }
    }

    @Override
    public void stop(BundleContext context) {
        // The node ends.
    }

    /** Writes the plugin. The other provider has the classes of the shipped one and another name. */
    static void write(Path file) throws IOException {
        Path plugins = NodeProcess.product().resolveSibling("plugins");
        Path shipped;
        try (Stream<Path> all = Files.list(plugins)) {
            shipped = all.filter(each -> each.getFileName().toString().startsWith(SHIPPED + "_"))
                    .findFirst()
                    .orElseThrow();
        }
        Path other = file.resolveSibling(OTHER);
        Map<String, byte[]> files = new TreeMap<>();
        Manifest manifest;
        try (JarFile jar = new JarFile(shipped.toFile())) {
            manifest = jar.getManifest();
            for (JarEntry entry :
                    jar.stream().filter(each -> !each.isDirectory()).toList()) {
                if (!entry.getName().startsWith("META-INF/")) {
                    files.put(entry.getName(), jar.getInputStream(entry).readAllBytes());
                }
            }
        }
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, "test.gossip");
        manifest.getEntries().clear();
        write(other, manifest, files);
        Manifest own = new Manifest();
        Attributes headers = own.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, NAME);
        headers.putValue(Constants.BUNDLE_VERSION, "1.0.0");
        headers.putValue(Constants.BUNDLE_ACTIVATOR, Replacer.class.getName());
        headers.putValue(Constants.IMPORT_PACKAGE, "org.osgi.framework");
        String path = Replacer.class.getName().replace('.', '/') + ".class";
        try (InputStream in = Replacer.class.getResourceAsStream("/" + path)) {
            write(file, own, Map.of(path, in.readAllBytes(), OTHER, Files.readAllBytes(other)));
        }
    }

    private static void write(Path file, Manifest manifest, Map<String, byte[]> files) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (Map.Entry<String, byte[]> each : files.entrySet()) {
                out.putNextEntry(new JarEntry(each.getKey()));
                out.write(each.getValue());
                out.closeEntry();
            }
        }
    }
}
