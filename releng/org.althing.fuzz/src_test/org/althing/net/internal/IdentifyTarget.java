// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.althing.api.PublicKey;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerRecord;
import org.althing.codec.Ed25519;
import org.althing.fuzz.FuzzTarget;

/** Identify and identify/push with the signed records in them, and the frames that they and all other protocols come in. */
public final class IdentifyTarget {

    private static final int FRAME_MAX_BYTES = 1024;
    private static final PeerIdentity BEFORE = new PeerIdentity("before", Set.of("/a"), List.of(), Optional.empty());
    private static final Ed25519 ED25519 = Ed25519.fastest();
    private static final HostKey KEY = new HostKey(new byte[Ed25519.SEED_BYTES], ED25519);

    private IdentifyTarget() {}

    public static List<byte[]> seeds() {
        PeerRecord record = PeerRecords.write(KEY, 7, List.of(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001")));
        byte[] message = Identify.write(
                PublicKey.of(new byte[PublicKey.BYTES]),
                "althing/0.1",
                List.of("/ipfs/ping/1.0.0", "/meshsub/1.2.0"),
                List.of(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001")),
                record,
                Optional.of(Multiaddr.parse("/ip6/::1/tcp/1")));
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length | 0x80);
        framed[1] = (byte) (message.length >> 7);
        System.arraycopy(message, 0, framed, 2, message.length);
        return List.of(
                FuzzTarget.forDecoder(0, message),
                FuzzTarget.forDecoder(1, framed),
                FuzzTarget.forDecoder(1, new byte[] {0, 1, 5, 2, 6, 7}),
                FuzzTarget.forDecoder(2, record.toBytes()),
                FuzzTarget.forDecoder(
                        3,
                        SignedEnvelope.open(record.toBytes(), PeerRecords.PURPOSE, ED25519)
                                .orElseThrow()
                                .payload()));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        switch (input[0]) {
            case 0 -> {
                identify(bytes, null);
                identify(bytes, BEFORE);
            }
            case 2 -> record(bytes);
            // As signed by a peer, since none that the fuzzer changes stays so.
            case 3 -> record(SignedEnvelope.seal(KEY, PeerRecords.PURPOSE, bytes));
            default ->
                FuzzTarget.require(frames(bytes, bytes.length).equals(frames(bytes, 1)), "cuts make no difference");
        }
    }

    private static void record(byte[] signed) {
        PeerRecords.read(signed, ED25519)
                .ifPresent(record -> FuzzTarget.require(
                        Arrays.equals(record.toBytes(), signed)
                                && record.peer().equals(KEY.peer())
                                && record.addresses().size() <= PeerRecord.ADDRESSES_MAX,
                        "a record is its signer's, and keeps to its bounds"));
    }

    private static void identify(byte[] bytes, PeerIdentity before) {
        try {
            PeerIdentity read = Identify.read(
                    bytes, before, (signed, known) -> PeerRecords.read(signed, KEY.peer(), known, ED25519));
            FuzzTarget.require(
                    read.agent().chars().allMatch(c -> c >= ' ' && c <= '~')
                            && read.agent().length() <= PeerIdentity.AGENT_MAX_CHARS
                            && read.protocols().size() <= PeerIdentity.PROTOCOLS_MAX
                            && read.listenAddresses().size() <= PeerIdentity.ADDRESSES_MAX,
                    "an identity keeps to its bounds");
        } catch (Violation e) {
            // Refused, as declared.
        }
    }

    private static List<String> frames(byte[] bytes, int cut) {
        FrameReader frames = new FrameReader(FRAME_MAX_BYTES);
        List<String> read = new ArrayList<>();
        try {
            for (int at = 0; at < bytes.length; at += cut) {
                ByteBuffer in = ByteBuffer.wrap(bytes, at, Math.min(cut, bytes.length - at));
                for (byte[] frame = frames.next(in); frame != null; frame = frames.next(in)) {
                    FuzzTarget.require(frame.length <= FRAME_MAX_BYTES, "a frame is bounded");
                    read.add(Arrays.toString(frame));
                }
                FuzzTarget.require(frames.heldBytes() <= FRAME_MAX_BYTES, "what is kept is bounded");
            }
        } catch (Violation e) {
            read.add(e.reason());
        }
        return read;
    }
}
