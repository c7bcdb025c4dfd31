// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.plugin;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts and stops when a test lets it. Its bundle has classes of its own, so they meet through the system properties. */
public final class SlowStart implements BundleActivator {

    public static final String GATE = "test.slow-start.gate";
    public static final String STOP_GATE = "test.slow-stop.gate";

    @Override
    public void start(BundleContext context) throws InterruptedException {
        await(GATE);
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        await(STOP_GATE);
    }

    /** Not at all where there is no such gate. */
    private static void await(String gate) throws InterruptedException {
        if (System.getProperties().get(gate) instanceof CountDownLatch latch) {
            latch.await();
        }
    }
}
