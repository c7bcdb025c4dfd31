// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.althing.fuzz.FuzzTarget;

/** The blocks that an evidence file has of its own. */
public final class EvidenceTarget {

    private static final Cid CID = Cid.hash(new byte[] {1});

    private EvidenceTarget() {}

    public static List<byte[]> seeds() {
        Manifest.Place place = new Manifest.Place(3, List.of(new byte[Merkle.HASH_BYTES]));
        Manifest.Proof proof = new Manifest.Proof(CID, place, List.of(new Manifest.Result(CID, 7, place)));
        return List.of(
                FuzzTarget.forDecoder(0, new Manifest(CID, List.of(), List.of(CID), Optional.empty()).encode()),
                FuzzTarget.forDecoder(0, new Manifest(CID, List.of(), List.of(CID, CID), Optional.of(proof)).encode()),
                FuzzTarget.forDecoder(
                        1,
                        new Manifest.Page(List.of(new Manifest.Seal(CID, CID, null), new Manifest.Seal(CID, null, CID)))
                                .encode()),
                FuzzTarget.forDecoder(2, Manifest.encodeBody(List.of(CID, CID))));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        try {
            byte[] written = switch (input[0]) {
                case 0 -> Manifest.decode(bytes).encode();
                case 1 -> Manifest.Page.decode(bytes).encode();
                default -> Manifest.encodeBody(Manifest.decodeBody(bytes));
            };
            FuzzTarget.require(Arrays.equals(written, bytes), "a block has one form");
        } catch (MalformedException e) {
            // Refused, as declared.
        }
    }
}
