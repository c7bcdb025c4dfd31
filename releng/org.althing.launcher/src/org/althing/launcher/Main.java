package org.althing.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.core.runtime.adaptor.EclipseStarter;

/**
 * The process's entry point. It starts Equinox on the class path of the virtual machine, so that class data sharing
 * covers the framework, hands the command line to the application untouched (Equinox would take {@code -data} and its
 * like for itself) and makes the application's integer the exit code. Ctrl-C and SIGTERM stop the framework, so every
 * component is deactivated; an application that implements {@code ApplicationRunnable} is also told to stop.
 */
public final class Main {

    /** The environment failed, for every command. */
    private static final int EXIT_ENVIRONMENT = 3;

    private static final long STOP_MILLIS_MAX = 10_000;

    private Main() {}

    public static void main(String[] arguments) {
        AtomicBoolean ended = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopFramework(ended);
                            deleteArea();
                        },
                        "althing-stop"));
        System.exit(run(arguments, ended));
    }

    /** The framework's area, if it is this process's alone. */
    private static void deleteArea() {
        String area = System.getProperty("althing.area", "");
        if (area.isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.walk(Path.of(area))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // The next node's start script sweeps it away.
        }
    }

    private static int run(String[] arguments, AtomicBoolean ended) {
        try {
            EclipseStarter.startup(new String[0], null);
            Object result = EclipseStarter.run(arguments);
            if (ended.compareAndSet(false, true)) {
                EclipseStarter.shutdown();
            }
            return result instanceof Integer code ? code : EXIT_ENVIRONMENT;
        } catch (Exception e) {
            System.err.println("althing: cannot start: " + e);
            return EXIT_ENVIRONMENT;
        }
    }

    /** Runs in the virtual machine's shutdown: bounded, because a hung component must not make the process immortal. */
    private static void stopFramework(AtomicBoolean ended) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Thread stopper = Thread.ofPlatform().daemon().name("althing-stopper").start(() -> {
            try {
                EclipseStarter.shutdown();
            } catch (Exception e) {
                System.err.println("althing: the framework did not stop cleanly: " + e);
            }
        });
        try {
            stopper.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
