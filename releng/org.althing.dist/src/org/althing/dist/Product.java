// SPDX-License-Identifier: EPL-2.0
package org.althing.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The node product as the build leaves it, and what goes with it. */
final class Product {

    private static final Path MODULE = Path.of("releng", "org.althing.node.product", "target");
    private static final String CONFIGURATION = "configuration/config.ini";

    private final Path checkout;
    private final Path folder;
    private final List<Path> bundles;

    /** @param executable whether it is to be run */
    record Content(byte[] bytes, boolean executable) {}

    Product(Path checkout) throws IOException {
        this.checkout = checkout;
        folder = checkout.resolve(MODULE).resolve("products/org.althing.node.product/linux/gtk/x86_64");
        if (!Files.isDirectory(folder.resolve("plugins"))) {
            throw new IOException("no product in " + folder + "; build it with ./althing dist");
        }
        try (Stream<Path> files = Files.list(folder.resolve("plugins"))) {
            bundles = files.sorted().toList();
        }
    }

    /** The bundles for this system, in the order of their names. */
    List<Path> bundles(Platform platform) {
        return bundles.stream().filter(bundle -> platform.takes(name(bundle))).toList();
    }

    /** What p2 knows of the bundles. */
    Path metadata() {
        return checkout.resolve(MODULE).resolve("targetPlatformRepository/content.xml");
    }

    /** Our own part of what the bundles are. */
    Path components() {
        return checkout.resolve("releng/org.althing.dist/components.properties");
    }

    /** Without the qualifier that tells one build from another. */
    String version() {
        String launcher = bundles.stream()
                .map(Product::name)
                .filter(name -> name.startsWith("org.althing.launcher_"))
                .findFirst()
                .orElseThrow();
        return launcher.replaceFirst("^.*_(\\d+\\.\\d+\\.\\d+).*$", "$1");
    }

    /** All files for this system by their paths in the product's folder. */
    SortedMap<String, Content> files(Platform platform) throws IOException {
        SortedMap<String, Content> files = new TreeMap<>();
        for (Path bundle : bundles(platform)) {
            files.put("plugins/" + name(bundle), new Content(Files.readAllBytes(bundle), false));
        }
        List<String> shared = new ArrayList<>(List.of("logging.properties"));
        try (Stream<Path> options = Files.list(folder.resolve("vm"))) {
            options.forEach(file -> shared.add("vm/" + name(file)));
        }
        if (platform.takesShellScripts()) {
            shared.addAll(List.of("althing", "jdk.sh"));
        }
        for (String file : shared) {
            files.put(file, new Content(Files.readAllBytes(folder.resolve(file)), file.equals("althing")));
        }
        files.put(CONFIGURATION, new Content(configuration(platform).getBytes(), false));
        files.put("LICENSE", new Content(Files.readAllBytes(checkout.resolve("LICENSE")), false));
        for (String group : platform.files()) {
            try (Stream<Path> extras = Files.list(checkout.resolve("releng/org.althing.dist/files/" + group))) {
                for (Path extra : extras.toList()) {
                    files.put(name(extra), new Content(Files.readAllBytes(extra), false));
                }
            }
        }
        return files;
    }

    /** What the framework starts: without the time of the build, without p2, without what is for other systems. */
    private String configuration(Platform platform) throws IOException {
        return Files.readAllLines(folder.resolve(CONFIGURATION)).stream()
                .filter(line -> !line.startsWith("#") && !line.startsWith("eclipse.p2."))
                .map(line -> line.startsWith("osgi.bundles=") ? bundles(line, platform) : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String bundles(String line, Platform platform) {
        String key = "osgi.bundles=";
        String prefix = "reference\\:file\\:";
        return Stream.of(line.substring(key.length()).split(","))
                .filter(bundle -> platform.takes(bundle.substring(prefix.length())))
                .collect(Collectors.joining(",", key, ""));
    }

    static String name(Path file) {
        return file.getFileName().toString();
    }
}
