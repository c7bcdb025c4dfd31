// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

/**
 * Whether this node keeps a list of who serves which DAO, for others to ask: whoever starts it makes a configuration under {@link #PID} if so. A
 * component property type without properties.
 */
public @interface RendezvousConfiguration {

    /** Under which the configuration is found. */
    String PID = "org.althing.discovery.rendezvous";
}
