// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnTest {

    @Test
    void oneCommandAtATimeSignsWithAnIdentity(@TempDir Path folder) throws Exception {
        Path identity = folder.resolve("asta.key");
        try (Turn turn = Turn.take(identity);
                FileChannel other = FileChannel.open(folder.resolve("asta.lock"), StandardOpenOption.WRITE)) {
            assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
            turn.close();
            assertThat(other.tryLock()).isNotNull();
        }
    }
}
