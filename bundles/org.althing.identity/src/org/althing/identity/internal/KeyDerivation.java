// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * How a passphrase becomes a key: Argon2id, version 0x13.
 *
 * @param memoryKib memory that every guess costs
 * @param passes over it
 * @param lanes that can be computed at once
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9106">RFC 9106</a>
 */
record KeyDerivation(int memoryKib, int passes, int lanes) {

    /** RFC 9106, section 4, second recommended option. */
    static final KeyDerivation DEFAULT = new KeyDerivation(64 << 10, 3, 4);

    static final int SALT_BYTES = 16;
    static final int KEY_BYTES = 32;

    /** What a file may ask for, since anyone may have written it: four times what we ask for. */
    static final int MEMORY_MAX_KIB = 256 << 10;

    static final int PASSES_MAX = 12;
    static final int LANES_MAX = 16;

    /** Argon2 needs so much for each lane. */
    private static final int MEMORY_A_LANE_MIN_KIB = 8;

    KeyDerivation {
        boolean bounded = lanes >= 1
                && lanes <= LANES_MAX
                && passes >= 1
                && passes <= PASSES_MAX
                && memoryKib >= MEMORY_A_LANE_MIN_KIB * lanes
                && memoryKib <= MEMORY_MAX_KIB;
        if (!bounded) {
            throw new IllegalArgumentException(
                    "Argon2id with " + memoryKib + " KiB, " + passes + " passes, " + lanes + " lanes");
        }
    }

    /** The key; the caller wipes it. */
    byte[] derive(char[] passphrase, byte[] salt) {
        byte[] utf8 = utf8(passphrase);
        Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build();
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] key = new byte[KEY_BYTES];
        try {
            generator.generateBytes(utf8, key);
            return key;
        } finally {
            Arrays.fill(utf8, (byte) 0);
        }
    }

    private static byte[] utf8(char[] passphrase) {
        CharBuffer chars = CharBuffer.wrap(passphrase);
        if (chars.chars().anyMatch(c -> c > 0x7f)) {
            // One keyboard writes an accented letter as one character, another as two. The copy cannot be wiped; plain
            // ASCII makes none.
            chars = CharBuffer.wrap(Normalizer.normalize(chars, Normalizer.Form.NFC));
        }
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(chars);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}
