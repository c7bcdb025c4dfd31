// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;

/** Arrays that all connections of one event loop use in turn, never across two events. */
final class Scratch {

    private final byte[] in = new byte[64 << 10];
    private final byte[] plain = new byte[NoiseTransport.PLAIN_MAX_BYTES];
    private final ByteBuffer content = ByteBuffer.allocate(NoiseTransport.PLAIN_MAX_BYTES);
    private final byte[] sealed = new byte[NoiseTransport.PLAIN_MAX_BYTES + NoiseTransport.OVERHEAD_BYTES];

    /** For bytes from a socket. */
    byte[] in() {
        return in;
    }

    /** For what a peer has encrypted. */
    byte[] plain() {
        return plain;
    }

    /** For what is to be encrypted. */
    ByteBuffer content() {
        return content;
    }

    /** For what was encrypted. */
    byte[] sealed() {
        return sealed;
    }
}
