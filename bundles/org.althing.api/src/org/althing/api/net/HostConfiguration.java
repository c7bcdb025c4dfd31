// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

/**
 * What any provider of {@link Host} is told: a component property type, so a method {@code listen()} is the property {@code listen}.
 * Whoever starts a node sets it under {@link #PID}; a provider refuses what is out of range with one line that names the property.
 */
public @interface HostConfiguration {

    /** Under which the configuration is found. */
    String PID = "org.althing.net";

    /** The folder of the node's own files; it must exist. */
    String data();

    /** Multiaddrs to listen on. Port 0 is any that is free; none at all for a node that only dials. */
    String[] listen() default {"/ip4/127.0.0.1/tcp/0"};

    /** Multiaddrs to tell others in place of those listened on, for a node behind a router. */
    String[] announce() default {};

    /** What this program calls itself. */
    String agent() default "althing";

    /** Connections in all, 1 to 10000. */
    int connectionsMax() default 256;

    /** Connections that peers may begin, so that nobody can take the places of those we choose ourselves. */
    int inboundMax() default 160;

    /** Outbound connections that the host tries to have as long as it knows addresses. */
    int outboundWanted() default 16;

    /** Connections in an IPv4 network of 24 bits or an IPv6 network of 48. */
    int connectionsPerRangeMax() default 16;

    /** Networks the bound of a range does not hold for, such as {@code 10.0.0.0/8}. */
    String[] rangesUnbounded() default {};

    /** From the first packet until a peer has proved its identity and a multiplexer is agreed on, in milliseconds. */
    int handshakeTimeoutMillis() default 10_000;

    /** From a call to dial or open until its future completes, in milliseconds. */
    int dialTimeoutMillis() default 15_000;
}
