// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.althing.api.PublicKey;
import org.junit.jupiter.api.Test;

class PeerIdTest {

    /** The Ed25519 key of the specification's test vectors, without its protobuf. */
    private static final PublicKey KEY =
            PublicKey.of(HexFormat.of().parseHex("1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"));

    @Test
    void anEd25519KeyStandsInItsPeerId() {
        PeerId peer = PeerId.of(KEY);
        assertEquals(
                "0024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e",
                HexFormat.of().formatHex(peer.toBytes()));
        assertEquals(Optional.of(KEY), peer.key());
        assertEquals(peer, PeerId.parse(peer.toString()));
        assertEquals("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq", peer.toString());
    }

    @Test
    void aHashedKeyReadsInBothTextFormsOfTheSpecification() {
        PeerId peer = PeerId.parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
        assertEquals(Optional.empty(), peer.key());
        assertEquals(peer, PeerId.of(peer.toBytes()));
        assertEquals(
                PeerId.parse("QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC"),
                PeerId.parse("bafzbeigvf25ytwc3akrijfecaotc74udrhcxzh2cx3we5qqnw5vgrei4bm"));
        assertEquals(
                "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
                PeerId.parse("bafzaajaiaejcal72gwuz2or47oyxxn6b3rkwdmmkrxgkjxzy3rqt5kczyn7lcm3l")
                        .toString());
    }

    @Test
    void aSecp256k1KeyIsShortEnoughToStandInItsPeerIdAndStaysOpaque() {
        String protobuf = "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99";
        PeerId peer = PeerId.of(HexFormat.of().parseHex("0025" + protobuf));
        assertEquals("16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY", peer.toString());
        assertEquals(Optional.empty(), peer.key());
    }

    @Test
    void everyEd25519KeyReadsBack() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] raw = new byte[PublicKey.BYTES];
            random.nextBytes(raw);
            PeerId peer = PeerId.of(PublicKey.of(raw));
            assertEquals(peer, PeerId.parse(peer.toString()));
            assertArrayEquals(raw, peer.key().orElseThrow().toBytes());
        }
    }

    @Test
    void whatIsNoPeerIdIsRefused() {
        String good = PeerId.of(KEY).toString();
        for (String text : new String[] {
            "",
            "1",
            "Qm",
            "12D3KooW",
            good + "1",
            good.substring(0, good.length() - 1),
            "0" + good,
            "bafz",
            "b",
            "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
            "1".repeat(81),
            "z" + good
        }) {
            assertThrows(IllegalArgumentException.class, () -> PeerId.parse(text), text);
        }
        for (String hex :
                new String[] {"", "00", "0000", "1220", "0025080112", "1320" + "00".repeat(32), "002b" + "00".repeat(43)
                }) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> PeerId.of(HexFormat.of().parseHex(hex)),
                    hex);
        }
    }
}
