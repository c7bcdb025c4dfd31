// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.althing.api.node.HttpSettings;

/** Certificates that are signed by themselves, as files that a door reads; made with the JDK's keytool. */
final class Certificates {

    private static final char[] PASSPHRASE = "passphrase".toCharArray();
    private static final String ALIAS = "door";
    private static final long LOOK_INTERVAL_MILLIS = 50;

    private final Path folder;
    private final List<X509Certificate> made = new ArrayList<>();

    Certificates(Path folder) {
        this.folder = folder;
    }

    /** A certificate that is valid now. */
    static Certificates of(Path folder, String keyAlgorithm) throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.make(keyAlgorithm);
        return certificates;
    }

    Path certificate() {
        return folder.resolve("fullchain.pem");
    }

    Path key() {
        return folder.resolve("privkey.pem");
    }

    HttpSettings.Tls files() {
        return new HttpSettings.Tls(certificate(), key(), LOOK_INTERVAL_MILLIS);
    }

    X509Certificate last() {
        return made.getLast();
    }

    void make(String keyAlgorithm) throws Exception {
        make(keyAlgorithm, "-1d", 10);
    }

    /** Writes another certificate and its key over those that are there. */
    void make(String keyAlgorithm, String start, int days) throws Exception {
        Path file = folder.resolve("made.p12");
        Files.deleteIfExists(file);
        keytool(List.of(
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                keyAlgorithm,
                "-dname",
                "CN=" + Web.NAME,
                "-ext",
                "san=ip:127.0.0.1,dns:localhost,dns:" + Web.NAME,
                "-startdate",
                start,
                "-validity",
                String.valueOf(days),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSPHRASE),
                "-keystore",
                file.toString()));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSPHRASE);
        }
        X509Certificate certificate = (X509Certificate) store.getCertificate(ALIAS);
        made.add(certificate);
        writeKey("PRIVATE KEY", store.getKey(ALIAS, PASSPHRASE).getEncoded());
        Files.writeString(certificate(), pem("CERTIFICATE", certificate.getEncoded()));
    }

    private static void keytool(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(said);
        }
    }

    /** Writes bytes where the key is, as what they are said to be. */
    void writeKey(String type, byte[] bytes) throws IOException {
        if (!Files.exists(key())) {
            Files.createFile(key(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(key(), pem(type, bytes));
    }

    static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }

    /** Trusts all that were made so far, and remembers no earlier connection. */
    SSLContext trusted() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate certificate : made) {
                store.setCertificateEntry(certificate.getSerialNumber().toString(16), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
