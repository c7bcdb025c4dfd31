// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.util.tracker.ServiceTracker;

/** The services of the framework that the tests run in. */
final class Installed {

    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private Installed() {}

    static <T> T service(Class<T> type) {
        BundleContext context = FrameworkUtil.getBundle(Installed.class).getBundleContext();
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        try {
            T service = tracker.waitForService(WAIT_MAX.toMillis());
            if (service == null) {
                throw new AssertionError("no " + type.getName() + " within " + WAIT_MAX);
            }
            return service;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            tracker.close();
        }
    }
}
