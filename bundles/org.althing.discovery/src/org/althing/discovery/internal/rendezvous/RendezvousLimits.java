// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import org.althing.api.net.PeerRecord;

/** The bounds of both sides of the rendezvous protocol. */
final class RendezvousLimits {

    static final String PROTOCOL = "/rendezvous/1.0.0";

    // What goes over the wire.

    static final int NAMESPACE_MAX_BYTES = 255;
    static final int COOKIE_MAX_BYTES = 256;
    static final int STATUS_TEXT_MAX_BYTES = 256;
    /** One question. */
    static final int REQUEST_MAX_BYTES = 4 << 10;
    /** Registrations in one answer. */
    static final int REGISTRATIONS_PER_ANSWER_MAX = 64;
    /** One answer; one of another implementation with more than we ask for is refused. */
    static final int ANSWER_MAX_BYTES =
            REGISTRATIONS_PER_ANSWER_MAX * (PeerRecord.SIZE_MAX_BYTES + NAMESPACE_MAX_BYTES + 64) + 1024;

    // The list.

    static final int REGISTRATIONS_MAX = 4096;
    static final int REGISTRATIONS_PER_NAMESPACE_MAX = 1024;
    static final int REGISTRATIONS_PER_PEER_MAX = 64;
    /** When a peer does not say how long, as the specification has it. */
    static final long TTL_DEFAULT_SECONDS = 2 * 3600;

    static final long TTL_MAX_SECONDS = 72 * 3600;
    /** Questions of one peer; each may cost a signature check. */
    static final int REQUESTS_PER_MINUTE_MAX = 180;
    /** Peers that ask within one minute. */
    static final int ASKERS_PER_MINUTE_MAX = 4096;

    // Those who ask.

    /** Peers that keep such lists and are asked. */
    static final int POINTS_MAX = 4;

    /** DAOs that are asked for. */
    static final int NAMESPACES_ASKED_MAX = REGISTRATIONS_PER_PEER_MAX;

    /** Between two looks at what is due. */
    static final long LOOK_MILLIS = 1_000;

    static final long REGISTER_INTERVAL_MILLIS = TTL_DEFAULT_SECONDS * 1000 / 2;
    static final long DISCOVER_INTERVAL_MILLIS = 60_000;
    /** With fewer peers connected, it is asked more often. */
    static final int PEERS_FEW = 4;

    static final long DISCOVER_INTERVAL_FEW_MILLIS = 10_000;
    /** After a question that was refused or not answered. */
    static final long PAUSE_MILLIS = 30_000;

    static final long ANSWER_MAX_MILLIS = 10_000;
    /** Addresses of one peer that are handed to the host. */
    static final int ADDRESSES_PER_PEER_MAX = 4;

    private RendezvousLimits() {}
}
