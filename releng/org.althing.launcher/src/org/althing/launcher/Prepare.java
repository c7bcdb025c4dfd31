package org.althing.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Makes the run folder of a product, once: of several processes that want it, one makes it and the others wait. */
public final class Prepare {

    /** The environment failed, for every command. */
    private static final int EXIT_ENVIRONMENT = 3;

    private static final long REHEARSAL_SECONDS_MAX = 120;

    private Prepare() {}

    /** Argument: what the start script will compare with the stamp. */
    public static void main(String[] arguments) {
        RunFolder run = RunFolder.ofProcess();
        Path parent = run.folder().getParent();
        try {
            Files.createDirectories(parent);
            prepare(run, arguments[0]);
        } catch (IOException e) {
            System.err.println("althing: cannot make " + run.folder() + " (" + e
                    + "); set XDG_CACHE_HOME to a folder that you can write to");
            System.exit(EXIT_ENVIRONMENT);
        } catch (InterruptedException | IllegalStateException e) {
            System.err.println("althing: the product does not start (" + e.getMessage() + "); see " + run.log());
            System.exit(EXIT_ENVIRONMENT);
        }
    }

    private static void prepare(RunFolder run, String stamp) throws IOException, InterruptedException {
        Path lock = run.folder().resolveSibling(run.folder().getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            if (run.isPreparedFor(stamp)) {
                return;
            }
            RunFolder.delete(run.folder());
            Files.createDirectories(run.configuration());
            Files.copy(
                    run.home().resolve("configuration/config.ini"),
                    run.configuration().resolve("config.ini"));
            try (DirectoryStream<Path> plugins =
                    Files.newDirectoryStream(run.home().resolve("plugins"), "org.eclipse.osgi_*.jar")) {
                unsign(plugins.iterator().next(), run.framework());
            }
            rehearse(run);
            Files.writeString(run.stamp(), stamp);
        }
    }

    /** Class data sharing leaves signed classes out. */
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

    /** In a process of its own, which leaves the resolved state and the class data archive behind. */
    private static void rehearse(RunFolder run) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + run.options(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:ArchiveClassesAtExit=" + run.classes(),
                        "-Dalthing.home=" + run.home(),
                        "-Dalthing.run=" + run.folder(),
                        "-cp",
                        System.getProperty("java.class.path") + File.pathSeparator + run.framework(),
                        Rehearsal.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(run.log().toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(REHEARSAL_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("not within " + REHEARSAL_SECONDS_MAX + " s");
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("exit code " + process.exitValue());
        }
    }
}
