// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpDoors;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.RunningNode;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Opens HTTP doors, and closes those that are open when the bundle stops. */
@Component(service = HttpDoors.class)
public final class WebDoors implements HttpDoors {

    private final BundleContext context;
    private final Jetty jetty;
    private final AtomicLong opened = new AtomicLong();
    private final Set<HttpDoor> open = ConcurrentHashMap.newKeySet();

    @Activate
    public WebDoors(BundleContext context) {
        this.context = context;
        this.jetty = new Jetty(context);
    }

    @Override
    public HttpDoor open(RunningNode node, HttpSettings settings) throws RefusedException, AlthingException {
        Door door = Door.open("althing-" + opened.incrementAndGet(), context, jetty, node, settings, open::remove);
        open.add(door);
        return door;
    }

    @Deactivate
    void deactivate() {
        open.forEach(HttpDoor::close);
        jetty.close();
    }
}
