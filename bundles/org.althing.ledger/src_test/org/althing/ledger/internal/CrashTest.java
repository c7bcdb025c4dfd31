// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed, again and again: what it was told is durable is there afterwards. */
final class CrashTest {

    private static final int KILLS = 200;
    private static final int KILLS_SOAK = 1000;
    /** So that folders grow and are opened after other kills, but not for ever. */
    private static final int KILLS_A_FOLDER = 5;

    private static final int LINES_MAX = 40;

    @TempDir
    Path temporary;

    @Test
    void givenAProcessThatIsKilledAtRandomMoments_whenOpened_thenAllThatWasAcknowledgedIsThere() throws Exception {
        long seed = Long.getLong("althing.seed", System.nanoTime());
        System.out.println("CrashTest: -Dalthing.seed=" + seed);
        Random random = new Random(seed);
        int kills = Boolean.getBoolean("althing.soak") ? KILLS_SOAK : KILLS;
        int entries = 0;
        Path folder = temporary.resolve("folder");
        int inFolder = 0;
        for (int kill = 0; kill < kills; kill++) {
            if (inFolder++ == KILLS_A_FOLDER) {
                folder = temporary.resolve("folder-" + kill);
                inFolder = 1;
            }
            Map<String, Long> acknowledged = kill(folder, random);
            check(folder, acknowledged, "kill " + kill + " of seed " + seed);
            entries += acknowledged.getOrDefault("entries", 0L).intValue();
        }
        System.out.println("CrashTest: " + kills + " kills, " + entries + " acknowledged entries checked");
        assertThat(entries).isPositive();
    }

    /** Returns the highest number acknowledged of each kind. */
    private static Map<String, Long> kill(Path folder, Random random) throws Exception {
        Process child = Child.start(Child.command("write", folder, random.nextLong()));
        Map<String, Long> acknowledged = new HashMap<>();
        try (BufferedReader output = Child.output(child)) {
            int lines = random.nextInt(LINES_MAX);
            long spins = random.nextLong(2_000_000);
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ", 2);
                assertThat(words[0]).as(line).isNotEqualTo("refused");
                if (words.length == 2 && line.matches("[a-z]+ [0-9]+")) {
                    acknowledged.merge(words[0], Long.parseLong(words[1]), Math::max);
                }
                if (lines-- == 0) {
                    for (long spin = 0; spin < spins; spin++) {
                        Thread.onSpinWait(); // not always right behind an acknowledgement
                    }
                    child.toHandle()
                            .destroyForcibly(); // unlike the process's own method it leaves what is still in the pipe
                }
            }
        } finally {
            child.destroyForcibly();
        }
        child.waitFor();
        return acknowledged;
    }

    private static void check(Path folder, Map<String, Long> acknowledged, String where) throws Exception {
        try (Ledger.Folder open =
                Store.provider(new SimulatedDisk(), new Random(0)).open(folder)) {
            DaoLedger dao = open.dao(Store.DAO);
            long entries = acknowledged.getOrDefault("entries", 0L);
            assertThat(dao.entries()).as(where).isGreaterThanOrEqualTo(entries);
            for (long number = 0; number < dao.entries(); number++) {
                assertThat(dao.entry(Store.cid(number)))
                        .as("entry %d, %s", number, where)
                        .hasValue(Store.entry(number));
            }
            assertThat(dao.height()).as(where).isGreaterThanOrEqualTo(acknowledged.getOrDefault("seals", 0L) - 1);
            for (long height = 0; height <= dao.height(); height++) {
                assertThat(dao.seal(height)).as("seal %d, %s", height, where).isPresent();
            }
            assertThat(dao.damage()).as(where).isEmpty();
            assertThat((long) dao.votes().size())
                    .as(where)
                    .isGreaterThanOrEqualTo(acknowledged.getOrDefault("votes", 0L));
        }
    }
}
