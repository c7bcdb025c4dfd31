// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what the framework has to say of a node's plugins, such as why a component cannot be made, into the log of the node. */
final class PluginLog implements LogListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginLog.class);

    private final String place;
    private final BundleContext context;
    private final @Nullable ServiceReference<LogReaderService> reference;

    /** @param place how the locations of the plugins begin */
    PluginLog(String place, BundleContext context) {
        this.place = place;
        this.context = context;
        this.reference = context.getServiceReference(LogReaderService.class);
        if (reference != null) {
            context.getService(reference).addLogListener(this);
        }
    }

    @Override
    public void logged(LogEntry entry) {
        Bundle bundle = entry.getBundle();
        if (entry.getLogLevel() == LogLevel.ERROR
                && bundle != null
                && bundle.getLocation().startsWith(place)) {
            LOG.error("plugin {}: {}", bundle.getSymbolicName(), entry.getMessage(), entry.getException());
        }
    }

    @Override
    public void close() {
        if (reference != null) {
            context.getService(reference).removeLogListener(this);
            context.ungetService(reference);
            context.ungetService(reference);
        }
    }
}
