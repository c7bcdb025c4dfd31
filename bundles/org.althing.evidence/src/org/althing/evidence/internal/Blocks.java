// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.althing.api.Cid;
import org.althing.codec.MalformedException;

/**
 * The blocks of an evidence file, in the order in which a verifier asks for them: that order, and nothing else, is the order of the file.
 * So a writer needs no order of its own: it lets a verifier ask and writes what it is asked for.
 *
 * <p>Not safe for use by several threads, but for {@link #again}.
 */
interface Blocks {

    /** A block and its {@link Spot}. */
    record Block(byte[] bytes, long spot) {}

    /**
     * The next block.
     *
     * @throws Stopped if it is not there
     * @throws UncheckedIOException if the file cannot be read
     */
    Block next(Cid cid);

    /**
     * The bytes of a block that was given before, unless the file has changed since: whoever asks looks.
     *
     * @throws UncheckedIOException if the file cannot be read, or is shorter now
     */
    byte[] again(long spot);

    /**
     * A block that was given before.
     *
     * @throws UncheckedIOException if the file cannot be read, or has changed
     */
    default byte[] again(Cid cid, long spot) {
        byte[] bytes = again(spot);
        if (!cid.names(bytes)) {
            throw changed();
        }
        return bytes;
    }

    /** Takes the next block and decodes it. */
    default <T> T decode(Cid cid, String what, Function<byte[], T> decoder) {
        return decode(cid, what, next(cid).bytes, decoder);
    }

    /** Decodes bytes that somebody else chose. */
    static <T> T decode(Cid cid, String what, byte[] bytes, Function<byte[], T> decoder) {
        try {
            return decoder.apply(bytes);
        } catch (MalformedException e) {
            throw new Stopped(ClaimKind.FILE, "block " + cid + " is no " + what + ": " + e.getMessage());
        }
    }

    static UncheckedIOException changed() {
        return new UncheckedIOException(new IOException("the file changed while it was read; check it again"));
    }
}
