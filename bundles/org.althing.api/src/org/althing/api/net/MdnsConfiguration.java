// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

/**
 * Whether peers are looked for in the local network: whoever starts a node makes a configuration under {@link #PID} if so. A component
 * property type without properties: what is told there are the addresses of {@link Host#listenAddresses()}.
 */
public @interface MdnsConfiguration {

    /** Under which the configuration is found. */
    String PID = "org.althing.discovery.mdns";
}
