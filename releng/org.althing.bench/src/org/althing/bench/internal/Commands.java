// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.AlthingException;

/** Command lines of the product that this process belongs to, and of the virtual machine with less. */
record Commands(Path home, Path run) {

    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    /** The start script told both folders. */
    static Commands ofProduct() throws AlthingException {
        String home = System.getProperty("althing.home", "");
        String run = System.getProperty("althing.run", "");
        if (home.isEmpty() || run.isEmpty()) {
            throw new AlthingException("this is not the product; start the benchmark with ./althing bench start");
        }
        return new Commands(Path.of(home), Path.of(run));
    }

    ProcessBuilder althing(String... words) {
        List<String> command = new ArrayList<>(List.of(home.resolve("althing").toString()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    ProcessBuilder java() throws IOException {
        return virtualMachine("-cp", plugin("org.althing.bench_*.jar").toString(), Nothing.class.getName());
    }

    /** With the class path and the class data archive of the product, so that it is its limit. */
    ProcessBuilder equinox(Path configuration) throws IOException {
        return virtualMachine(
                "-XX:SharedArchiveFile=" + run.resolve("classes.jsa"),
                "-cp",
                plugin("org.althing.launcher_*.jar") + File.pathSeparator + run.resolve("framework.jar"),
                "org.althing.launcher.Bare",
                configuration.toString());
    }

    /** Resident memory of a Java program that does nothing. */
    double javaMemory() throws IOException, InterruptedException {
        Process process = virtualMachine(
                        "-cp", plugin("org.althing.bench_*.jar").toString(), Nothing.class.getName(), "wait")
                .start();
        try {
            process.getInputStream().read();
            return mebibytes(process, "VmRSS");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** A field of what Linux tells of the process. */
    static double mebibytes(Process process, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES_PER_MEBIBYTE;
            }
        }
        throw new IOException("no " + field);
    }

    private static ProcessBuilder virtualMachine(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command);
    }

    private Path plugin(String pattern) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(home.resolve("plugins"), pattern)) {
            return found.iterator().next();
        }
    }
}
