// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.althing.api.AlthingException;
import org.althing.api.ledger.Ledger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may have a data folder. */
final class FolderTest {

    @TempDir
    Path temporary;

    private final LogLedger provider = Store.provider(new FileDisk(), new Random(1));

    @Test
    void givenAnotherProcessHoldsIt_whenOpened_thenItsNumberIsNamed() throws Exception {
        Path folder = temporary.resolve("data");
        Process child = Child.start(Child.command("hold", folder, 1));
        try (BufferedReader output = Child.output(child)) {
            assertThat(output.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> provider.open(folder))
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("process " + child.pid() + " holds the data folder");
        } finally {
            child.destroyForcibly().waitFor();
        }
        provider.open(folder).close();
    }

    @Test
    void givenThisProcessHoldsIt_whenRefusedToItself_thenOthersAreStillRefused() throws Exception {
        Path folder = temporary.resolve("data");
        try (Ledger.Folder held = provider.open(folder)) {
            assertThat(held.daos()).isEmpty();
            assertThatThrownBy(() -> new LogLedger().open(folder))
                    .hasMessageContaining("this process holds the data folder");
            assertThatThrownBy(() -> provider.open(folder.resolve("..").resolve("data")))
                    .hasMessageContaining("this process holds");
            Process child = Child.start(Child.command("hold", folder, 1));
            try (BufferedReader output = Child.output(child)) {
                assertThat(output.readLine())
                        .startsWith("refused process " + ProcessHandle.current().pid() + " holds the data folder");
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void givenAnotherFormat_whenOpened_thenItIsRefusedWithWhatToDo() throws Exception {
        provider.open(temporary).close();
        Files.writeString(temporary.resolve("format"), "althing-ledger 2\n");
        assertThatThrownBy(() -> provider.open(temporary))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining(
                        "has the format 'althing-ledger 2', expected 'althing-ledger 1'; use the version");
        Files.writeString(temporary.resolve("format"), "althing-ledger 1\n");
        provider.open(temporary).close();
    }

    @Test
    void givenNoFormatFileButDaos_whenOpened_thenItIsRefused() throws Exception {
        try (Ledger.Folder folder = provider.open(temporary)) {
            folder.dao(Store.DAO);
        }
        Files.delete(temporary.resolve("format"));
        assertThatThrownBy(() -> provider.open(temporary))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("no file 'format'");
    }

    @Test
    void givenAFileInItsPlace_whenOpened_thenItIsRefused() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> provider.open(file))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("cannot write to the data folder");
    }

    @Test
    void givenAFolderThatIsReadOnly_whenOpened_thenItIsRefused() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("data"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (!Files.isWritable(folder)) {
            assertThatThrownBy(() -> provider.open(folder))
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("cannot write to the data folder " + folder);
            return;
        }
        // Nothing is read-only for root: let another user try.
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "neither an ordinary user nor setpriv");
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        command.addAll(Child.command("hold", folder, 1));
        Process child = Child.start(command);
        try (BufferedReader output = Child.output(child)) {
            String line = output.readLine();
            Assumptions.assumeTrue(line != null, "the other user cannot read these classes");
            assertThat(line).startsWith("refused cannot write to the data folder " + folder);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void givenTheBundleGoes_thenItsFoldersAreLetGo() throws Exception {
        Ledger.Folder folder = provider.open(temporary);
        folder.dao(Store.DAO).add(List.of(Store.entry(1)));
        provider.deactivate();
        try (Ledger.Folder again = new LogLedger().open(temporary)) {
            assertThat(again.dao(Store.DAO).has(Store.cid(1))).isTrue();
        }
    }
}
