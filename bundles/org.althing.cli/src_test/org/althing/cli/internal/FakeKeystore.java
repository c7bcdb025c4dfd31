// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.identity.Keystore;
import org.althing.codec.Ed25519;

/** Keys that everybody knows, in files that hold nothing but a name and the passphrase. */
final class FakeKeystore implements Keystore {

    static final List<String> WORDS = List.of(
            "legal", "winner", "thank", "year", "wave", "sausage", "worth", "useful", "legal", "winner", "thank",
            "yellow");

    private static final Ed25519 ED25519 = Ed25519.fastest();

    @Override
    public Created create(Path file, String name, char[] passphrase) {
        return new Created(write(file, name, passphrase), WORDS);
    }

    @Override
    public Identity restore(Path file, String name, List<String> words, char[] passphrase) throws AlthingException {
        if (!words.equals(WORDS)) {
            throw new AlthingException("these are not the words");
        }
        return write(file, name, passphrase);
    }

    @Override
    public Identity inspect(Path file) {
        return identity(read(file).getFirst());
    }

    @Override
    public Unlocked unlock(Path file, char[] passphrase) throws AlthingException {
        List<String> lines = read(file);
        if (!Arrays.equals(lines.getLast().toCharArray(), passphrase)) {
            throw new AlthingException("wrong passphrase for " + file.getFileName());
        }
        return new Opened(identity(lines.getFirst()));
    }

    @Override
    public void export(Path file, char[] passphrase, Path target, char[] targetPassphrase) {
        write(target, read(file).getFirst(), targetPassphrase);
    }

    @Override
    public Identity importFrom(Path exported, char[] exportPassphrase, Path file, char[] passphrase) {
        return write(file, read(exported).getFirst(), passphrase);
    }

    @Override
    public Signer notaryKey(Path file) {
        return new SeedSigner((byte) 9);
    }

    private static Identity write(Path file, String name, char[] passphrase) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, List.of(name, new String(passphrase)));
            return identity(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Identity identity(String name) {
        return new Identity(name, new SeedSigner((byte) 1).key(), new SeedSigner((byte) 2).key(), Instant.EPOCH);
    }

    private record Opened(Identity identity) implements Unlocked {
        @Override
        public Signer root() {
            return new SeedSigner((byte) 1);
        }

        @Override
        public Signer device() {
            return new SeedSigner((byte) 2);
        }

        @Override
        public void close() {}
    }

    private record SeedSigner(byte fill) implements Signer {
        @Override
        public PublicKey key() {
            return ED25519.publicKey(seed());
        }

        @Override
        public Signature sign(byte[] message) {
            return ED25519.provider().sign(seed(), message);
        }

        private byte[] seed() {
            byte[] seed = new byte[Ed25519.SEED_BYTES];
            Arrays.fill(seed, fill);
            return seed;
        }
    }
}
