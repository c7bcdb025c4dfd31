// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signer;
import org.althing.api.entry.Message;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

    private static final Ed25519 SIGNATURES = Ed25519.fastest();
    private static final Cid DAO = Cid.hash(new byte[] {1});
    private static final byte[] SECRET = Sha256.hash(new byte[] {2});
    private static final ReadingKey TO = ReadingKey.of(X25519.open(SECRET));
    private static final String TEXT = "Meet me at the pier, at nine";

    private final Signer author = new SampleEntries(3).signer();

    private byte[] message() {
        return MessageCodec.write(DAO, TO, 1_800_000_000_000L, TEXT, author);
    }

    @Test
    void onlyTheAddresseeReadsIt() {
        byte[] bytes = message();
        Message message = MessageCodec.decode(bytes);
        assertThat(message.cid().names(bytes)).isTrue();
        assertThat(MessageCodec.isSigned(message, SIGNATURES)).isTrue();
        assertThat(MessageCodec.open(message, SECRET)).contains(TEXT);
        assertThat(MessageCodec.open(message, Sha256.hash(new byte[] {4}))).isEmpty();
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("pier");
    }

    @Test
    void whatIsChangedIsNotSignedAndWhatIsSignedByAnotherDoesNotOpen() {
        Message message = MessageCodec.decode(message());
        Message later = copy(message, message.timeMillis() + 1, message.key());
        assertThat(MessageCodec.isSigned(later, SIGNATURES)).isFalse();
        assertThat(MessageCodec.open(later, SECRET)).isEmpty();
        Signer thief = new SampleEntries(5).signer();
        assertThat(MessageCodec.open(copy(message, message.timeMillis(), thief.key()), SECRET))
                .isEmpty();
    }

    private static Message copy(Message m, long timeMillis, PublicKey key) {
        return new Message(
                m.cid(), m.sizeBytes(), m.dao(), key, m.to(), timeMillis, m.encapsulated(), m.box(), m.signature());
    }

    @Test
    void theLongestTextFitsAndNoLonger() {
        String longest = "x".repeat(Message.TEXT_MAX_BYTES);
        assertThat(MessageCodec.open(MessageCodec.decode(MessageCodec.write(DAO, TO, 0, longest, author)), SECRET))
                .contains(longest);
        assertThatThrownBy(() -> MessageCodec.write(DAO, TO, 0, longest + "x", author))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8193 bytes");
        assertThatThrownBy(() -> MessageCodec.decode(new byte[Message.SIZE_MAX_BYTES + 1]))
                .isInstanceOf(MalformedException.class);
    }

    /** RFC 9180, appendix A.2.1: the first ciphertext of DHKEM(X25519), HKDF-SHA256, ChaCha20Poly1305 in base mode. */
    @Test
    void theLibraryDoesWhatTheStandardSays() throws Exception {
        var hpke = new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
        HexFormat hex = HexFormat.of();
        byte[] secret = hex.parseHex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
        byte[] open = hex.parseHex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
        byte[] encapsulated = hex.parseHex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
        byte[] text = hpke.open(
                encapsulated,
                hpke.deserializePrivateKey(secret, open),
                hex.parseHex("4f6465206f6e2061204772656369616e2055726e"),
                hex.parseHex("436f756e742d30"),
                hex.parseHex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db"
                        + "21993c62ce81883d2dd1b51a28"),
                null,
                null,
                null);
        assertThat(new String(text, StandardCharsets.US_ASCII)).isEqualTo("Beauty is truth, truth beauty");
    }
}
