// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.concurrent.CountDownLatch;
import org.eclipse.osgi.service.runnable.ApplicationRunnable;
import org.eclipse.osgi.service.runnable.ParameterizedRunnable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * The process's application: Equinox calls {@link #run(Object)} on the main thread with the command line, and
 * the integer it returns becomes the exit code; {@link #stop()} on another thread when the process is told to end. Who rehearses in one process has
 * several, each of which can be stopped once.
 */
@Component(
        service = ParameterizedRunnable.class,
        scope = ServiceScope.PROTOTYPE,
        property = "eclipse.application=org.althing.cli")
public final class CliApplication implements ApplicationRunnable {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Services services;

    @Activate
    public CliApplication(BundleContext context) {
        services = new OsgiServices(context);
    }

    @Override
    public Object run(Object context) {
        String[] arguments = context instanceof String[] given ? given : new String[0];
        return new Cli(
                        services,
                        Terminal.ofProcess(System.getenv()),
                        Surroundings.ofProcess(arguments, new ProcessStop()))
                .run(arguments);
    }

    /** Ctrl-C or SIGTERM. */
    @Override
    public void stop() {
        stopped.countDown();
    }

    private final class ProcessStop implements Surroundings.Stop {

        @Override
        public void await(Runnable last) {
            try {
                stopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            last.run();
        }

        @Override
        public void now() {
            stopped.countDown();
        }
    }
}
