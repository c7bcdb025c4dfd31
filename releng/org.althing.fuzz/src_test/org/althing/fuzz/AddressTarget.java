// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.assembly.Assembly.Invite;
import org.althing.api.assembly.InviteLink;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.Uvarint;

/** Varints, addresses, peer ids, CIDs and invite links; all have one form, or one that they are written in. */
public final class AddressTarget {

    private static final PeerId PEER = PeerId.of(PublicKey.of(new byte[PublicKey.BYTES]));

    private AddressTarget() {}

    static List<byte[]> seeds() {
        Cid cid = Cid.hash(new byte[] {1});
        String address = "/ip4/192.0.2.7/tcp/4001/p2p/" + PEER;
        Invite invite =
                new Invite(cid.toString(), cid.toString(), 7, List.of(address, "/dns/a.example/tcp/1/p2p/" + PEER));
        return List.of(
                FuzzTarget.forDecoder(0, new byte[] {(byte) 0xff, 0x7f}),
                FuzzTarget.forDecoder(1, Multiaddr.parse(address).toBytes()),
                FuzzTarget.forDecoder(
                        1, Multiaddr.parse("/ip6/2001:db8::1/tcp/4001").toBytes()),
                FuzzTarget.forDecoder(2, text(address)),
                FuzzTarget.forDecoder(2, text("/ip6/::ffff:1.2.3.4/tcp/1")),
                FuzzTarget.forDecoder(2, text("/dns4/x.example/tcp/443/tls/ws")),
                FuzzTarget.forDecoder(3, PEER.toBytes()),
                FuzzTarget.forDecoder(4, text(PEER.toString())),
                FuzzTarget.forDecoder(4, text("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")),
                FuzzTarget.forDecoder(5, cid.toBytes()),
                FuzzTarget.forDecoder(6, text(cid.toString())),
                FuzzTarget.forDecoder(7, text(InviteLink.of(invite))));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            switch (input[0]) {
                case 0 -> varint(bytes);
                case 1 -> {
                    Multiaddr address = Multiaddr.of(bytes);
                    FuzzTarget.require(Arrays.equals(address.toBytes(), bytes), "an address has one binary form");
                    read(address);
                }
                case 2 -> {
                    Multiaddr address = Multiaddr.parse(text);
                    FuzzTarget.require(address.toString().equals(text), "an address has one text form");
                    read(address);
                }
                case 3 ->
                    FuzzTarget.require(Arrays.equals(PeerId.of(bytes).toBytes(), bytes), "a peer id has one form");
                case 4 -> {
                    PeerId peer = PeerId.parse(text);
                    FuzzTarget.require(PeerId.parse(peer.toString()).equals(peer), "a peer id is read as written");
                    peer.key()
                            .ifPresent(key -> FuzzTarget.require(PeerId.of(key).equals(peer), "its key names it"));
                }
                case 5 ->
                    FuzzTarget.require(Arrays.equals(Cid.fromBytes(bytes).toBytes(), bytes), "a CID has one form");
                case 6 -> FuzzTarget.require(Cid.parse(text).toString().equals(text), "a CID has one text form");
                default -> {
                    Invite invite = InviteLink.parse(text);
                    FuzzTarget.require(
                            InviteLink.parse(InviteLink.of(invite)).equals(invite), "a link is read as written");
                }
            }
        } catch (IllegalArgumentException e) {
            // Refused, as declared.
        }
    }

    private static void varint(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        long value = Uvarint.read(source);
        if (value >= 0) {
            byte[] written = new byte[Uvarint.size(value)];
            Uvarint.write(value, written, 0);
            FuzzTarget.require(
                    Arrays.equals(written, Arrays.copyOf(bytes, source.position())), "a varint has one form");
        }
    }

    /** An address is asked for its parts as soon as it is known, so that must not fail, either. */
    private static void read(Multiaddr address) {
        FuzzTarget.require(Multiaddr.parse(address.toString()).equals(address), "an address is read as written");
        try {
            FuzzTarget.require(Multiaddr.of(address.toBytes()).equals(address), "an address is read as written");
        } catch (IllegalArgumentException e) {
            FuzzTarget.require(address.toBytes().length > Multiaddr.SIZE_MAX_BYTES, "an address has a binary form");
        }
        FuzzTarget.require(address.tcpHost().isPresent() == address.tcpPort().isPresent(), "a host has a port");
    }
}
