package org.althing.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * Makes the run folder of a product: {@code configuration/config.ini} and {@code framework.jar}, which is the
 * framework without its signature, because class data sharing leaves signed classes out.
 */
public final class Prepare {

    private Prepare() {}

    /** Arguments: the product's folder, the run folder to make. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        Path run = Path.of(arguments[1]);
        Files.createDirectories(run.resolve("configuration"));
        Files.copy(home.resolve("configuration/config.ini"), run.resolve("configuration/config.ini"));
        try (var plugins = Files.newDirectoryStream(home.resolve("plugins"), "org.eclipse.osgi_*.jar")) {
            unsign(plugins.iterator().next(), run.resolve("framework.jar"));
        }
    }

    private static void unsign(Path signed, Path unsigned) throws IOException {
        try (var in = new JarFile(signed.toFile(), false);
                var out = new JarOutputStream(Files.newOutputStream(unsigned))) {
            Manifest manifest = new Manifest();
            for (var attribute : in.getManifest().getMainAttributes().entrySet()) {
                manifest.getMainAttributes().put(attribute.getKey(), attribute.getValue());
            }
            out.putNextEntry(new ZipEntry(JarFile.MANIFEST_NAME));
            manifest.write(out);
            out.closeEntry();
            for (var entry : in.stream().toList()) {
                if (isSignature(entry.getName()) || entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    continue;
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (var content = in.getInputStream(entry)) {
                    content.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }

    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("META-INF/")
                && (upper.endsWith(".SF") || upper.endsWith(".RSA") || upper.endsWith(".DSA") || upper.endsWith(".EC"));
    }
}
