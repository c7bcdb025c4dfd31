// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.util.Arrays;
import java.util.List;

/**
 * Where a peer says it can be reached, signed by that peer, so that others can pass it on. That the peer said so is certain; whether it is there is not.
 *
 * <p>Immutable and safe to share between threads. {@link Host} makes them, and has checked the signature of each.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0003-routing-records.md">libp2p RFC 0003: peer routing records</a>
 */
public final class PeerRecord {

    /** Length of the longest signed form, in bytes. */
    public static final int SIZE_MAX_BYTES = 2 << 10;

    /** Addresses of a record; more are passed over. */
    public static final int ADDRESSES_MAX = 16;

    private final PeerId peer;
    private final long sequence;
    private final List<Multiaddr> addresses;
    private final byte[] signed;

    /**
     * @param addresses those that we understand, without the peer at the end
     * @param signed the form that is passed on: a signed envelope
     * @throws IllegalArgumentException for more than the bounds say
     */
    public PeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses, byte[] signed) {
        if (addresses.size() > ADDRESSES_MAX || signed.length > SIZE_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a peer record of " + addresses.size() + " addresses, " + signed.length + " bytes");
        }
        this.peer = peer;
        this.sequence = sequence;
        this.addresses = List.copyOf(addresses);
        this.signed = signed.clone();
    }

    /** Who signed it, and whose addresses these are. */
    public PeerId peer() {
        return peer;
    }

    /** Of two records of a peer the later one has the higher number; 64 bits without sign, and nothing else is to be read into it. */
    public long sequence() {
        return sequence;
    }

    /** Without the peer at the end. */
    public List<Multiaddr> addresses() {
        return addresses;
    }

    /** The signed envelope, in a new array. */
    public byte[] toBytes() {
        return signed.clone();
    }

    /** Whether it was made before another one of the same peer. */
    public boolean isOlderThan(PeerRecord other) {
        return Long.compareUnsigned(sequence, other.sequence) < 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerRecord that && Arrays.equals(signed, that.signed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(signed);
    }

    @Override
    public String toString() {
        return peer + " #" + Long.toUnsignedString(sequence) + " " + addresses;
    }
}
