// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.HostConfiguration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A host without a node, and somebody who listens to a topic; closing takes both away. */
final class LoneHost implements AutoCloseable {

    private final BundleContext context =
            FrameworkUtil.getBundle(LoneHost.class).getBundleContext();
    /** Held while it is used: the service is made for each bundle, and gone when that bundle lets go. */
    private final ServiceReference<ConfigurationAdmin> admin;

    private final Configuration configuration;
    private final ServiceRegistration<?> registration;

    LoneHost(Path folder, TopicValidator validator) throws IOException {
        Installed.service(ConfigurationAdmin.class); // Waits until it is there.
        admin = context.getServiceReference(ConfigurationAdmin.class);
        configuration = context.getService(admin).createFactoryConfiguration(HostConfiguration.PID, "?");
        configuration.update(new Hashtable<>(Map.of("data", folder.toString(), "agent", "itest")));
        registration = context.registerService(TopicValidator.class, validator, null);
    }

    @Override
    public void close() throws Exception {
        registration.unregister();
        // Else the host would write into a folder that is being deleted.
        Providers.whileStopped("org.althing.net", configuration::delete);
        context.ungetService(admin);
    }
}
