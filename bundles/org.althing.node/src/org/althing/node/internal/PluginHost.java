// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.Plugins;
import org.althing.node.internal.PluginFolder.Accepted;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, replaces and stops the plugins of one node. The framework forgets them when the process ends (its own area is read-only): what is
 * accepted is installed at each start, by reference to the jar in the data folder.
 *
 * <p>Nothing that a plugin does while it starts keeps the node from starting: it has a time limit, and what goes wrong is a problem of this
 * plugin alone.
 */
final class PluginHost implements Plugins, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private static final String UNRESOLVED = "Unresolved requirement:";

    /** An accepted plugin; without a bundle it does not run, and the problem says why. */
    private record Slot(
            Accepted accepted,
            List<String> services,
            long sizeBytes,
            @Nullable Bundle bundle,
            String problem) {

        Plugin view() {
            return new Plugin(
                    accepted.name(),
                    accepted.version(),
                    services,
                    accepted.sha256(),
                    sizeBytes,
                    bundle == null ? "failed" : "running",
                    problem);
        }
    }

    private final PluginFolder folder;
    private final BundleContext context;
    private final Map<String, Slot> slots = new TreeMap<>();
    private volatile List<Plugin> shown = List.of();
    /** Why the record cannot be read; until it can, nothing is added or removed, since that would lose what it says. */
    private volatile Optional<String> unreadable = Optional.empty();

    PluginHost(Path data, BundleContext context) {
        this.folder = new PluginFolder(data);
        this.context = context;
    }

    /** Starts what was accepted. Never fails: problems tell. */
    synchronized void start() {
        List<Accepted> all;
        try {
            all = folder.read();
        } catch (AlthingException e) {
            unreadable = Optional.of(String.valueOf(e.getMessage()));
            LOG.warn("{}", e.getMessage());
            return;
        }
        folder.clean(all);
        for (Accepted accepted : all) {
            Slot slot = started(accepted);
            slots.put(accepted.name(), slot);
            if (!slot.problem().isEmpty()) {
                LOG.warn("plugin {}: {}", accepted.name(), slot.problem());
            }
        }
        show();
    }

    private Slot started(Accepted accepted) {
        List<String> services = List.of();
        long sizeBytes = 0;
        Bundle bundle = null;
        try {
            Path file = folder.check(accepted);
            sizeBytes = file.toFile().length();
            PluginJar jar = PluginJar.read(file);
            services = jar.services();
            if (!jar.name().equals(accepted.name())) {
                throw new RefusedException("it calls itself " + jar.name() + "; remove it, and add it again");
            }
            requireFreeName(accepted.name());
            bundle = install(file);
            resolve(bundle);
            begin(bundle);
            return new Slot(accepted, services, sizeBytes, bundle, "");
        } catch (RefusedException | AlthingException e) {
            uninstall(bundle);
            return new Slot(accepted, services, sizeBytes, null, String.valueOf(e.getMessage()));
        }
    }

    private void show() {
        shown = slots.values().stream().map(Slot::view).toList();
    }

    /** What an operator should know, one line each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        unreadable.ifPresent(problems::add);
        for (Plugin plugin : shown) {
            if (!plugin.problem().isEmpty()) {
                problems.add("plugin " + plugin.name() + " " + plugin.version() + " does not run: " + plugin.problem());
            }
        }
        return problems;
    }

    @Override
    public List<Plugin> plugins() throws AlthingException {
        requireReadable();
        return shown;
    }

    @Override
    public synchronized Plugin inspect(byte[] jar) throws RefusedException, AlthingException {
        return examine(jar).view(PluginJar.sha256(jar), jar.length, "new", "");
    }

    private PluginJar examine(byte[] jar) throws RefusedException, AlthingException {
        requireReadable();
        if (jar.length > JAR_SIZE_MAX_BYTES) {
            throw new RefusedException("the jar has " + jar.length + " bytes; at most " + JAR_SIZE_MAX_BYTES);
        }
        PluginJar read = folder.examine(jar);
        Slot older = slots.get(read.name());
        if (older == null) {
            requireFreeName(read.name());
            if (slots.size() >= COUNT_MAX) {
                throw new RefusedException("this node has " + COUNT_MAX + " plugins, and takes no more; remove one");
            }
        } else if (!older.accepted().sha256().equals(PluginJar.sha256(jar))
                && read.version()
                                .compareTo(Version.parseVersion(older.accepted().version()))
                        <= 0) {
            throw new RefusedException("plugin " + read.name() + " is here in version "
                    + older.accepted().version()
                    + ", and only a higher one replaces it; to go back to " + read.version()
                    + " remove the plugin first");
        }
        return read;
    }

    private void requireReadable() throws AlthingException {
        if (unreadable.isPresent()) {
            throw new AlthingException(unreadable.get());
        }
    }

    /** A plugin must not pass for a bundle of the product. */
    private void requireFreeName(String name) throws RefusedException {
        boolean taken = Arrays.stream(context.getBundles())
                .anyMatch(bundle -> name.equals(bundle.getSymbolicName()) && !isOurs(bundle));
        if (taken) {
            throw new RefusedException("a bundle " + name + " is here already, and is no plugin of this node; give the"
                    + " plugin another " + Constants.BUNDLE_SYMBOLICNAME);
        }
    }

    private boolean isOurs(Bundle bundle) {
        return slots.values().stream().anyMatch(slot -> bundle.equals(slot.bundle()));
    }

    @Override
    public synchronized Plugin add(byte[] jar, String sha256) throws RefusedException, AlthingException {
        String found = PluginJar.sha256(jar);
        if (!found.equals(sha256)) {
            throw new RefusedException(
                    "the jar has SHA-256 " + found + ", but " + sha256 + " was accepted; look at it again");
        }
        PluginJar read = examine(jar);
        Slot older = slots.get(read.name());
        if (older != null && older.bundle() != null && older.accepted().sha256().equals(sha256)) {
            return older.view();
        }
        Slot fresh = replace(older, read, jar, sha256);
        slots.put(read.name(), fresh);
        show();
        if (older != null) {
            uninstall(older.bundle());
            if (!older.accepted().sha256().equals(sha256)) {
                folder.delete(older.accepted().sha256());
            }
        }
        LOG.info("plugin {} {} was added, SHA-256 {}", read.name(), read.version(), sha256);
        return fresh.view();
    }

    /** Starts a plugin in the place of an older one and records it; if anything fails, all is as before. */
    private Slot replace(@Nullable Slot older, PluginJar read, byte[] jar, String sha256)
            throws RefusedException, AlthingException {
        Accepted accepted = new Accepted(read.name(), read.version().toString(), sha256);
        boolean kept = older != null && older.accepted().sha256().equals(sha256);
        Path file = folder.keep(jar, sha256);
        Bundle bundle = null;
        boolean done = false;
        try {
            bundle = install(file);
            resolve(bundle);
            if (older != null) {
                stop(older.bundle());
            }
            begin(bundle);
            Map<String, Accepted> all = new TreeMap<>();
            slots.forEach((name, slot) -> all.put(name, slot.accepted()));
            all.put(read.name(), accepted);
            folder.write(all.values());
            done = true;
            return new Slot(accepted, read.services(), jar.length, bundle, "");
        } catch (RefusedException e) {
            throw new RefusedException("plugin " + read.name() + " " + read.version() + " does not start: "
                    + e.getMessage()
                    + (older == null || kept
                            ? ""
                            : "; version " + older.accepted().version() + " stays"));
        } finally {
            if (!done) {
                uninstall(bundle);
                if (!kept) {
                    folder.delete(sha256);
                }
                restart(older);
            }
        }
    }

    private void restart(@Nullable Slot older) {
        if (older == null || older.bundle() == null) {
            return;
        }
        try {
            begin(older.bundle());
        } catch (RefusedException e) {
            slots.put(
                    older.accepted().name(),
                    new Slot(older.accepted(), older.services(), older.sizeBytes(), null, e.getMessage()));
            uninstall(older.bundle());
            show();
        }
    }

    @Override
    public synchronized Plugin remove(String name) throws RefusedException, AlthingException {
        requireReadable();
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new RefusedException("no plugin " + name + " here; `althing plugin list` shows those that are");
        }
        Map<String, Accepted> rest = new TreeMap<>();
        slots.forEach((each, other) -> rest.put(each, other.accepted()));
        rest.remove(name);
        folder.write(rest.values());
        slots.remove(name);
        show();
        uninstall(slot.bundle());
        folder.delete(slot.accepted().sha256());
        LOG.info("plugin {} {} was removed", name, slot.accepted().version());
        return slot.view();
    }

    // The framework.

    private Bundle install(Path file) throws RefusedException {
        try {
            return context.installBundle("reference:file:" + file.toUri().getPath());
        } catch (BundleException | IllegalStateException e) {
            throw new RefusedException("it cannot be installed: " + reason(e));
        }
    }

    private void resolve(Bundle bundle) throws RefusedException {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        if (!wiring.resolveBundles(List.of(bundle))) {
            try {
                bundle.start(Bundle.START_TRANSIENT); // Only so the framework tells why.
            } catch (BundleException e) {
                throw new RefusedException("it cannot be resolved: " + reason(e));
            }
        }
    }

    /** Starts a bundle and makes its services, which the component runtime would do only when one is used. */
    private void begin(Bundle bundle) throws RefusedException {
        AtomicBoolean abandoned = new AtomicBoolean();
        FutureTask<Optional<String>> task = new FutureTask<>(() -> {
            bundle.start(Bundle.START_TRANSIENT);
            if (abandoned.get()) {
                // Nobody else could uninstall it while it started.
                uninstall(bundle);
                return Optional.empty();
            }
            return brokenService(bundle);
        });
        Thread.ofPlatform()
                .daemon()
                .name("althing-plugin-" + bundle.getSymbolicName())
                .start(task);
        Optional<String> broken;
        try {
            broken = task.get(Limits.PLUGIN_START_MAX_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RefusedException("it fails: " + reason(e.getCause()));
        } catch (TimeoutException e) {
            abandoned.set(true);
            throw new RefusedException(
                    "it has not started within " + Limits.PLUGIN_START_MAX_MILLIS + " ms; ask who made it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted while it started");
        }
        if (broken.isPresent()) {
            throw new RefusedException(broken.get());
        }
    }

    private Optional<String> brokenService(Bundle bundle) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        if (references == null) {
            return Optional.empty();
        }
        for (ServiceReference<?> reference : references) {
            Object service = context.getService(reference);
            if (service == null) {
                return Optional.of("its service "
                        + String.join(", ", (String[]) reference.getProperty(Constants.OBJECTCLASS))
                        + " cannot be made; the log of the node says why");
            }
            context.ungetService(reference);
        }
        return Optional.empty();
    }

    private static void stop(@Nullable Bundle bundle) {
        if (bundle == null) {
            return;
        }
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("plugin {} did not stop cleanly: {}", bundle.getSymbolicName(), reason(e));
        }
    }

    private static void uninstall(@Nullable Bundle bundle) {
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
            return;
        }
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("plugin {} could not be uninstalled: {}", bundle.getSymbolicName(), reason(e));
        }
    }

    /** One line out of what the framework says in many. */
    private static String reason(Throwable problem) {
        String all = problem.getMessage() == null ? problem.toString() : problem.getMessage();
        String first = all.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(UNRESOLVED))
                .findFirst()
                .or(() -> all.lines().map(String::strip).findFirst())
                .orElse("");
        Throwable cause = problem.getCause();
        return cause == null || first.startsWith(UNRESOLVED) ? first : first + " (" + cause + ")";
    }

    @Override
    public synchronized void close() {
        slots.values().forEach(slot -> uninstall(slot.bundle()));
        slots.clear();
        shown = List.of();
    }
}
