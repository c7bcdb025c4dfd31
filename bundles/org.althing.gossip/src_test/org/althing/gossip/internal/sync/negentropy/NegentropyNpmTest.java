// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reconciles random sets with npm's @nostr-dev-kit/sync 1.0.0, either side asking, with and without frame limits. Its times stay below 2^31:
 * it reads varints with 32-bit shifts.
 */
@Timeout(120)
class NegentropyNpmTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final int RUNS = 30;
    private static final int ROUNDS_MAX = 1_000;
    private static final int FRAMES_MIN_BYTES = 4096;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private Process node;
    private BufferedReader answers;
    private Writer questions;

    @BeforeEach
    void start() throws IOException {
        Path npm = Path.of(System.getProperty("althing.npm", "releng/npm"));
        assumeTrue(
                Files.isDirectory(npm.resolve("node_modules/@nostr-dev-kit/sync")),
                "skipped: no releng/npm/node_modules (npm ci there)");
        node = new ProcessBuilder("node", "negentropy.mjs")
                .directory(npm.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = node.inputReader(StandardCharsets.US_ASCII);
        questions = node.outputWriter(StandardCharsets.US_ASCII);
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.destroyForcibly();
        }
    }

    @Test
    void weLearnTheDifferencesFromIt() throws IOException {
        for (int run = 0; run < RUNS; run++) {
            int frame = run % 2 == 0 ? 0 : FRAMES_MIN_BYTES;
            TwoSets sets = TwoSets.random(random);
            give(sets.theirs);
            Sets.Heard heard = new Sets.Heard();
            Initiator initiator = new Initiator(Sets.tree(sets.ours), parameters(frame), heard);
            Optional<byte[]> message = Optional.of(initiator.begin());
            while (message.isPresent()) {
                message = initiator.next(HEX.parseHex(ask("respond " + frame + " " + HEX.formatHex(message.get()))));
            }
            assertThat(initiator.rounds())
                    .as("rounds, seed %s run %s", seed, run)
                    .isLessThan(ROUNDS_MAX);
            assertThat(heard.have).as("have, seed %s run %s", seed, run).isEqualTo(sets.oursOnly());
            assertThat(heard.need).as("need, seed %s run %s", seed, run).isEqualTo(sets.theirsOnly());
        }
    }

    @Test
    void itLearnsTheDifferencesFromUs() throws IOException {
        for (int run = 0; run < RUNS; run++) {
            int frame = run % 2 == 0 ? 0 : FRAMES_MIN_BYTES;
            TwoSets sets = TwoSets.random(random);
            give(sets.theirs);
            Responder responder = new Responder(Sets.tree(sets.ours), parameters(frame));
            Set<Item> have = new TreeSet<>();
            Set<Item> need = new TreeSet<>();
            String message = ask("initiate " + frame);
            for (int round = 0; !message.equals("-"); round++) {
                assertThat(round).as("rounds, seed %s run %s", seed, run).isLessThan(ROUNDS_MAX);
                String[] next = ask("next " + HEX.formatHex(responder.answer(HEX.parseHex(message))))
                        .split(" ");
                message = next[0];
                have.addAll(ids(next[1]));
                need.addAll(ids(next[2]));
            }
            assertThat(have).as("have, seed %s run %s", seed, run).isEqualTo(sets.theirsOnly());
            assertThat(need).as("need, seed %s run %s", seed, run).isEqualTo(sets.oursOnly());
        }
    }

    @Test
    void bothSplitASetAlike() throws IOException {
        for (int items : new int[] {0, 1, 31, 32, 33, 1_000, 5_000}) {
            Set<Item> set = new TreeSet<>();
            while (set.size() < items) {
                set.add(Sets.any(random, 1 + items / 10));
            }
            give(set);
            Initiator initiator = new Initiator(Sets.tree(set), parameters(0), new Sets.Heard());
            byte[] theirs = HEX.parseHex(ask("initiate 0"));
            assertThat(new Responder(Sets.tree(set), parameters(0)).answer(theirs))
                    .containsExactly(Exchange.VERSION);
            if (items < 32 || items % 16 == 0) {
                // They give the first ranges one item more where it does not come out even, we strew these.
                assertThat(initiator.begin())
                        .as("%s items, seed %s", items, seed)
                        .isEqualTo(theirs);
            }
        }
    }

    private static Parameters parameters(int frame) {
        return new Parameters(16, frame == 0 ? Parameters.FRAME_SIZE_LIMIT_BYTES : frame, ROUNDS_MAX);
    }

    private void give(Set<Item> items) {
        assertThat(ask("set "
                        + items.stream()
                                .map(item -> item.time() + ":" + HEX.formatHex(item.id()))
                                .collect(Collectors.joining(" "))))
                .isEqualTo("ok");
    }

    private String ask(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            String answer = answers.readLine();
            assertThat(answer).as("seed %s", seed).isNotNull().doesNotStartWith("error");
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Item> ids(String list) {
        return Arrays.stream(list.split(","))
                .filter(id -> !id.equals("-"))
                .map(id -> Item.of(0, HEX.parseHex(id)))
                .collect(Collectors.toSet());
    }

    private record TwoSets(Set<Item> ours, Set<Item> theirs) {

        static TwoSets random(Random random) {
            TwoSets sets = new TwoSets(new TreeSet<>(), new TreeSet<>());
            int items = random.nextInt(1 + new int[] {10, 300, 4_000}[random.nextInt(3)]);
            int alike = random.nextInt(1, 200);
            long timeMax = 1 + random.nextLong(1L << random.nextInt(31));
            for (int i = 0; i < items; i++) {
                Item item = Sets.any(random, timeMax);
                boolean differs = random.nextInt(alike) == 0;
                boolean left = random.nextBoolean();
                if (!differs || left) {
                    sets.ours.add(item);
                }
                if (!differs || !left) {
                    sets.theirs.add(item);
                }
            }
            return sets;
        }

        Set<Item> oursOnly() {
            return Sets.without(Sets.ids(ours), Sets.ids(theirs));
        }

        Set<Item> theirsOnly() {
            return Sets.without(Sets.ids(theirs), Sets.ids(ours));
        }
    }
}
