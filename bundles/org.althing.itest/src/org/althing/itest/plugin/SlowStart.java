// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.plugin;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts when a test lets it. Its bundle has classes of its own, so they meet through the system properties. */
public final class SlowStart implements BundleActivator {

    public static final String GATE = "test.slow-start.gate";

    @Override
    public void start(BundleContext context) throws InterruptedException {
        ((CountDownLatch) System.getProperties().get(GATE)).await();
    }

    @Override
    public void stop(BundleContext context) {}
}
