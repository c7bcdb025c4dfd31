// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.identity.Keystore;
import org.althing.api.identity.Keystore.Created;
import org.althing.api.identity.Keystore.Identity;
import org.althing.api.identity.Keystore.Unlocked;
import org.althing.codec.CborWriter;
import org.althing.codec.Ed25519;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileKeystoreTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    private static final KeyDerivation CHEAP = new KeyDerivation(8, 1, 1);
    private static final char[] PASSPHRASE = "correct horse".toCharArray();
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temporary;

    private final Ed25519 ed25519 = Ed25519.fastest();
    private final FileKeystore keystore =
            new FileKeystore(CHEAP, new SecureRandom(), Clock.fixed(NOW, ZoneOffset.UTC), ed25519);
    private Path file;

    @BeforeEach
    void setUp() {
        file = temporary.resolve("keys").resolve("asta");
    }

    private void assertSigns(Signer signer, PublicKey key) {
        assertThat(signer.key()).isEqualTo(key);
        assertThat(ed25519.verify(key, MESSAGE, signer.sign(MESSAGE))).isTrue();
    }

    private void assertRefused(String messagePart, Call call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining(messagePart)
                .message()
                .doesNotContain("\n");
    }

    private interface Call {
        void run() throws Exception;
    }

    @Test
    void aNewIdentityIsOpenedWithItsPassphrase() throws Exception {
        Created created = keystore.create(file, "Asta", PASSPHRASE);
        assertThat(created.words()).hasSize(12);
        Identity identity = created.identity();
        assertThat(identity.name()).isEqualTo("Asta");
        assertThat(identity.created()).isEqualTo(NOW);
        assertThat(identity.root()).isNotEqualTo(identity.device());
        assertThat(keystore.inspect(file)).isEqualTo(identity);
        try (Unlocked unlocked = keystore.unlock(file, PASSPHRASE)) {
            assertThat(unlocked.identity()).isEqualTo(identity);
            assertSigns(unlocked.root(), identity.root());
            assertSigns(unlocked.device(), identity.device());
        }
    }

    @Test
    void theShippedKeystoreDoesTheSame() throws Exception {
        Keystore shipped = new FileKeystore();
        shipped.create(file, "Asta", PASSPHRASE);
        assertThat(SealedFile.read("file", Files.readAllBytes(file)).derivation())
                .isEqualTo(new KeyDerivation(65536, 3, 4));
        shipped.unlock(file, PASSPHRASE).close();
    }

    @Test
    void theFileAndItsFolderAreForTheirOwnerAlone() throws Exception {
        keystore.create(file, "Asta", PASSPHRASE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aLooseModeIsRefusedWithWhatToType() throws Exception {
        keystore.create(file, "Asta", PASSPHRASE);
        keystore.notaryKey(temporary.resolve("notary"));
        for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            Files.setPosixFilePermissions(temporary.resolve("notary"), PosixFilePermissions.fromString(mode));
            assertRefused("chmod 600 " + file, () -> keystore.unlock(file, PASSPHRASE));
            assertRefused("chmod 600 " + file, () -> keystore.inspect(file));
            assertRefused(
                    "chmod 600 " + file,
                    () -> keystore.export(file, PASSPHRASE, temporary.resolve("copy"), PASSPHRASE));
            assertRefused(
                    "chmod 600 " + temporary.resolve("notary"), () -> keystore.notaryKey(temporary.resolve("notary")));
        }
    }

    @Test
    void anExportedCopyMayHaveAnyMode() throws Exception {
        Identity made = keystore.create(file, "Asta", PASSPHRASE).identity();
        Path copy = temporary.resolve("copy");
        keystore.export(file, PASSPHRASE, copy, PASSPHRASE);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(keystore.inspect(copy).root()).isEqualTo(made.root());
        Path imported = temporary.resolve("imported");
        assertThat(keystore.importFrom(copy, PASSPHRASE, imported, PASSPHRASE).root())
                .isEqualTo(made.root());
    }

    @Test
    void anExistingFileIsNotOverwritten() throws Exception {
        List<String> words = keystore.create(file, "Asta", PASSPHRASE).words();
        byte[] before = Files.readAllBytes(file);
        assertRefused("exists already", () -> keystore.create(file, "Bera", PASSPHRASE));
        assertRefused("exists already", () -> keystore.restore(file, "Bera", words, PASSPHRASE));
        assertRefused("exists already", () -> keystore.export(file, PASSPHRASE, file, PASSPHRASE));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aWrongPassphraseIsToldFromADamagedFile() throws Exception {
        keystore.create(file, "Asta", PASSPHRASE);
        assertRefused("the passphrase does not open", () -> keystore.unlock(file, "correct house".toCharArray()));
        assertRefused("the passphrase does not open", () -> keystore.unlock(file, new char[0]));
        assertRefused("at most 1024", () -> keystore.unlock(file, new char[1025]));
        assertRefused(
                "the passphrase does not open",
                () -> keystore.export(file, "correct house".toCharArray(), temporary.resolve("copy"), PASSPHRASE));
    }

    @Test
    void theSamePassphraseTypedOnAnotherKeyboardOpensIt() throws Exception {
        keystore.create(file, "Asta", "p\u00e4ssphrase".toCharArray());
        keystore.unlock(file, "pa\u0308ssphrase".toCharArray()).close();
    }

    @Test
    void givenAFileCutOrFlippedAnywhere_thenItIsCalledDamaged() throws Exception {
        long seed = Long.getLong("althing.seed", System.nanoTime());
        System.out.println("FileKeystoreTest: -Dalthing.seed=" + seed);
        Random random = new Random(seed);
        keystore.create(file, "Asta", PASSPHRASE);
        byte[] content = Files.readAllBytes(file);
        for (int at = 0; at < content.length; at++) {
            Files.write(file, Arrays.copyOf(content, at));
            assertRefused("damaged", () -> keystore.unlock(file, PASSPHRASE));
            byte[] flipped = content.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);
            assertThatThrownBy(() -> keystore.unlock(file, PASSPHRASE))
                    .as("flip at %d", at)
                    .isInstanceOf(AlthingException.class)
                    .message()
                    .matches("(?s).*(damaged|has the format althing-keystore).*");
            assertThatThrownBy(() -> keystore.inspect(file))
                    .as("flip at %d", at)
                    .isInstanceOf(AlthingException.class);
        }
        Files.write(file, Arrays.copyOf(content, content.length + 1));
        assertRefused("damaged", () -> keystore.unlock(file, PASSPHRASE));
    }

    @Test
    void givenAHeaderThatIsForged_whenItsChecksumIsMadeToFit_thenTheCipherRefuses() throws Exception {
        Created created = keystore.create(file, "Asta", PASSPHRASE);
        SealedFile sealed = SealedFile.read("file", Files.readAllBytes(file));
        byte[] header = sealed.header().clone();
        int name = indexOf(header, "Asta".getBytes(StandardCharsets.US_ASCII));
        header[name] = 'B';
        Files.write(file, file(header, sealed.sealed()));
        assertThat(keystore.inspect(file).name()).as("not to be trusted").isEqualTo("Bsta");
        assertRefused("the passphrase does not open", () -> keystore.unlock(file, PASSPHRASE));
        assertThat(created.identity().name()).isEqualTo("Asta");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("not there");
    }

    private static byte[] file(byte[] header, byte[] sealed) {
        return new CborWriter()
                .list(5)
                .text("althing-keystore")
                .integer(1)
                .bytes(header)
                .bytes(sealed)
                .bytes(SealedFile.checksum(header, sealed))
                .toBytes();
    }

    @Test
    void givenAFileThatAsksForHugeMemory_thenItIsRefusedBeforeAnyIsSpent() throws Exception {
        for (long[] kdf : new long[][] {
            {1L << 40, 1, 1},
            {KeyDerivation.MEMORY_MAX_KIB + 1, 1, 1},
            {64, 1_000_000, 1},
            {64, 0, 1},
            {64, 1, 17},
            {64, 1, 16},
            {0, 1, 1},
            {-1, 1, 1}
        }) {
            byte[] header = new CborWriter()
                    .map(7)
                    .key("kdf")
                    .list(3)
                    .integer(kdf[0])
                    .integer(kdf[1])
                    .integer(kdf[2])
                    .key("name")
                    .text("x")
                    .key("root")
                    .bytes(new byte[32])
                    .key("salt")
                    .bytes(new byte[16])
                    .key("nonce")
                    .bytes(new byte[12])
                    .key("device")
                    .nil()
                    .key("created")
                    .integer(0)
                    .toBytes();
            Files.createDirectories(file.getParent());
            Files.write(file, file(header, new byte[48]));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertRefused(
                    "is not opened", () -> keystore.importFrom(file, PASSPHRASE, temporary.resolve("new"), PASSPHRASE));
        }
        Files.write(file, new byte[KeyFiles.SIZE_MAX_BYTES + 1]);
        assertRefused("too large", () -> keystore.inspect(file));
    }

    @Test
    void givenAnotherVersionOrAnotherFile_thenTheMessageSaysSo() throws Exception {
        keystore.create(file, "Asta", PASSPHRASE);
        Files.write(
                file,
                new CborWriter()
                        .list(5)
                        .text("althing-keystore")
                        .integer(2)
                        .nil()
                        .nil()
                        .nil()
                        .toBytes());
        assertRefused("has the format althing-keystore 2, expected 1", () -> keystore.unlock(file, PASSPHRASE));
        Files.writeString(file, "a letter to my mother, which is much longer");
        assertRefused("another kind of file", () -> keystore.unlock(file, PASSPHRASE));
        assertRefused("there is no file", () -> keystore.unlock(temporary.resolve("nothing"), PASSPHRASE));
    }

    @Test
    void theWordsGiveTheSameRootAndAnotherDeviceKey() throws Exception {
        Created created = keystore.create(file, "Asta", PASSPHRASE);
        Path again = temporary.resolve("again");
        Identity restored =
                keystore.restore(again, "Asta on her laptop", created.words(), "another passphrase".toCharArray());
        assertThat(restored.root()).isEqualTo(created.identity().root());
        assertThat(restored.device()).isNotEqualTo(created.identity().device());
        try (Unlocked unlocked = keystore.unlock(again, "another passphrase".toCharArray())) {
            assertSigns(unlocked.root(), created.identity().root());
        }
    }

    /** Pins words, PBKDF2, SLIP-0010 and the path: if one of them changes, phrases on paper lose their identities. */
    @Test
    void knownWordsGiveTheKnownRoot() throws Exception {
        List<String> words =
                List.of("legal winner thank year wave sausage worth useful legal winner thank yellow".split(" "));
        Identity identity = keystore.restore(file, "Asta", words, PASSPHRASE);
        assertThat(identity.root().toString()).isEqualTo("did:key:z6Mkhv3aEWhnPwFLDw9RzmymRz82AUGjjvGf1R1zsBto9G4z");
    }

    @Test
    void anExportedCopyIsImportedWithTheSameRootAndANewDeviceKey() throws Exception {
        Identity original = keystore.create(file, "Asta", PASSPHRASE).identity();
        Path copy = temporary.resolve("copy");
        char[] copyPassphrase = "for the journey".toCharArray();
        keystore.export(file, PASSPHRASE, copy, copyPassphrase);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxrwxrwx")); // as from a memory stick
        Path imported = temporary.resolve("imported");
        assertRefused(
                "the passphrase does not open", () -> keystore.importFrom(copy, PASSPHRASE, imported, PASSPHRASE));
        Identity identity = keystore.importFrom(copy, copyPassphrase, imported, PASSPHRASE);
        assertThat(identity.root()).isEqualTo(original.root());
        assertThat(identity.device()).isNotEqualTo(original.device());
        assertThat(identity.name()).isEqualTo("Asta");
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        assertRefused("althing key import", () -> keystore.unlock(copy, copyPassphrase));
        try (Unlocked unlocked = keystore.unlock(imported, PASSPHRASE)) {
            assertSigns(unlocked.root(), original.root());
        }
    }

    @Test
    void passphrasesAndNamesHaveLimits() throws Exception {
        assertRefused("8 to 1024", () -> keystore.create(file, "Asta", "1234567".toCharArray()));
        assertRefused("8 to 1024", () -> keystore.create(file, "Asta", new char[1025]));
        assertRefused("a name", () -> keystore.create(file, " ", PASSPHRASE));
        assertRefused("a name", () -> keystore.create(file, "x".repeat(65), PASSPHRASE));
        assertRefused("a name", () -> keystore.create(file, "a\u001bb", PASSPHRASE));
        keystore.create(file, "\u20ac".repeat(64), "12345678".toCharArray());
        assertRefused(
                "8 to 1024",
                () -> keystore.export(file, "12345678".toCharArray(), temporary.resolve("copy"), new char[3]));
        assertThat(temporary.resolve("copy")).doesNotExist();
    }

    @Test
    void aClosedIdentitySignsNoMore() throws Exception {
        keystore.create(file, "Asta", PASSPHRASE);
        Unlocked unlocked = keystore.unlock(file, PASSPHRASE);
        unlocked.close();
        unlocked.close();
        assertThatThrownBy(() -> unlocked.root().sign(MESSAGE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("locked");
        assertThatThrownBy(() -> unlocked.device().sign(MESSAGE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingWipesTheKey() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 7);
        KeySigner signer = new KeySigner(ed25519, secret);
        signer.lock();
        assertThat(secret).containsOnly(0);
    }

    @Test
    void theNotaryKeyIsMadeOnceAndKept() throws Exception {
        Signer made = keystore.notaryKey(file);
        assertSigns(made, made.key());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(keystore.notaryKey(file).key()).isEqualTo(made.key());
        byte[] content = Files.readAllBytes(file);
        for (int at = 0; at < content.length; at++) {
            byte[] flipped = content.clone();
            flipped[at] ^= 1;
            Files.write(file, flipped);
            assertThatThrownBy(() -> keystore.notaryKey(file))
                    .as("flip at %d", at)
                    .isInstanceOf(AlthingException.class);
            Files.write(file, Arrays.copyOf(content, at));
            assertThatThrownBy(() -> keystore.notaryKey(file))
                    .as("cut at %d", at)
                    .isInstanceOf(AlthingException.class);
        }
    }

    @Test
    void nothingPrintsASecret() throws Exception {
        Created created = keystore.create(file, "Asta", PASSPHRASE);
        try (Unlocked unlocked = keystore.unlock(file, PASSPHRASE)) {
            String printed = unlocked + " " + unlocked.root() + " " + unlocked.device() + " "
                    + new SealedFile.Secrets(new byte[32], new byte[32])
                    + SealedFile.read("file", Files.readAllBytes(file));
            assertThat(printed).doesNotContain("[B@").contains("Asta");
        }
        assertThat(created.toString())
                .as("a Created in a log must not give the words away")
                .doesNotContain(created.words().get(0) + ", ");
    }
}
