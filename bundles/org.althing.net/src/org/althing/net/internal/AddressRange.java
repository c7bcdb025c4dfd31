// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.Arrays;
import org.althing.api.net.AddressProtocol;
import org.althing.api.net.Multiaddr;

/**
 * A network of IP addresses: the first bits of each.
 *
 * @param prefix the bits, those past {@code bits} zero
 */
record AddressRange(Bytes prefix, int bits) {

    /** What one owner is taken to have of IPv4 and IPv6, in bits. */
    private static final int IP4_OWNER_BITS = 24;

    private static final int IP6_OWNER_BITS = 48;

    private static final int IP4_BYTES = 4;
    private static final int IP6_BYTES = 16;

    /** An IPv4 address in IPv6 (RFC 4291, section 2.5.5.2) begins with these. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    /** Bytes with the equality of their content. */
    record Bytes(byte[] content) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(content);
        }
    }

    /** The network that an address is taken to share its owner with. */
    static AddressRange ofOwner(byte[] ip) {
        byte[] address = unmapped(ip);
        return of(address, address.length == IP4_BYTES ? IP4_OWNER_BITS : IP6_OWNER_BITS);
    }

    /**
     * Reads {@code 10.0.0.0/8} or {@code fd00::/8}.
     *
     * @throws IllegalArgumentException unless it is one
     */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("a range is written 10.0.0.0/8, not " + text);
        }
        String ip = text.substring(0, slash);
        String kind = ip.contains(":") ? AddressProtocol.IP6.text() : AddressProtocol.IP4.text();
        byte[] form = Multiaddr.parse("/" + kind + "/" + ip).toBytes();
        byte[] address = Arrays.copyOfRange(form, 1, form.length);
        int bits = Integer.parseInt(text.substring(slash + 1));
        if (bits > address.length * 8) {
            throw new IllegalArgumentException("a range of " + bits + " bits: " + text);
        }
        return of(address, bits);
    }

    boolean contains(byte[] ip) {
        byte[] address = unmapped(ip);
        return address.length == prefix.content.length && of(address, bits).equals(this);
    }

    private static AddressRange of(byte[] address, int bits) {
        byte[] prefix = address.clone();
        for (int i = 0; i < prefix.length; i++) {
            int kept = Math.clamp(bits - 8 * i, 0, 8);
            prefix[i] &= (byte) (0xff00 >> kept);
        }
        return new AddressRange(new Bytes(prefix), bits);
    }

    private static byte[] unmapped(byte[] ip) {
        boolean isMapped = ip.length == IP6_BYTES && Arrays.mismatch(ip, MAPPED) == MAPPED.length;
        return isMapped ? Arrays.copyOfRange(ip, MAPPED.length, IP6_BYTES) : ip;
    }
}
