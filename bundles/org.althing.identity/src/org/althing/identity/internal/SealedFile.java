// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.identity.Keystore;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A key file, DAG-CBOR:
 *
 * <pre>
 * ["althing-keystore", 1, header, sealed, checksum]
 * header   = bytes of {"kdf": [memory KiB, passes, lanes], "name": text, "root": bytes, "salt": bytes, "nonce": bytes,
 *                      "device": bytes or null, "created": seconds}
 * sealed   = ChaCha20-Poly1305 (RFC 8439) of the private keys, 32 bytes each: root, then device if there is one;
 *            key = Argon2id(passphrase, salt), associated data = the file's magic, version and header
 * checksum = SHA-256 of header and sealed
 * </pre>
 *
 * <p>The checksum protects nothing: it tells a damaged file from a wrong passphrase, which look the same to the cipher.
 *
 * @param name given by the user
 * @param device null in an exported copy
 */
record SealedFile(
        KeyDerivation derivation,
        byte[] salt,
        byte[] nonce,
        String name,
        PublicKey root,
        @Nullable PublicKey device,
        Instant created,
        byte[] header,
        byte[] sealed) {

    static final String MAGIC = "althing-keystore";
    static final int VERSION = 1;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int CHECKSUM_BYTES = 32;
    private static final int NAME_MAX_BYTES = 4 * Keystore.NAME_MAX_CHARS;
    /** The year 9999. */
    private static final long CREATED_MAX_SECONDS = 253_402_300_799L;

    private static final String CIPHER = "ChaCha20-Poly1305";

    /** The private keys of a file. Whoever takes them wipes them. */
    record Secrets(byte[] root, byte @Nullable [] device) {

        /** The device key of a file that has one. */
        byte[] deviceKey() {
            return Objects.requireNonNull(device, "no device key");
        }

        void wipe() {
            Arrays.fill(root, (byte) 0);
            if (device != null) {
                Arrays.fill(device, (byte) 0);
            }
        }

        @Override
        public String toString() {
            return "Secrets";
        }
    }

    /** Seals private keys; the result is what goes to the disk. */
    static byte[] seal(
            KeyDerivation derivation,
            SecureRandom random,
            String name,
            PublicKey root,
            @Nullable PublicKey device,
            Instant created,
            Secrets secrets,
            char[] passphrase) {
        byte[] salt = new byte[KeyDerivation.SALT_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(salt);
        random.nextBytes(nonce);
        byte[] header = header(derivation, salt, nonce, name, root, device, created);
        byte[] plain = Arrays.copyOf(secrets.root(), secrets.device() == null ? KEY_BYTES : 2 * KEY_BYTES);
        if (secrets.device() != null) {
            System.arraycopy(secrets.device(), 0, plain, KEY_BYTES, KEY_BYTES);
        }
        byte[] key = derivation.derive(passphrase, salt);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, header).doFinal(plain);
            return new CborWriter()
                    .list(5)
                    .text(MAGIC)
                    .integer(VERSION)
                    .bytes(header)
                    .bytes(sealed)
                    .bytes(checksum(header, sealed))
                    .toBytes();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + CIPHER, e);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static byte[] header(
            KeyDerivation derivation,
            byte[] salt,
            byte[] nonce,
            String name,
            PublicKey root,
            @Nullable PublicKey device,
            Instant created) {
        CborWriter writer = new CborWriter().map(7);
        writer.key("kdf")
                .list(3)
                .integer(derivation.memoryKib())
                .integer(derivation.passes())
                .integer(derivation.lanes());
        writer.key("name")
                .text(name)
                .key("root")
                .bytes(root.toBytes())
                .key("salt")
                .bytes(salt)
                .key("nonce")
                .bytes(nonce)
                .key("device");
        if (device == null) {
            writer.nil();
        } else {
            writer.bytes(device.toBytes());
        }
        return writer.key("created").integer(created.getEpochSecond()).toBytes();
    }

    /**
     * Reads a file without opening it; nothing in it is to be trusted yet.
     *
     * @param file its name, for messages
     * @throws AlthingException if it is no key file, of another version, truncated or damaged
     */
    static SealedFile read(String file, byte[] content) throws AlthingException {
        byte[] header;
        byte[] sealed;
        byte[] checksum;
        try {
            CborReader reader = beginning(file, content, MAGIC, VERSION, 5);
            header = reader.readBytes(KeyFiles.SIZE_MAX_BYTES);
            sealed = reader.readBytes(2 * KEY_BYTES + TAG_BYTES);
            checksum = reader.readBytesExactly(CHECKSUM_BYTES);
            reader.finish();
        } catch (MalformedException e) {
            throw damaged(file, e);
        }
        if (!Arrays.equals(checksum, checksum(header, sealed))) {
            throw damaged(file, null);
        }
        try {
            return parse(header, sealed);
        } catch (MalformedException | IllegalArgumentException e) {
            // Whole by its checksum, so written like this.
            throw new AlthingException(
                    file + " asks for what no key file of Althing needs (" + e.getMessage()
                            + ") and is not opened; take the file from where it was made",
                    e);
        }
    }

    /** Reads as far as what kind of file this is. */
    static CborReader beginning(String file, byte[] content, String magic, int version, int items)
            throws AlthingException {
        byte[] start = new CborWriter().text(magic).toBytes();
        byte[] found =
                Arrays.copyOfRange(content, Math.min(1, content.length), Math.min(1 + start.length, content.length));
        if (found.length == start.length && !Arrays.equals(found, start)) {
            throw new AlthingException(file + " does not begin like an " + magic
                    + " file: it is damaged or another kind of file; check the name, " + "or take a copy of it");
        }
        CborReader reader = new CborReader(content);
        reader.readListExactly(items);
        reader.readText(magic.length());
        long foundVersion = reader.readLong();
        if (foundVersion != version) {
            throw new AlthingException(file + " has the format " + magic + " " + foundVersion + ", expected " + version
                    + "; use the version of Althing that wrote it");
        }
        return reader;
    }

    static AlthingException damaged(String file, @Nullable Exception cause) {
        return new AlthingException(
                file + " is truncated or damaged; take a copy of it, or restore the identity from its recovery phrase",
                cause);
    }

    private static SealedFile parse(byte[] header, byte[] sealed) {
        CborReader reader = new CborReader(header);
        reader.readMapExactly(7);
        reader.expectKey("kdf");
        reader.readListExactly(3);
        KeyDerivation derivation = new KeyDerivation(
                (int) reader.readLong(1, KeyDerivation.MEMORY_MAX_KIB),
                (int) reader.readLong(1, KeyDerivation.PASSES_MAX),
                (int) reader.readLong(1, KeyDerivation.LANES_MAX));
        reader.expectKey("name");
        String name = reader.readText(NAME_MAX_BYTES);
        reader.expectKey("root");
        PublicKey root = PublicKey.of(reader.readBytesExactly(PublicKey.BYTES));
        reader.expectKey("salt");
        byte[] salt = reader.readBytesExactly(KeyDerivation.SALT_BYTES);
        reader.expectKey("nonce");
        byte[] nonce = reader.readBytesExactly(NONCE_BYTES);
        reader.expectKey("device");
        PublicKey device = reader.tryNull() ? null : PublicKey.of(reader.readBytesExactly(PublicKey.BYTES));
        reader.expectKey("created");
        Instant created = Instant.ofEpochSecond(reader.readLong(0, CREATED_MAX_SECONDS));
        reader.finish();
        int keys = device == null ? 1 : 2;
        if (sealed.length != keys * KEY_BYTES + TAG_BYTES) {
            throw new IllegalArgumentException(sealed.length + " sealed bytes for " + keys + " keys");
        }
        return new SealedFile(derivation, salt, nonce, name, root, device, created, header, sealed);
    }

    /**
     * Opens the file.
     *
     * @throws AlthingException if the passphrase is wrong
     */
    Secrets open(String file, char[] passphrase) throws AlthingException {
        byte[] key = derivation.derive(passphrase, salt);
        byte[] plain = new byte[0];
        try {
            plain = cipher(Cipher.DECRYPT_MODE, key, nonce, header).doFinal(sealed);
            return new Secrets(
                    Arrays.copyOf(plain, KEY_BYTES),
                    device == null ? null : Arrays.copyOfRange(plain, KEY_BYTES, 2 * KEY_BYTES));
        } catch (AEADBadTagException e) {
            throw new AlthingException(
                    "the passphrase does not open " + file + "; check caps lock and keyboard layout, and try again", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + CIPHER, e);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] header) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        cipher.updateAAD((MAGIC + " " + VERSION + "\0").getBytes(StandardCharsets.US_ASCII));
        cipher.updateAAD(header);
        return cipher;
    }

    static byte[] checksum(byte[]... parts) {
        MessageDigest digest = Sha256.begin();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    @Override
    public String toString() {
        return "key file of " + name;
    }
}
