// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an HTTP door needs to know.
 *
 * @param host name or address to listen on
 * @param port 0 for any that is free, up to 65535
 * @param names further names that clients may call this node by in {@code Host}; those of the loopback and {@code host} itself are always known
 * @param requestsPerSecondMax of one address in the long run; twice as many may come at once, and those that come a little too early wait
 * @param tls empty for HTTP, else HTTPS and nothing else
 * @param stop what the administrator's call to stop runs; it must return soon
 */
public record HttpSettings(
        String host, int port, List<String> names, int requestsPerSecondMax, Optional<Tls> tls, Runnable stop) {

    public static final int PORT_DEFAULT = 7146;
    public static final String HOST_DEFAULT = "127.0.0.1";
    public static final int PORT_MAX = 65_535;

    public static final int REQUESTS_PER_SECOND_DEFAULT = 5_000;

    /**
     * Files that a door proves its name with, in PEM.
     *
     * @param certificate of the door, its issuers after it
     * @param key that belongs to it: RSA, EC or Ed25519, in PKCS#8, readable by its owner alone
     * @param lookIntervalMillis between looks whether the files were renewed
     */
    public record Tls(Path certificate, Path key, long lookIntervalMillis) {

        public static final long LOOK_INTERVAL_MILLIS_DEFAULT = 60_000;

        public Tls {
            if (lookIntervalMillis < 1) {
                throw new IllegalArgumentException(lookIntervalMillis + " ms between looks is out of range");
            }
        }
    }

    public HttpSettings {
        names = List.copyOf(names);
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port " + port + " is out of range");
        }
        if (requestsPerSecondMax < 1) {
            throw new IllegalArgumentException(requestsPerSecondMax + " requests per second is out of range");
        }
    }
}
