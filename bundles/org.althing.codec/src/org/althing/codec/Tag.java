// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The domains of signatures: what is signed as one kind of thing can never pass for another. The tag, in ASCII and ended
 * by a NUL byte, stands in front of the signed bytes; no tag is the beginning of another.
 */
public enum Tag {

    /** The payload of an entry. */
    ENTRY("althing-entry-1"),

    /** A notary's vote for a header, a timeout or a final seal. */
    VOTE("althing-vote-1"),

    /** A new device key's consent to its root key. */
    DEVICE("althing-device-1"),

    /** A would-be member's consent to an admission. */
    MEMBER("althing-member-1"),

    /** A would-be notary's consent to serve a DAO. */
    NOTARY("althing-notary-1"),

    /** What one member tells another. */
    MESSAGE("althing-message-1"),

    /** A notary's promise to include an entry. */
    RECEIPT("althing-receipt-1");

    private final String text;
    private final byte[] bytes;

    Tag(String text) {
        this.text = text;
        this.bytes = (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    /** The message with this tag in front: the bytes that are signed, in a new array. */
    public byte[] prefix(byte[] message) {
        byte[] tagged = Arrays.copyOf(bytes, bytes.length + message.length);
        System.arraycopy(message, 0, tagged, bytes.length, message.length);
        return tagged;
    }

    /** The tag as it is written in the formats, without its NUL. */
    @Override
    public String toString() {
        return text;
    }
}
