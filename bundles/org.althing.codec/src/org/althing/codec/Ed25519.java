// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.althing.api.PublicKey;
import org.althing.api.Signature;

/**
 * Ed25519 signatures (RFC 8032) under one rule of acceptance, whatever provider computes.
 *
 * <p>The check is cofactorless: {@code S B = R + H(R, A, M) A}. Before a provider is asked, these are refused, since
 * providers differ on them: an S that is not below the order L; an R that encodes the identity, or whose y is not
 * reduced; and a key that is not the canonical encoding of a point of order L. What is left has one verdict with
 * every provider here, and with OpenSSL, libsodium, Tink and WebCrypto. Verifiers that multiply by the cofactor
 * (BouncyCastle, noble, any batch verifier) accept more and would fork the ledger: they must never be used.
 *
 * <p>Safe for use by several threads at once. No method throws for bad input from a peer; the verdict is false.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7">RFC 8032, section 5.1.7</a>
 * @see <a href="https://eprint.iacr.org/2020/1244">Taming the many EdDSAs</a>
 */
public final class Ed25519 {

    /** Length of the seed from which a key pair is derived, in bytes. */
    public static final int SEED_BYTES = 32;

    /** Keys whose validity is remembered, about 150 bytes each. */
    static final int KEYS_CHECKED_MAX = 65_536;

    /** Signatures that a thread takes at once in {@link #verifyAll}: about a millisecond of work. */
    private static final int CHUNK_ITEMS = 16;

    /** The order L of the base point, 2^252 + 27742317777372353535851937790883648493, little-endian. */
    private static final byte[] ORDER =
            HexFormat.of().parseHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    /** The prime 2^255 - 19 of the field, little-endian. */
    private static final byte[] PRIME =
            HexFormat.of().parseHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    /** The y of the identity (0, 1), little-endian. */
    private static final byte[] ONE =
            HexFormat.of().parseHex("0100000000000000000000000000000000000000000000000000000000000000");

    private final Provider provider;
    private final BoundedCache<PublicKey, Boolean> validKeys =
            new BoundedCache<>(KEYS_CHECKED_MAX, Ed25519::isOfFullOrder);

    /** Who computes. Implementations are safe for use by several threads at once. */
    public interface Provider {

        /** A short name for the status line, such as {@code SunEC}. */
        String name();

        /**
         * The cofactorless check, asked only for what passes the rule of {@link Ed25519}. Never throws for a bad signature.
         */
        boolean verify(PublicKey key, byte[] message, Signature signature);

        /** Signs with the key derived from the seed. */
        Signature sign(byte[] seed32, byte[] message);

        /** The public key derived from the seed. */
        default PublicKey publicKey(byte[] seed32) {
            byte[] key = new byte[PublicKey.BYTES];
            org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed32, 0, key, 0);
            return PublicKey.of(key);
        }
    }

    /** A signature to be verified with others. */
    public record Item(Tag tag, PublicKey key, byte[] message, Signature signature) {}

    /** Verifies and signs by the given provider. */
    public Ed25519(Provider provider) {
        this.provider = provider;
    }

    /** Verifies and signs by the fastest provider that works on this machine. */
    public static Ed25519 fastest() {
        return new Ed25519(JcaProvider.available().findFirst().orElseThrow());
    }

    /** The providers that work on this machine, the fastest first: of ACCP, Conscrypt and SunEC. */
    public static List<Provider> providers() {
        return JcaProvider.available().toList();
    }

    /** The provider of that name, if it works on this machine. */
    public static Optional<Provider> provider(String name) {
        return JcaProvider.available()
                .filter(provider -> provider.name().equals(name))
                .findFirst();
    }

    /** Who computes. */
    public Provider provider() {
        return provider;
    }

    /** Whether the key signed this message as this kind of thing. */
    public boolean verify(Tag tag, PublicKey key, byte[] message, Signature signature) {
        return verify(key, tag.prefix(message), signature);
    }

    /** Whether the key signed these bytes, in which a tag (of ours or of another protocol) is already in front. */
    public boolean verify(PublicKey key, byte[] taggedMessage, Signature signature) {
        return isCanonical(signature) && validKeys.get(key) && provider.verify(key, taggedMessage, signature);
    }

    /** Whether this can be anybody's key at all: the canonical encoding of a point of order L. About 92 us, then cached. */
    public boolean isValid(PublicKey key) {
        return validKeys.get(key);
    }

    /**
     * Signs the message as this kind of thing.
     *
     * @throws IllegalArgumentException unless the seed has {@value #SEED_BYTES} bytes
     */
    public Signature sign(Tag tag, byte[] seed32, byte[] message) {
        requireSeed(seed32);
        return provider.sign(seed32, tag.prefix(message));
    }

    /**
     * The public key derived from the seed.
     *
     * @throws IllegalArgumentException unless the seed has {@value #SEED_BYTES} bytes
     */
    public PublicKey publicKey(byte[] seed32) {
        requireSeed(seed32);
        return provider.publicKey(seed32);
    }

    /**
     * Verifies each item by itself, on the calling thread and as many more as the executor lends, up to one a processor.
     *
     * <p>The caller works too and waits only for what others have begun, so a busy, small or closed executor slows this
     * down but never blocks it.
     *
     * @return the verdicts, in the order of the items
     */
    public boolean[] verifyAll(List<Item> items, Executor executor) {
        Batch batch = new Batch(items);
        int chunks = (items.size() + CHUNK_ITEMS - 1) / CHUNK_ITEMS;
        int helpers = Math.min(chunks, Runtime.getRuntime().availableProcessors()) - 1;
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(batch);
            }
        } catch (RejectedExecutionException e) {
            // The caller does all the work then.
        }
        batch.run();
        batch.done.join();
        return batch.verdicts;
    }

    private final class Batch implements Runnable {

        private final List<Item> items;
        private final boolean[] verdicts;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Batch(List<Item> items) {
            this.items = items;
            this.verdicts = new boolean[items.size()];
            finish(0);
        }

        @Override
        public void run() {
            try {
                for (int from = claim(); from < verdicts.length; from = claim()) {
                    int to = Math.min(from + CHUNK_ITEMS, verdicts.length);
                    verify(from, to);
                    finish(to - from);
                }
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        }

        /** The start of the next chunk that nobody has begun; at or past the end when there is none. */
        private int claim() {
            return next.getAndUpdate(from -> from < verdicts.length ? from + CHUNK_ITEMS : from);
        }

        private void verify(int from, int to) {
            for (int i = from; i < to; i++) {
                Item item = items.get(i);
                verdicts[i] = Ed25519.this.verify(item.tag, item.key, item.message, item.signature);
            }
        }

        private void finish(int count) {
            if (finished.addAndGet(count) == verdicts.length) {
                done.complete(null);
            }
        }
    }

    private static boolean isCanonical(Signature signature) {
        byte[] raw = signature.toBytes();
        byte[] y = Arrays.copyOf(raw, 32);
        // The top bit of R is the sign of x; the rest is y, and y = 1 is the identity with either sign.
        y[31] &= 0x7f;
        return isBelow(raw, 32, ORDER) && isBelow(y, 0, PRIME) && !Arrays.equals(y, ONE);
    }

    /** Whether the little-endian number of 32 bytes there is below the limit. */
    private static boolean isBelow(byte[] number, int from, byte[] limit) {
        for (int i = 31; i >= 0; i--) {
            int order = Byte.compareUnsigned(number[from + i], limit[i]);
            if (order != 0) {
                return order < 0;
            }
        }
        return false;
    }

    private static boolean isOfFullOrder(PublicKey key) {
        return org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(key.toBytes(), 0);
    }

    private static void requireSeed(byte[] seed32) {
        if (seed32.length != SEED_BYTES) {
            throw new IllegalArgumentException("a seed has " + SEED_BYTES + " bytes, not " + seed32.length);
        }
    }
}
