package org.althing.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.core.runtime.adaptor.EclipseStarter;

/**
 * The process's entry point. It starts Equinox on the class path of the virtual machine, so that class data sharing
 * covers the framework, hands the command line to the application untouched (Equinox would take {@code -data} and its
 * like for itself) and makes the application's integer the exit code. Ctrl-C and SIGTERM stop the framework, so every
 * component is deactivated; an application that implements {@code ApplicationRunnable} is also told to stop.
 *
 * <p>The start script tells the product's folder in {@code althing.home} and the run folder in {@code althing.run}.
 */
public final class Main {

    /** The environment failed, for every command. */
    private static final int EXIT_ENVIRONMENT = 3;

    private static final long STOP_MILLIS_MAX = 10_000;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            AtomicBoolean ended = new AtomicBoolean();
            Optional<FrameworkArea> area = configure(arguments);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                stopFramework(ended);
                                area.ifPresent(FrameworkArea::close);
                            },
                            "althing-stop"));
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

    /**
     * Tells Equinox where it lives. All processes share the framework's resolved state, read-only; but a node takes plugins
     * while it runs, which the framework refuses in such an area, so it gets one of its own.
     */
    static Optional<FrameworkArea> configure(String[] arguments) throws IOException {
        RunFolder run = RunFolder.ofProcess();
        System.setProperty("java.util.logging.config.file", run.logging().toString());
        System.setProperty("osgi.install.area", url(run.home()));
        System.setProperty("osgi.syspath", run.home().resolve("plugins").toString());
        System.setProperty("osgi.configuration.area", url(run.configuration()));
        if (!isNode(arguments)) {
            System.setProperty("osgi.configuration.area.readOnly", String.valueOf(run.isPrepared()));
            return Optional.empty();
        }
        FrameworkArea area = FrameworkArea.copyOf(run.configuration(), Path.of(System.getProperty("java.io.tmpdir")));
        System.setProperty("osgi.configuration.area", url(area.folder()));
        return Optional.of(area);
    }

    /** Equinox wants its URLs as they are, without escapes. */
    static String url(Path folder) {
        return "file:" + folder.toString().replace('\\', '/') + "/";
    }

    /** Whether the first word that is neither an option nor the folder of {@code --data} says so. */
    static boolean isNode(String[] arguments) {
        Iterator<String> words = Arrays.asList(arguments).iterator();
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--data") && words.hasNext()) {
                words.next();
            } else if (!word.startsWith("-")) {
                return word.equals("node");
            }
        }
        return false;
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
