// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes services that themselves need the host. They cannot be had while the host is being made (each would wait for the other, and the component runtime
 * then leaves one out), so they are taken one after the other on a thread of their own, as soon as it is made.
 */
final class Whiteboard {

    private static final Logger LOG = LoggerFactory.getLogger(Whiteboard.class);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("althing-net-services").factory());
    private final CompletableFuture<BundleContext> context = new CompletableFuture<>();
    private final Map<Key, Runnable> taken = new HashMap<>();

    /** One service may be taken as several things. */
    private record Key(Class<?> type, ServiceReference<?> reference) {}

    /** The host is made. */
    void set(BundleContext made) {
        context.complete(made);
    }

    /** @param type as which the service is taken */
    <T> void add(Class<T> type, ServiceReference<T> reference, Consumer<T> add, Consumer<T> remove) {
        run(() -> {
            BundleContext from = context.join();
            @Nullable T service = from.getService(reference);
            if (service != null) {
                add.accept(service);
                taken.put(new Key(type, reference), () -> {
                    remove.accept(service);
                    from.ungetService(reference);
                });
            }
        });
    }

    void remove(Class<?> type, ServiceReference<?> reference) {
        run(() -> {
            Runnable release = taken.remove(new Key(type, reference));
            if (release != null) {
                release.run();
            }
        });
    }

    private void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.warn("a service could not be taken or let go: {}", e.toString());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the host stops");
        }
    }

    /** Lets go of everything. */
    void close() {
        run(() -> {
            taken.values().forEach(Runnable::run);
            taken.clear();
        });
        thread.shutdown();
    }
}
