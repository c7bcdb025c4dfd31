package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Third-party code that is at odds with OSGi by nature, native libraries and service loading, works inside it. */
class ProvidersTest {

    private static final byte[] MESSAGE = "the sheep may graze on the commons".getBytes(StandardCharsets.UTF_8);

    @Test
    void accpLoadsItsNativeLibraryAndSigns() throws Exception {
        AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        assertThat(signsAndVerifies(AmazonCorrettoCryptoProvider.INSTANCE)).isTrue();
    }

    @Test
    void conscryptLoadsItsNativeLibraryAndSigns() throws Exception {
        assertThat(signsAndVerifies(Conscrypt.newProvider())).isTrue();
    }

    @Test
    void theLogIsThatOfTheJdk() {
        assertThat(LoggerFactory.getILoggerFactory().getClass().getName()).startsWith("org.slf4j.jul.");
    }

    private static boolean signsAndVerifies(Provider provider) throws Exception {
        var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Signature signer = Signature.getInstance("Ed25519", provider);
        signer.initSign(keys.getPrivate());
        signer.update(MESSAGE);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance("Ed25519", provider);
        verifier.initVerify(keys.getPublic());
        verifier.update(MESSAGE);
        return verifier.verify(signature);
    }
}
