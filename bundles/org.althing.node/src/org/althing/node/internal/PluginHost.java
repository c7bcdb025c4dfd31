// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * <p>Nothing that a plugin does while it starts or stops holds up the node: it has a time limit, and what goes wrong is a problem of this
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
    private final PluginLog log;
    private final Map<String, Slot> slots = new TreeMap<>();
    private volatile List<Plugin> shown = List.of();
    /** Those that hang in their start or stop, and are gone when they come out of it. */
    private final Set<Bundle> leaving = ConcurrentHashMap.newKeySet();
    /** Why the record cannot be read; until it can, nothing is added or removed, since that would lose what it says. */
    private volatile Optional<String> unreadable = Optional.empty();

    PluginHost(Path data, BundleContext context) {
        this.folder = new PluginFolder(data);
        this.context = context;
        this.log = new PluginLog(location(data.resolve(FOLDER)), context);
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
        leaving.forEach(bundle -> problems.add("plugin " + bundle.getSymbolicName() + " " + bundle.getVersion()
                + " hangs in its start or stop; restart the node to be rid of it"));
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
        if (name.equals(Constants.SYSTEM_BUNDLE_SYMBOLICNAME)) {
            throw new RefusedException(
                    name + " is the framework; give the plugin another " + Constants.BUNDLE_SYMBOLICNAME);
        }
        if (leaving.stream().anyMatch(bundle -> name.equals(bundle.getSymbolicName()))) {
            throw new RefusedException(
                    "plugin " + name + " still hangs in its start or stop; restart the node, then add it again");
        }
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
                stop(older);
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
                // First what worked, since to be rid of the other may take its time.
                restart(older);
                uninstall(bundle);
                if (!kept) {
                    folder.delete(sha256);
                }
            }
        }
    }

    private void restart(@Nullable Slot older) {
        if (older == null || older.bundle() == null || leaving.contains(older.bundle())) {
            return;
        }
        try {
            begin(older.bundle());
        } catch (RefusedException e) {
            fails(older, String.valueOf(e.getMessage()));
            uninstall(older.bundle());
        }
    }

    /** It stays accepted, but does not run any more. */
    private void fails(Slot slot, String problem) {
        slots.put(slot.accepted().name(), new Slot(slot.accepted(), slot.services(), slot.sizeBytes(), null, problem));
        show();
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
            return context.installBundle(location(file));
        } catch (BundleException | IllegalStateException e) {
            throw new RefusedException("it cannot be installed: " + reason(e));
        }
    }

    private static String location(Path file) {
        return "reference:file:" + file.toUri().getPath();
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
        FutureTask<Optional<String>> start = new FutureTask<>(() -> {
            bundle.start(Bundle.START_TRANSIENT);
            return brokenService(bundle);
        });
        Optional<String> broken;
        try {
            broken = within(start, bundle);
        } catch (ExecutionException e) {
            throw new RefusedException("it fails: " + reason(e.getCause()));
        } catch (TimeoutException e) {
            discardAfter(start, bundle);
            throw new RefusedException(
                    "it has not started within " + Limits.PLUGIN_MOVE_MAX_MILLIS + " ms; ask who made it");
        }
        if (broken.isPresent()) {
            throw new RefusedException(broken.get());
        }
    }

    /** Runs what a plugin may hang in. */
    private static <T> T within(FutureTask<T> task, Bundle bundle)
            throws RefusedException, ExecutionException, TimeoutException {
        Thread.ofPlatform()
                .daemon()
                .name("althing-plugin-" + bundle.getSymbolicName())
                .start(task);
        try {
            return task.get(Limits.PLUGIN_MOVE_MAX_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
    }

    /** Nobody can uninstall a bundle while it starts or stops. */
    private void discardAfter(FutureTask<?> hanging, Bundle bundle) {
        leaving.add(bundle);
        Thread.ofPlatform()
                .daemon()
                .name("althing-plugin-" + bundle.getSymbolicName() + "-end")
                .start(() -> {
                    try {
                        hanging.get();
                    } catch (ExecutionException e) {
                        LOG.debug("plugin {} has failed at last", bundle.getSymbolicName(), e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    discard(bundle);
                });
    }

    private void discard(Bundle bundle) {
        if (bundle.getState() != Bundle.UNINSTALLED) {
            try {
                bundle.uninstall();
            } catch (BundleException | IllegalStateException e) {
                LOG.warn("plugin {} could not be uninstalled: {}", bundle.getSymbolicName(), reason(e));
                return;
            }
        }
        leaving.remove(bundle);
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

    /** Stops a plugin so that another version can take its place. */
    private void stop(Slot slot) throws RefusedException {
        Bundle bundle = slot.bundle();
        if (bundle == null) {
            return;
        }
        FutureTask<?> stop = new FutureTask<>(() -> {
            bundle.stop(Bundle.STOP_TRANSIENT);
            return null;
        });
        try {
            within(stop, bundle);
        } catch (ExecutionException e) {
            LOG.warn("plugin {} did not stop cleanly: {}", bundle.getSymbolicName(), reason(e.getCause()));
        } catch (TimeoutException e) {
            discardAfter(stop, bundle);
            String problem = "version " + slot.accepted().version() + " has not stopped within "
                    + Limits.PLUGIN_MOVE_MAX_MILLIS + " ms; restart the node, and add it again";
            fails(slot, problem);
            throw new RefusedException(problem);
        }
    }

    /** Waits for a while only: what hangs is gone when it comes out of that. */
    private void uninstall(@Nullable Bundle bundle) {
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED || leaving.contains(bundle)) {
            return;
        }
        FutureTask<?> end = new FutureTask<>(() -> discard(bundle), null);
        try {
            within(end, bundle);
        } catch (TimeoutException e) {
            discardAfter(end, bundle);
        } catch (RefusedException | ExecutionException e) {
            LOG.warn("plugin {} is not gone yet: {}", bundle.getSymbolicName(), reason(e));
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
        log.close();
    }
}
