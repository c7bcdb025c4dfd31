// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.codec.EntryCodec.Draft;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnclosureTest {

    private static final byte[] KEY = ascending(0);
    private static final byte[] SALT = ascending(32);
    private static final Cid DAO = Cid.hash(new byte[] {1});
    private static final Cid PREVIOUS = Cid.hash(new byte[] {2});
    private static final PublicKey AUTHOR = PublicKey.of(ascending(64));
    private static final Body SAYING = new Body.Veto(DAO, "the ferry leaks");

    private static byte[] ascending(int from) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static Draft draft(long sequence, @Nullable Cid previous, Body body) {
        return new Draft(DAO, AUTHOR, sequence, previous, DAO, 0, body);
    }

    private static Entry entry(Draft draft) {
        return new Entry(
                Cid.hash(new byte[] {3}),
                500,
                draft.dao(),
                draft.key(),
                draft.sequence(),
                draft.previous(),
                draft.seen(),
                draft.timeMillis(),
                draft.body(),
                Signature.of(new byte[64]));
    }

    private static Body.Enclosed enclosed(Body body) {
        return (Body.Enclosed)
                Enclosure.enclose(draft(7, PREVIOUS, body), KEY, SALT).body();
    }

    private static Entry sealedAs(Body.Enclosed body) {
        return entry(draft(7, PREVIOUS, body));
    }

    @Test
    void whatIsEnclosedIsOpenedByTheSameKey() {
        Body.Enclosed enclosed = enclosed(SAYING);
        assertThat(enclosed.group()).isEqualTo(Enclosure.name(KEY));
        assertThat(new String(enclosed.box(), StandardCharsets.ISO_8859_1)).doesNotContain("ferry");
        assertThat(enclosed.box()).hasSize(Padding.STEP_BYTES + 16);
        Entry opened = Enclosure.open(sealedAs(enclosed), KEY).orElseThrow();
        assertThat(opened.body()).isEqualTo(SAYING);
        assertThat(opened.enclosed()).isEqualTo(enclosed);
        assertThat(opened.shut()).isEqualTo(sealedAs(enclosed));
    }

    /** Made by Node's own crypto module, from the words of docs/formats/althing.cddl. */
    @Test
    void theBoxIsThatOfAnotherImplementation() {
        assertThat(HexFormat.of().formatHex(enclosed(SAYING).box())).isEqualTo(BOX_OF_NODE);
    }

    private static final String BOX_OF_NODE =
            "03244e6fb02a3cd2676f2a8ff261a0cb70dd457f6e62de6c7af566ff64963675cb63738bb003a57e4b52b4fc4f430557"
                    + "28d40884b112a8faddd9d33f7ee085587d662bb5dd73c880abac8c4f2666f0b81a3ede6f8569b3683e0701623527689a"
                    + "80ea4c8c0d0f3741134547b3377734d266a496ace0b6d66756ccd559d2dfb21271da8d131cd849ab075742a7ec66e001"
                    + "af367b33cf9129ad7e0d13c41b86ce5ed7d7cd431db5049953906dea9ea79d3812e46e459f6b12f2b2205ea999e9b4bd"
                    + "9a66ad47595bab95003b1d3eb53bdfeb7ed8f455b64cdbea144e9812ef9e7fc8315b9583fcdff2f87ceecbf604f04eff"
                    + "b3ce4ce166aeb7928283bed955f3129629961a3349108545543379c5849ef3d9";

    @Test
    void anotherKeyPlaceSaltOrBitOpensNothing() {
        Body.Enclosed enclosed = enclosed(SAYING);
        byte[] flipped = enclosed.box();
        flipped[5] ^= 1;
        byte[] salt = SALT.clone();
        salt[0] ^= 1;
        assertThat(Enclosure.open(sealedAs(enclosed), ascending(1))).isEmpty();
        assertThat(Enclosure.open(entry(draft(8, PREVIOUS, enclosed)), KEY)).isEmpty();
        assertThat(Enclosure.open(entry(draft(7, DAO, enclosed)), KEY)).isEmpty();
        assertThat(Enclosure.open(entry(new Draft(PREVIOUS, AUTHOR, 7, PREVIOUS, DAO, 0, enclosed)), KEY))
                .isEmpty();
        assertThat(Enclosure.open(
                        entry(new Draft(DAO, PublicKey.of(ascending(65)), 7, PREVIOUS, DAO, 0, enclosed)), KEY))
                .isEmpty();
        assertThat(Enclosure.open(sealedAs(new Body.Enclosed(enclosed.group(), salt, enclosed.box())), KEY))
                .isEmpty();
        assertThat(Enclosure.open(sealedAs(new Body.Enclosed(enclosed.group(), SALT, flipped)), KEY))
                .isEmpty();
        assertThat(Enclosure.open(sealedAs(new Body.Enclosed(enclosed.group(), SALT, new byte[3])), KEY))
                .isEmpty();
    }

    private static boolean opens(byte[] padded) {
        Draft draft = Enclosure.enclose(draft(7, PREVIOUS, SAYING), padded, KEY, SALT);
        return Enclosure.open(entry(draft), KEY).isPresent();
    }

    private static byte[] inside(Body body, int sizeBytes) {
        CborWriter out = new CborWriter().list(2).text(BodyCodec.type(body));
        BodyCodec.write(out, body);
        return Arrays.copyOf(out.toBytes(), sizeBytes);
    }

    @Test
    void aBoxHasOneForm() {
        assertThat(opens(inside(SAYING, Padding.STEP_BYTES))).isTrue();
        assertThat(opens(inside(SAYING, 2 * Padding.STEP_BYTES))).isFalse();
        assertThat(opens(inside(SAYING, Padding.STEP_BYTES - 1))).isFalse();
        byte[] scribbled = inside(SAYING, Padding.STEP_BYTES);
        scribbled[Padding.STEP_BYTES - 1] = 1;
        assertThat(opens(scribbled)).isFalse();
        assertThat(opens(new byte[Padding.STEP_BYTES])).isFalse();
        assertThat(opens(new byte[0])).isFalse();
        assertThat(opens(inside(new Body.KeyRevoked(AUTHOR), Padding.STEP_BYTES)))
                .isFalse();
        assertThat(opens(inside(enclosed(SAYING), 2 * Padding.STEP_BYTES))).isFalse();
    }

    @Test
    void whatKeysDoStaysInClear() {
        Draft draft = draft(0, null, new Body.KeyRevoked(AUTHOR));
        assertThat(Enclosure.enclose(draft, KEY, SALT)).isSameAs(draft);
    }

    @Test
    void sizesTellOnlySteps() {
        int one = enclosed(new Body.Veto(DAO, "a")).box().length;
        int more = enclosed(new Body.Veto(DAO, "a".repeat(100))).box().length;
        int most = enclosed(new Body.Veto(DAO, "a".repeat(255))).box().length;
        assertThat(more).isEqualTo(one);
        assertThat(most).isEqualTo(one + Padding.STEP_BYTES);
    }

    @Test
    void onlyWhatTheDaoHasNamedIsOpened() throws Exception {
        Entry entry = sealedAs(enclosed(SAYING));
        Cid name = Enclosure.name(KEY);
        GroupKeys keys = GroupKeys.of(List.of(KEY));
        assertThat(keys.open(entry, List.of(name)).body()).isEqualTo(SAYING);
        assertThat(keys.open(entry, List.of(PREVIOUS))).isEqualTo(entry);
        assertThat(keys.open(keys.show(entry), List.of(PREVIOUS))).isEqualTo(entry);
        assertThatThrownBy(() -> GroupKeys.NONE.open(entry, List.of(name)))
                .isInstanceOf(GroupKeys.MissingKeyException.class)
                .hasMessageContaining(name.toString());
        assertThat(keys).hasToString("1 group keys");
        assertThat(Arrays.toString(keys.all().getFirst())).isEqualTo(Arrays.toString(KEY));
    }
}
