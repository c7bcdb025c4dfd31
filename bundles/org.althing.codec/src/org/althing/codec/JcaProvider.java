// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 by a {@link java.security.Provider} that is held directly and registered nowhere.
 *
 * <p>Signature objects are kept per thread and decoded keys in a bounded cache, since making them costs as much as a
 * tenth of a verification.
 */
final class JcaProvider implements Ed25519.Provider {

    /** Decoded keys kept, about 300 bytes each. */
    private static final int KEYS_DECODED_MAX = 65_536;

    private static final String ALGORITHM = "EdDSA";

    /** What stands before the raw key in its DER forms (RFC 8410, sections 4 and 7). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final String name;
    private final KeyFactory keys;
    private final ThreadLocal<java.security.Signature> signatures;
    private final BoundedCache<PublicKey, Optional<java.security.PublicKey>> decoded =
            new BoundedCache<>(KEYS_DECODED_MAX, this::decode);

    private JcaProvider(String name, Provider provider) throws NoSuchAlgorithmException {
        this.name = name;
        this.keys = KeyFactory.getInstance(ALGORITHM, makesKeys(provider) ? provider : sunEc());
        this.signatures = ThreadLocal.withInitial(() -> signature(provider));
    }

    /** The providers that work here, the fastest first as measured (see docs/adr); each is tried when it is asked for. */
    static Stream<Ed25519.Provider> available() {
        // No method reference to ACCP: its class would be looked for out here, where nobody expects that it is missing.
        Stream<Supplier<Optional<Ed25519.Provider>>> providers = Stream.of(
                () -> open("ACCP", () -> Accp.provider()),
                () -> open("Conscrypt", JcaProvider::conscrypt),
                () -> open("SunEC", JcaProvider::sunEc));
        return providers.map(Supplier::get).flatMap(Optional::stream);
    }

    private static Optional<Ed25519.Provider> open(String name, Opener opener) {
        try {
            Ed25519.Provider provider = new JcaProvider(name, opener.open());
            return isSound(provider) ? Optional.of(provider) : Optional.empty();
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            // No native library for this machine, or no such bundle: the next one serves, and status names it.
            return Optional.empty();
        }
    }

    /** Whether the provider signs and verifies test 2 of RFC 8032, section 7.1. */
    private static boolean isSound(Ed25519.Provider provider) {
        HexFormat hex = HexFormat.of();
        byte[] seed = hex.parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        PublicKey key = PublicKey.of(hex.parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        Signature signature =
                Signature.of(hex.parseHex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
        byte[] message = {0x72};
        return provider.verify(key, message, signature)
                && !provider.verify(key, new byte[] {0x73}, signature)
                && provider.sign(seed, message).equals(signature);
    }

    /** Apart, so that the JVM looks for ACCP's classes only when it is asked for. */
    private static final class Accp {
        static Provider provider() {
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
            return AmazonCorrettoCryptoProvider.INSTANCE;
        }
    }

    private static Provider conscrypt() {
        return Conscrypt.newProviderBuilder().provideTrustManager(false).build();
    }

    private static Provider sunEc() {
        Provider provider = Security.getProvider("SunEC");
        if (provider == null) {
            throw new IllegalStateException("this Java platform is without SunEC");
        }
        return provider;
    }

    /** ACCP decodes keys itself only where the JVM runs with its property registerEdKeyFactory. */
    private static boolean makesKeys(Provider provider) {
        return provider.getService("KeyFactory", ALGORITHM) != null;
    }

    private static java.security.Signature signature(Provider provider) {
        try {
            return java.security.Signature.getInstance(ALGORITHM, provider);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(provider.getName() + " is without Ed25519", e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public boolean verify(PublicKey key, byte[] message, Signature signature) {
        java.security.@Nullable PublicKey point = decoded.get(key).orElse(null);
        if (point == null) {
            return false;
        }
        try {
            java.security.Signature verifier = signatures.get();
            verifier.initVerify(point);
            verifier.update(message);
            return verifier.verify(signature.toBytes());
        } catch (InvalidKeyException | SignatureException e) {
            // Some providers say false, others throw, for one and the same bad signature.
            return false;
        }
    }

    @Override
    public Signature sign(byte[] seed32, byte[] message) {
        try {
            java.security.Signature signer = signatures.get();
            signer.initSign(keys.generatePrivate(new PKCS8EncodedKeySpec(concat(PKCS8_PREFIX, seed32))));
            signer.update(message);
            return Signature.of(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(name + " cannot sign", e);
        }
    }

    private Optional<java.security.PublicKey> decode(PublicKey key) {
        try {
            return Optional.of(keys.generatePublic(new X509EncodedKeySpec(concat(X509_PREFIX, key.toBytes()))));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static byte[] concat(byte[] prefix, byte[] raw) {
        byte[] der = new byte[prefix.length + raw.length];
        System.arraycopy(prefix, 0, der, 0, prefix.length);
        System.arraycopy(raw, 0, der, prefix.length, raw.length);
        return der;
    }

    private interface Opener {
        Provider open() throws GeneralSecurityException;
    }
}
