// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.util.List;

/**
 * Answers streams that peers open. A service: the host offers the protocols of every handler that is registered; when one goes, its streams
 * are reset. Of two handlers for one protocol, the one with the higher service ranking, else the older, answers.
 */
public interface ProtocolHandler {

    /** Streams of a protocol that one peer may have open towards us, unless a handler says otherwise. */
    int STREAMS_PER_PEER_MAX_DEFAULT = 4;

    /** The protocol ids, such as {@code /althing/sync/1}; 1 to 140 printable ASCII characters each, beginning with a slash. */
    List<String> protocols();

    /** The largest frame that is read, in bytes, at most {@link NetStream#FRAME_SIZE_LIMIT_BYTES}; a stream with a larger one is reset. */
    int frameSizeMaxBytes();

    /** Streams of each protocol that one peer may have open towards us; more are reset. */
    default int streamsPerPeerMax() {
        return STREAMS_PER_PEER_MAX_DEFAULT;
    }

    /**
     * A peer has opened a stream. Called on a thread of the transport; must return soon. An exception resets the stream.
     *
     * @return who is told what happens to it
     */
    NetStream.Receiver accept(NetStream stream);
}
