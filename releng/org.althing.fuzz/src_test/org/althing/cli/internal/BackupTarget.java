// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.file.Path;
import java.util.List;
import org.althing.fuzz.FuzzTarget;

/** What a backup from elsewhere says of itself. */
public final class BackupTarget {

    private static final Path FOLDER = Path.of("/data");

    private BackupTarget() {}

    public static List<byte[]> seeds() {
        BackupFile.Item item = new BackupFile.Item("ledger/0.log", 7, "0a".repeat(32));
        return List.of(
                new BackupFile("0.1.0", 1_700_000_000_000L, "did:key:z6Mk", List.of(item)).encode(),
                new BackupFile("0.1.0", 0, "", List.of()).encode());
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            BackupFile backup = BackupFile.decode("it", input);
            for (BackupFile.Item item : backup.files()) {
                FuzzTarget.require(
                        FOLDER.resolve(item.path()).normalize().startsWith(FOLDER), "a file stays in its folder");
            }
            FuzzTarget.require(BackupFile.decode("it", backup.encode()).equals(backup), "it is read as written");
        } catch (Failure e) {
            // Refused, as declared.
        }
    }
}
