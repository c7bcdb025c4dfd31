// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** Services from the registry of the framework. A process runs one command, so what was fetched is kept until the framework stops. */
final class OsgiServices implements Services {

    /** How long a command waits for a service of a bundle that is still starting. */
    static final long WAIT_MAX_MILLIS = 5_000;

    private final BundleContext context;

    OsgiServices(BundleContext context) {
        this.context = context;
    }

    @Override
    public <T> T require(Class<T> type, String purpose) throws Failure {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        T service = await(tracker);
        if (service == null) {
            throw Failure.environment(purpose + " is not installed: no bundle provides " + type.getName()
                    + "; start althing with all its bundles");
        }
        return service;
    }

    @Override
    public <T> List<T> all(Class<T> type) {
        try {
            Collection<ServiceReference<T>> references = context.getServiceReferences(type, null);
            return references.stream()
                    .sorted()
                    .map(context::getService)
                    .filter(Objects::nonNull)
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new AssertionError("no filter is well-formed", e);
        }
    }

    private static <T> @Nullable T await(ServiceTracker<T, T> tracker) throws Failure {
        try {
            return tracker.waitForService(WAIT_MAX_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.environment("interrupted");
        }
    }
}
