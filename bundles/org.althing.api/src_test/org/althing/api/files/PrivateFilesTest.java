// SPDX-License-Identifier: EPL-2.0
package org.althing.api.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {

    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path folder;

    @Test
    void aFileAndItsNewFoldersAreTheirOwnersAlone() throws Exception {
        Path file = folder.resolve("a/b/key");
        PrivateFiles.create(file, CONTENT);
        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(file.getParent().toFile().list()).containsExactly("key");
        assertThat(PrivateFiles.isPrivate(file)).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
        assertThat(PrivateFiles.isPrivate(file)).isFalse();
    }

    @Test
    void aBegunFileIsItsOwnersAlone() throws Exception {
        Path file = folder.resolve("part");
        try (FileChannel channel = PrivateFiles.begin(file)) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(mode(file)).isEqualTo("rw-------");
        }
        assertThatThrownBy(() -> PrivateFiles.begin(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void whatHasTheNameStaysAndNothingElseIsLeft() throws Exception {
        Path taken = Files.writeString(folder.resolve("taken"), "mine");
        Path fresh = Files.writeString(folder.resolve("fresh"), "other");
        assertThatThrownBy(() -> PrivateFiles.create(taken, CONTENT)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> PrivateFiles.name(fresh, taken)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(taken).hasContent("mine");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("taken", "fresh");
        PrivateFiles.name(fresh, folder.resolve("named"));
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("taken", "named");
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        assertThatThrownBy(() -> PrivateFiles.create(file.resolve("key"), CONTENT))
                .isInstanceOfSatisfying(
                        FileSystemException.class,
                        e -> assertThat(FileMessages.of(e)).startsWith(file.toString()));
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
