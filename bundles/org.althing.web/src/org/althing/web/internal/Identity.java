// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpSettings;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * A certificate and the key that belongs to it, for TLS.
 *
 * @param certificate of the server itself
 * @param store holds it, its issuers and the key; all without a passphrase
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468: Textual Encodings of PKIX, PKCS, and CMS Structures</a>
 */
record Identity(X509Certificate certificate, KeyStore store) {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

    /** How a key of each algorithm, as a certificate names it, signs. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /**
     * Reads both files.
     *
     * @throws RefusedException if they cannot be used as they are
     * @throws AlthingException if they cannot be read
     */
    static Identity read(HttpSettings.Tls files) throws RefusedException, AlthingException {
        List<X509Certificate> chain = certificates(files.certificate());
        X509Certificate own = chain.getFirst();
        PrivateKey key = key(files.key(), own.getPublicKey().getAlgorithm(), files.certificate());
        requireFit(key, own, files);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("door", key, new char[0], chain.toArray(Certificate[]::new));
            return new Identity(own, store);
        } catch (GeneralSecurityException e) {
            throw noChain(files.certificate());
        } catch (IOException e) {
            throw new IllegalStateException("an empty store can be made", e);
        }
    }

    private static List<X509Certificate> certificates(Path file) throws RefusedException, AlthingException {
        List<X509Certificate> chain = new ArrayList<>();
        for (PemObject part : parts(file)) {
            if (part.getType().equals(CERTIFICATE)) {
                chain.add(certificate(file, part.getContent()));
            }
        }
        if (chain.isEmpty()) {
            throw new RefusedException(
                    file + " holds no certificate; name a PEM file with -----BEGIN CERTIFICATE-----");
        }
        requireSigned(file, chain);
        return chain;
    }

    /** Each by the next: clients look for an issuer where it belongs. */
    private static void requireSigned(Path file, List<X509Certificate> chain) throws RefusedException {
        for (int i = 1; i < chain.size(); i++) {
            try {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw noChain(file);
            }
        }
    }

    private static RefusedException noChain(Path file) {
        return new RefusedException(file
                + ": its certificates are no chain; put that of the node first, and after each the one of its issuer");
    }

    private static X509Certificate certificate(Path file, byte[] content) throws RefusedException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (CertificateException e) {
            throw new RefusedException(file + " holds a damaged certificate; get it again from who issued it");
        }
    }

    private static PrivateKey key(Path file, String algorithm, Path certificate)
            throws RefusedException, AlthingException {
        requirePrivate(file);
        for (PemObject part : parts(file)) {
            String type = part.getType();
            if (type.equals(PRIVATE_KEY)) {
                return key(file, part.getContent(), algorithm, certificate);
            }
            if (type.endsWith(PRIVATE_KEY)) {
                throw new RefusedException(
                        file + (type.equals(ENCRYPTED) ? " is encrypted" : " is no PKCS#8 (" + type + ")")
                                + "; run: openssl pkey -in " + file + " -out NEW.pem, and name that file");
            }
        }
        throw new RefusedException(file + " holds no private key; name a PEM file with -----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey key(Path file, byte[] content, String algorithm, Path certificate)
            throws RefusedException {
        if (!SIGNATURES.containsKey(algorithm)) {
            throw new RefusedException(
                    certificate + " is for a key of " + algorithm + "; get one for a key of RSA, EC or Ed25519");
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
        } catch (GeneralSecurityException e) {
            throw new RefusedException(file + " holds no " + algorithm + " key, as the certificate in " + certificate
                    + " asks for; name the two that were made together");
        }
    }

    private static void requireFit(PrivateKey key, X509Certificate certificate, HttpSettings.Tls files)
            throws RefusedException {
        try {
            Signature signature = Signature.getInstance(
                    SIGNATURES.get(certificate.getPublicKey().getAlgorithm()));
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            // A key of another kind or size does not fit either.
        }
        throw new RefusedException(files.key() + " does not belong to the first certificate in " + files.certificate()
                + "; name the two that were made together");
    }

    private static void requirePrivate(Path file) throws RefusedException, AlthingException {
        try {
            if (!Files.isRegularFile(file) || !Files.getFileStore(file).supportsFileAttributeView("posix")) {
                return;
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNERS.containsAll(permissions)) {
                throw new RefusedException(file + " is open to others (" + PosixFilePermissions.toString(permissions)
                        + "); run: chmod 600 " + file);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** All that a PEM file holds. */
    private static List<PemObject> parts(Path file) throws RefusedException, AlthingException {
        if (!Files.isRegularFile(file)) {
            throw new RefusedException(file
                    + (Files.exists(file) ? " is no file" : " does not exist")
                    + "; name a PEM file with http-tls-certificate and http-tls-key");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(HttpLimits.PEM_SIZE_MAX_BYTES + 1);
            if (bytes.length > HttpLimits.PEM_SIZE_MAX_BYTES) {
                throw new RefusedException(
                        file + " has more than " + HttpLimits.PEM_SIZE_MAX_BYTES + " bytes; is it the right one?");
            }
            return parts(file, bytes);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static List<PemObject> parts(Path file, byte[] bytes) throws RefusedException {
        List<PemObject> parts = new ArrayList<>();
        try (PemReader reader =
                new PemReader(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.ISO_8859_1))) {
            for (PemObject part = reader.readPemObject(); part != null; part = reader.readPemObject()) {
                parts.add(part);
            }
            return parts;
        } catch (IOException | RuntimeException e) {
            throw new RefusedException(file + " is damaged: it has no whole PEM in it; make it again");
        }
    }

    private static AlthingException unreadable(Path file, IOException problem) {
        return new AlthingException(
                file + " cannot be read (" + problem + "); give it to the user that the node runs as", problem);
    }
}
