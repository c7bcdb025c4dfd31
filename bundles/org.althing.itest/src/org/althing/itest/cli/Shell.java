// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.cli;

import java.time.Duration;
import org.eclipse.osgi.service.runnable.ParameterizedRunnable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/** The framework that the tests run in: its command line and its services. */
final class Shell {

    private static final Duration WAIT_MAX = Duration.ofSeconds(20);
    private static final String COMMAND_LINE = "(eclipse.application=org.althing.cli)";

    private Shell() {}

    /** Runs one command line in this process; returns its exit code. */
    static int run(String... arguments) throws Exception {
        return (Integer)
                first(tracker(COMMAND_LINE, ParameterizedRunnable.class)).run(arguments);
    }

    static <T> T service(Class<T> type) {
        return first(new ServiceTracker<>(context(), type, null));
    }

    private static <T> ServiceTracker<T, T> tracker(String filter, Class<T> type) throws InvalidSyntaxException {
        Filter both = context().createFilter("(&(objectClass=" + type.getName() + ")" + filter + ")");
        return new ServiceTracker<>(context(), both, null);
    }

    private static <T> T first(ServiceTracker<T, T> tracker) {
        tracker.open();
        try {
            T service = tracker.waitForService(WAIT_MAX.toMillis());
            if (service == null) {
                throw new AssertionError("no service for " + tracker + " within " + WAIT_MAX);
            }
            return service;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            tracker.close();
        }
    }

    private static BundleContext context() {
        return FrameworkUtil.getBundle(Shell.class).getBundleContext();
    }
}
