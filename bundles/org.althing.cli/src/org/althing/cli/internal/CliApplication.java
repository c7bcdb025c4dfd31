// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import org.eclipse.osgi.service.runnable.ParameterizedRunnable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The process's one application: Equinox calls {@link #run(Object)} on the main thread with the command line, and
 * the integer it returns becomes the exit code.
 */
@Component(service = ParameterizedRunnable.class, property = "eclipse.application=org.althing.cli")
public final class CliApplication implements ParameterizedRunnable {

    private final Services services;

    @Activate
    public CliApplication(BundleContext context) {
        services = new OsgiServices(context);
    }

    @Override
    public Object run(Object context) {
        String[] arguments = context instanceof String[] given ? given : new String[0];
        return new Cli(services, Terminal.ofProcess(System.getenv()), Surroundings.ofProcess(arguments)).run(arguments);
    }
}
