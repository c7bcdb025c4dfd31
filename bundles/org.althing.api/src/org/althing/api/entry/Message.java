// SPDX-License-Identifier: EPL-2.0
package org.althing.api.entry;

import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;

/**
 * What one member of a private DAO tells another, and nobody else: no entry, so it leaves no trace in the ledger. Members' nodes pass it on and keep it for
 * {@link #KEPT_MILLIS}, though only one of them can open it.
 *
 * @param cid hash of its canonical bytes, its name
 * @param sizeBytes number of those bytes
 * @param key a device key of the author
 * @param to by which the addressee's node reads
 * @param timeMillis claimed time, Unix milliseconds
 * @param encapsulated the 32 bytes from which the addressee makes the key (RFC 9180, "enc")
 * @param box the text, padded, encrypted and authenticated
 * @param signature by {@code key}, over the tag {@code althing-message-1} and the canonical payload
 */
public record Message(
        Cid cid,
        int sizeBytes,
        Cid dao,
        PublicKey key,
        ReadingKey to,
        long timeMillis,
        byte[] encapsulated,
        byte[] box,
        Signature signature) {

    /** The longest text, in bytes of UTF-8. */
    public static final int TEXT_MAX_BYTES = 8 * 1024;
    /** The largest message, in bytes. */
    public static final int SIZE_MAX_BYTES = 9 * 1024;
    /** How long nodes keep a message. */
    public static final long KEPT_MILLIS = 7L * 24 * 3600 * 1000;

    public Message {
        encapsulated = encapsulated.clone();
        box = box.clone();
    }

    @Override
    public byte[] encapsulated() {
        return encapsulated.clone();
    }

    @Override
    public byte[] box() {
        return box.clone();
    }
}
