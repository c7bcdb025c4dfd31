// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.Locale;

/** Why a connection or a stream ends or does not come about; the kinds that are counted. */
enum End {
    /** The peer closed it, or the network did. */
    PEER,
    /** We closed it, by somebody's wish or because we stop. */
    LOCAL,
    /** A dial came to nothing: refused, no route, no answer. */
    UNREACHABLE,
    /** The peer did not get through the handshake in time. */
    HANDSHAKE_TIMEOUT,
    /** No protocol in common, or bytes that are no negotiation. */
    NEGOTIATION,
    /** Bytes that are no Noise handshake. */
    HANDSHAKE,
    /** Ciphertext that is forged, replayed or out of order. */
    CIPHERTEXT,
    /** The peer could not prove its identity, or it is not the one that was dialled. */
    IDENTITY,
    /** We dialled ourselves. */
    SELF,
    /** The peer is not to connect for a while. */
    REFUSED,
    /** The bound on all connections, inbound ones or handshakes was reached. */
    CONNECTION_LIMIT,
    /** The bound on connections of an address range was reached. */
    RANGE_LIMIT,
    /** A newer connection of the same peer took its place. */
    REPLACED,
    /** We gave it up for a connection with another peer. */
    SURPLUS,
    /** Bytes that are no yamux, or more than its window. */
    YAMUX,
    /** A frame larger than its protocol allows, or bytes that are no frame. */
    FRAME,
    /** More streams, or more buffered bytes, than a peer may have. */
    STREAM_LIMIT,
    /** The peer does not read what we answer, or did not answer a ping. */
    SILENT,
    /** The handler of the protocol went away or failed. */
    HANDLER;

    /** The name in metrics, such as {@code handshake-timeout}. */
    String kind() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
