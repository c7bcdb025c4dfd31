// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.identity.Keystore;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.identity.internal.SealedFile.Secrets;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Keeps keys in files of their own, see {@link SealedFile} and {@link #notaryKey}. Holds no state but what it works with. */
@Component(service = Keystore.class)
public final class FileKeystore implements Keystore {

    private static final String NOTARY_MAGIC = "althing-notary-key";
    private static final int NOTARY_VERSION = 1;
    private static final int CHECKSUM_BYTES = 32;

    private final KeyDerivation derivation;
    private final SecureRandom random;
    private final Clock clock;
    private final Ed25519 ed25519;

    @Activate
    public FileKeystore() {
        this(KeyDerivation.DEFAULT, new SecureRandom(), Clock.systemUTC(), Ed25519.fastest());
    }

    FileKeystore(KeyDerivation derivation, SecureRandom random, Clock clock, Ed25519 ed25519) {
        this.derivation = derivation;
        this.random = random;
        this.clock = clock;
        this.ed25519 = ed25519;
    }

    @Override
    public Created create(Path file, String name, char[] passphrase) throws AlthingException {
        byte[] entropy = new byte[Mnemonic.ENTROPY_BYTES];
        random.nextBytes(entropy);
        List<String> words = Mnemonic.words(entropy);
        Arrays.fill(entropy, (byte) 0);
        return new Created(restore(file, name, words, passphrase), words);
    }

    @Override
    public Identity restore(Path file, String name, List<String> words, char[] passphrase) throws AlthingException {
        requireName(name);
        requirePassphrase(passphrase);
        byte[] seed = Mnemonic.seed(Mnemonic.check(words), "");
        byte[] root = Slip10.rootKey(seed);
        Arrays.fill(seed, (byte) 0);
        return write(file, name, new Secrets(root, randomKey()), passphrase);
    }

    /** Wipes the secrets. */
    private Identity write(Path file, String name, Secrets secrets, char[] passphrase) throws AlthingException {
        try {
            byte[] deviceSecret = secrets.device();
            PublicKey device = deviceSecret == null ? null : ed25519.publicKey(deviceSecret);
            PublicKey root = ed25519.publicKey(secrets.root());
            byte[] content =
                    SealedFile.seal(derivation, random, name, root, device, clock.instant(), secrets, passphrase);
            KeyFiles.create(file, content);
            return identity(SealedFile.read(file.toString(), content));
        } finally {
            secrets.wipe();
        }
    }

    /** An exported copy has no device key: the root key stands in its place. */
    private static Identity identity(SealedFile file) {
        PublicKey device = file.device();
        return new Identity(file.name(), file.root(), device == null ? file.root() : device, file.created());
    }

    private byte[] randomKey() {
        byte[] key = new byte[Ed25519.SEED_BYTES];
        random.nextBytes(key);
        return key;
    }

    @Override
    public Identity inspect(Path file) throws AlthingException {
        SealedFile sealed = read(file);
        if (sealed.device() != null) {
            KeyFiles.requirePrivate(file);
        }
        return identity(sealed);
    }

    private static SealedFile readPrivate(Path file) throws AlthingException {
        KeyFiles.requirePrivate(file);
        return read(file);
    }

    private static SealedFile read(Path file) throws AlthingException {
        return SealedFile.read(file.toString(), KeyFiles.read(file));
    }

    @Override
    public Unlocked unlock(Path file, char[] passphrase) throws AlthingException {
        SealedFile sealed = readPrivate(file);
        PublicKey device = sealed.device();
        if (device == null) {
            throw new AlthingException(file
                    + " is an exported copy without a device key; make an identity of it with 'althing key import'");
        }
        Secrets secrets = open(file, sealed, passphrase);
        return new OpenIdentity(
                identity(sealed), new KeySigner(ed25519, secrets.root()), new KeySigner(ed25519, secrets.deviceKey()));
    }

    private Secrets open(Path file, SealedFile sealed, char[] passphrase) throws AlthingException {
        // Longer ones are not ours, and a hash of megabytes is a gift to whoever supplied them.
        if (passphrase.length > PASSPHRASE_MAX_CHARS) {
            throw new AlthingException("a passphrase has at most " + PASSPHRASE_MAX_CHARS + " characters");
        }
        return sealed.open(file.toString(), passphrase);
    }

    @Override
    public void export(Path file, char[] passphrase, Path target, char[] targetPassphrase) throws AlthingException {
        requirePassphrase(targetPassphrase);
        SealedFile sealed = readPrivate(file);
        Secrets secrets = open(file, sealed, passphrase);
        try {
            write(target, sealed.name(), new Secrets(secrets.root().clone(), null), targetPassphrase);
        } finally {
            secrets.wipe();
        }
    }

    /** {@inheritDoc} The exported file may have any mode: it travels on media that know none, and its passphrase protects it. */
    @Override
    public Identity importFrom(Path exported, char[] exportPassphrase, Path file, char[] passphrase)
            throws AlthingException {
        requirePassphrase(passphrase);
        SealedFile sealed = read(exported);
        Secrets secrets = open(exported, sealed, exportPassphrase);
        try {
            return write(file, sealed.name(), new Secrets(secrets.root().clone(), randomKey()), passphrase);
        } finally {
            secrets.wipe();
        }
    }

    /** {@inheritDoc} The file is DAG-CBOR: ["althing-notary-key", 1, private key, SHA-256 of the private key]. */
    @Override
    public Signer notaryKey(Path file) throws AlthingException {
        if (!Files.exists(file)) {
            byte[] key = randomKey();
            byte[] content = new CborWriter()
                    .list(4)
                    .text(NOTARY_MAGIC)
                    .integer(NOTARY_VERSION)
                    .bytes(key)
                    .bytes(SealedFile.checksum(key))
                    .toBytes();
            KeyFiles.create(file, content);
            Arrays.fill(content, (byte) 0);
            return new KeySigner(ed25519, key);
        }
        KeyFiles.requirePrivate(file);
        byte[] content = KeyFiles.read(file);
        try {
            CborReader reader = SealedFile.beginning(file.toString(), content, NOTARY_MAGIC, NOTARY_VERSION, 4);
            byte[] key = reader.readBytesExactly(Ed25519.SEED_BYTES);
            byte[] checksum = reader.readBytesExactly(CHECKSUM_BYTES);
            reader.finish();
            if (Arrays.equals(checksum, SealedFile.checksum(key))) {
                return new KeySigner(ed25519, key);
            }
            throw damagedNotaryKey(file, null);
        } catch (MalformedException e) {
            throw damagedNotaryKey(file, e);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static AlthingException damagedNotaryKey(Path file, @Nullable Exception cause) {
        return new AlthingException(
                file + " is truncated or damaged; take a copy of it, or remove it and have the DAO admit the new key",
                cause);
    }

    private static void requireName(String name) throws AlthingException {
        if (name.isBlank() || name.length() > NAME_MAX_CHARS || name.chars().anyMatch(Character::isISOControl)) {
            throw new AlthingException("a name has 1 to " + NAME_MAX_CHARS + " characters, all of them printable");
        }
    }

    private static void requirePassphrase(char[] passphrase) throws AlthingException {
        if (passphrase.length < PASSPHRASE_MIN_CHARS || passphrase.length > PASSPHRASE_MAX_CHARS) {
            throw new AlthingException("a passphrase has " + PASSPHRASE_MIN_CHARS + " to " + PASSPHRASE_MAX_CHARS
                    + " characters, not " + passphrase.length);
        }
    }

    private record OpenIdentity(Identity identity, KeySigner root, KeySigner device) implements Unlocked {
        @Override
        public void close() {
            root.lock();
            device.lock();
        }
    }
}
