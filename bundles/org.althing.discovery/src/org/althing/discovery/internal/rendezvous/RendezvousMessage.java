// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import java.util.List;

/**
 * What is said in the rendezvous protocol. Arrays in here are not copied and must not be changed.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/rendezvous/README.md">libp2p: rendezvous protocol</a>
 */
sealed interface RendezvousMessage {

    /** Whether it was done, and why not. */
    enum Status {
        OK(0),
        INVALID_NAMESPACE(100),
        INVALID_SIGNED_PEER_RECORD(101),
        INVALID_TTL(102),
        INVALID_COOKIE(103),
        NOT_AUTHORIZED(200),
        INTERNAL_ERROR(300),
        UNAVAILABLE(400);

        final int code;

        Status(int code) {
            this.code = code;
        }

        /** Unknown codes are errors, too. */
        static Status of(long code) {
            for (Status status : values()) {
                if (status.code == code) {
                    return status;
                }
            }
            return INTERNAL_ERROR;
        }
    }

    /** @param ttlSeconds 0 for what the list's keeper thinks good */
    record Register(String namespace, byte[] signedPeerRecord, long ttlSeconds) implements RendezvousMessage {}

    record RegisterResponse(Status status, String statusText, long ttlSeconds) implements RendezvousMessage {}

    /** Is not answered. */
    record Unregister(String namespace) implements RendezvousMessage {}

    /**
     * @param limit how many; 0 for as many as there are
     * @param cookie of the last answer, to get those that came since; empty for all
     */
    record Discover(String namespace, long limit, byte[] cookie) implements RendezvousMessage {}

    record DiscoverResponse(List<Register> registrations, byte[] cookie, Status status, String statusText)
            implements RendezvousMessage {}
}
