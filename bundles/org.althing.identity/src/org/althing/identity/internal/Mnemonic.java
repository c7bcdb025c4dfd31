// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.althing.api.AlthingException;
import org.althing.codec.Sha256;

/**
 * Recovery phrases: English words that stand for random bits and a checksum. The words come from web3j's copy of the list (Apache-2.0); its code
 * is not used, since it looks for the list through the thread's class loader, which under OSGi does not see it.
 *
 * @see <a href="https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki">BIP-39</a>
 */
final class Mnemonic {

    /** 12 words: 128 bits, as strong as Ed25519 itself, and half as many words to copy wrongly as 24. */
    static final int ENTROPY_BYTES = 16;

    static final int SEED_BYTES = 64;

    private static final String LIST = "/en-mnemonic-word-list.txt";
    private static final int LIST_WORDS = 2048;
    private static final int WORD_BITS = 11;
    private static final int WORDS_MIN = 12;
    private static final int WORDS_MAX = 24;
    private static final int WORDS_STEP = 3;
    private static final int PBKDF2_ROUNDS = 2048;
    private static final List<String> WORDS = load();

    private Mnemonic() {}

    private static List<String> load() {
        try (InputStream stream = Mnemonic.class.getResourceAsStream(LIST)) {
            if (stream == null) {
                throw new IllegalStateException("the bundle lacks " + LIST + " on its class path (lib/crypto.jar)");
            }
            List<String> words = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))
                    .lines()
                    .toList();
            if (words.size() != LIST_WORDS) {
                throw new IllegalStateException(LIST + " has " + words.size() + " words");
            }
            return words;
        } catch (IOException e) {
            throw new IllegalStateException(LIST + " cannot be read", e);
        }
    }

    /** The words for 16, 20, 24, 28 or 32 random bytes. */
    static List<String> words(byte[] entropy) {
        int checksumBits = entropy.length / 4;
        byte[] bits = Arrays.copyOf(entropy, entropy.length + 1);
        bits[entropy.length] = Sha256.hash(entropy)[0];
        List<String> words = new ArrayList<>();
        for (int at = 0; at < entropy.length * 8 + checksumBits; at += WORD_BITS) {
            int index = 0;
            for (int bit = at; bit < at + WORD_BITS; bit++) {
                index = index << 1 | bits[bit >> 3] >> 7 - (bit & 7) & 1;
            }
            words.add(WORDS.get(index));
        }
        Arrays.fill(bits, (byte) 0);
        return words;
    }

    /**
     * Checks words as a person types them, and returns them in lower case and without blanks.
     *
     * @throws AlthingException if they are no recovery phrase; the message repeats no word, since it may go to a log
     */
    static List<String> check(List<String> typed) throws AlthingException {
        if (typed.size() < WORDS_MIN || typed.size() > WORDS_MAX || typed.size() % WORDS_STEP != 0) {
            throw new AlthingException("a recovery phrase has 12, 15, 18, 21 or 24 words, not " + typed.size()
                    + "; write all of them, in order");
        }
        List<String> words = typed.stream()
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .toList();
        byte[] bits = new byte[(words.size() * WORD_BITS + 7) / 8];
        for (int i = 0; i < words.size(); i++) {
            int index = Collections.binarySearch(WORDS, words.get(i));
            if (index < 0) {
                throw new AlthingException(
                        "word " + (i + 1) + " of the recovery phrase is not in the list of words; check its spelling");
            }
            for (int bit = 0; bit < WORD_BITS; bit++) {
                int at = i * WORD_BITS + bit;
                bits[at >> 3] |= (byte) ((index >> WORD_BITS - 1 - bit & 1) << 7 - (at & 7));
            }
        }
        int entropyBytes = words.size() / WORDS_STEP * 4;
        int checksumMask = 0xff00 >> entropyBytes / 4 & 0xff;
        boolean matches =
                ((bits[entropyBytes] ^ Sha256.hash(Arrays.copyOf(bits, entropyBytes))[0]) & checksumMask) == 0;
        Arrays.fill(bits, (byte) 0);
        if (!matches) {
            throw new AlthingException(
                    "the words of the recovery phrase do not belong together; check their spelling and their order");
        }
        return words;
    }

    /** The 64 bytes that keys are derived from. */
    static byte[] seed(List<String> words, String passphrase) {
        char[] phrase = Normalizer.normalize(String.join(" ", words), Normalizer.Form.NFKD)
                .toCharArray();
        byte[] salt = Normalizer.normalize("mnemonic" + passphrase, Normalizer.Form.NFKD)
                .getBytes(StandardCharsets.UTF_8);
        PBEKeySpec spec = new PBEKeySpec(phrase, salt, PBKDF2_ROUNDS, SEED_BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA512", e);
        } finally {
            spec.clearPassword();
            Arrays.fill(phrase, '\0');
        }
    }
}
