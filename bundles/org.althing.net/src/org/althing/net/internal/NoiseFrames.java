// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into Noise messages, each behind its length of two bytes. What has come of a message is kept; a message that lies whole
 * in the input is not copied. For one thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#wire-format">noise-libp2p, wire format</a>
 */
final class NoiseFrames {

    static final int PREFIX_BYTES = 2;

    private byte @Nullable [] partial;
    private int filled;
    /** The first byte of a length whose second has not come; -1 for none. */
    private int high = -1;

    /** The next whole message, valid until the input changes; null if it has not all come. */
    @Nullable
    ByteBuffer next(ByteBuffer in) {
        if (partial == null) {
            int length = readLength(in);
            if (length < 0) {
                return null;
            }
            if (length <= in.remaining()) {
                ByteBuffer message = in.slice(in.position(), length);
                in.position(in.position() + length);
                return message;
            }
            partial = new byte[length];
            filled = 0;
        }
        int take = Math.min(partial.length - filled, in.remaining());
        in.get(partial, filled, take);
        filled += take;
        if (filled < partial.length) {
            return null;
        }
        ByteBuffer message = ByteBuffer.wrap(partial);
        partial = null;
        return message;
    }

    private int readLength(ByteBuffer in) {
        if (high < 0 && in.hasRemaining()) {
            high = in.get() & 0xff;
        }
        if (!in.hasRemaining()) {
            return -1;
        }
        int length = high << 8 | in.get() & 0xff;
        high = -1;
        return length;
    }
}
