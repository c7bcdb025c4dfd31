// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.althing.api.AlthingException;

/**
 * A checkout of the sources, for programs that are not shipped: they are compiled against the bundles of the product that runs, so what they
 * measure is what is shipped, and run in a virtual machine of their own.
 */
record Checkout(Path root, Path plugins) {

    private static final long COMPILE_TIMEOUT_MINUTES = 5;

    /** The compiler wants the annotations that the sources bear; the product does without. */
    private static final List<String> ANNOTATIONS = List.of("Nullable", "NullMarked");

    static Checkout ofProduct() throws AlthingException {
        Path root = Path.of(System.getenv().getOrDefault("ALTHING_CHECKOUT", "."));
        if (!Files.isDirectory(root.resolve("bundles"))) {
            throw new AlthingException("the sources of this benchmark's programs are in a checkout, which "
                    + root.toAbsolutePath() + " is not; run this benchmark by ./althing of a checkout");
        }
        return new Checkout(root, Commands.ofProduct().home().resolve("plugins"));
    }

    /** A compiled program. */
    record Program(String name, String classPath) {

        /** Runs it; what it says. */
        String run(long timeoutMinutes, List<String> options, String... arguments) throws AlthingException {
            List<String> command = new ArrayList<>(List.of(tool("java")));
            command.addAll(options);
            command.addAll(List.of("-cp", classPath, name));
            command.addAll(List.of(arguments));
            return Checkout.run(timeoutMinutes, command);
        }
    }

    /**
     * Compiles a program and what it needs.
     *
     * @param sources folders, from the root of the checkout
     */
    Program compile(Path target, String name, List<String> sources) throws AlthingException {
        try (Stream<Path> jars = Files.list(plugins)) {
            String product = jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .sorted()
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
            Path annotations = target.resolve("annotations/org/jspecify/annotations");
            Files.createDirectories(annotations);
            for (String annotation : ANNOTATIONS) {
                Files.writeString(annotations.resolve(annotation + ".java"), """
                        package org.jspecify.annotations;
                        @java.lang.annotation.Target({java.lang.annotation.ElementType.%s})
                        public @interface %s {}
                        """.formatted(
                                annotation.equals("Nullable") ? "TYPE_USE" : "PACKAGE", annotation));
            }
            String file = name.replace('.', '/') + ".java";
            Path main = sources.stream()
                    .map(folder -> root.resolve(folder).resolve(file))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new AlthingException("this checkout has no " + file + "; get a newer one"));
            String sourcePath = Stream.concat(
                            sources.stream().map(folder -> root.resolve(folder).toString()),
                            Stream.of(target.resolve("annotations").toString()))
                    .collect(Collectors.joining(File.pathSeparator));
            Path classes = Files.createDirectories(target.resolve("classes"));
            run(
                    COMPILE_TIMEOUT_MINUTES,
                    List.of(
                            tool("javac"),
                            "-nowarn",
                            "-proc:none",
                            "-implicit:class",
                            "-encoding",
                            "UTF-8",
                            "-d",
                            classes.toString(),
                            "-cp",
                            product,
                            "-sourcepath",
                            sourcePath,
                            main.toString()));
            return new Program(name, classes + File.pathSeparator + product);
        } catch (IOException e) {
            throw new AlthingException("cannot compile " + name + ": " + e, e);
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static String run(long timeoutMinutes, List<String> command) throws AlthingException {
        Path log = null;
        try {
            log = Files.createTempFile("althing-bench-", ".log");
            Process process =
                    new ProcessBuilder(command).redirectError(log.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(timeoutMinutes, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AlthingException(command.getFirst() + " took more than " + timeoutMinutes + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new AlthingException(command.getFirst() + " failed: " + lastLine(Files.readString(log)));
            }
            return output.strip();
        } catch (IOException e) {
            throw new AlthingException("cannot run " + command.getFirst() + "; a JDK is needed, not only a JRE", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        } finally {
            delete(log);
        }
    }

    private static String lastLine(String text) {
        return Arrays.stream(text.split("\n"))
                .filter(line -> line.contains("rror") || line.contains("xception"))
                .findFirst()
                .orElse("it does not say why");
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) throws AlthingException {
        try {
            if (file != null) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AlthingException("could not remove " + file + "; remove it by hand", e);
        }
    }
}
