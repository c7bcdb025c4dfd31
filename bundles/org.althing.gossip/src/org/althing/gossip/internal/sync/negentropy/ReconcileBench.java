// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.althing.api.AlthingException;
import org.althing.api.bench.Benchmark;
import org.osgi.service.component.annotations.Component;

/**
 * Reconciles sets that differ in a few items: those of the last moments, as two nodes that were in touch differ, and any, as after a fault.
 * Round trips and bytes do not depend on the machine; they are compared with what it takes to send the list of all ids. The time is that of
 * both sides together, against hashing the ids of one.
 */
@Component
public final class ReconcileBench implements Benchmark {

    private static final int MILLION = 1_000_000;
    private static final int ITEMS_PER_SECOND = 100;
    private static final int DIFFERENCES_PER_SIDE = 50;
    private static final int ROUNDS_OF_TIME = 21;
    private static final long SEED = 1;

    /** A run: what was sent, and how long it took both sides. */
    record Run(int roundTrips, long bytes, double millis, int found) {}

    private record Sides(ItemTree ours, ItemTree theirs) {}

    @Override
    public String name() {
        return "reconcile";
    }

    @Override
    public String summary() {
        return "round trips, bytes and time to find the differences of two sets, against sending all ids";
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        List<Row> rows = new ArrayList<>();
        rows.addAll(measure(progress, "1 M entries, 100 recent differences", MILLION, 100, 16));
        rows.addAll(measure(progress, "1 M entries, 100 differences among the last 1000", MILLION, 1_000, 16));
        rows.addAll(measure(progress, "1 M entries, 100 random differences", MILLION, MILLION, 16));
        rows.addAll(measure(progress, "1 M entries, 100 random differences, branching 4", MILLION, MILLION, 4));
        rows.addAll(measure(progress, "100 k entries, 100 recent differences", 100_000, 100, 16));
        return rows;
    }

    private static List<Row> measure(Progress progress, String title, int items, int strewnOver, int branching)
            throws AlthingException {
        Sides sides = sides(items, strewnOver);
        Parameters parameters =
                new Parameters(branching, Parameters.FRAME_SIZE_LIMIT_BYTES, Parameters.USUAL.roundsMax());
        Run[] runs = new Run[ROUNDS_OF_TIME];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = reconcile(sides.ours, sides.theirs, parameters);
            if (runs[i].found != 2 * DIFFERENCES_PER_SIDE) {
                throw new AlthingException(
                        "found " + runs[i].found + " differences; there are " + 2 * DIFFERENCES_PER_SIDE);
            }
        }
        Run run = runs[0];
        double millis = Arrays.stream(runs).mapToDouble(Run::millis).sorted().toArray()[runs.length / 2];
        progress.step(String.format("%s: %d round trips, %d bytes, %.2f ms", title, run.roundTrips, run.bytes, millis));
        double allIds = (double) items * Item.ID_BYTES;
        return List.of(
                Row.less(title + ": round trips", run.roundTrips, "round trips", "sending all ids", 1),
                Row.less(title + ": bytes", run.bytes, "bytes", "sending all ids", allIds),
                Row.less(title + ": time", millis, "ms", "summing up one set", summingMillis(sides.ours)));
    }

    private static double summingMillis(ItemTree set) {
        long start = System.nanoTime();
        Sum sum = new Sum();
        set.forEach(0, set.size(), sum::add);
        Fingerprint.of(sum);
        return (System.nanoTime() - start) / 1e6;
    }

    /** Two sets with so many items, times in milliseconds; either lacks some that the other has, strewn over so many of the last. */
    private static Sides sides(int items, int strewnOver) {
        Random random = new Random(SEED);
        Sides sides = new Sides(new ItemTree(), new ItemTree());
        int lonely = 2 * DIFFERENCES_PER_SIDE;
        for (int i = 0; i < items + DIFFERENCES_PER_SIDE; i++) {
            Item item = new Item(
                    i * 1000L / ITEMS_PER_SECOND,
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong());
            int fromEnd = items + DIFFERENCES_PER_SIDE - 1 - i;
            int spacing = strewnOver / lonely;
            int number = fromEnd / spacing;
            boolean isLonely = fromEnd % spacing == spacing / 2 && number < lonely;
            if (!isLonely || number % 2 == 0) {
                sides.ours.add(item);
            }
            if (!isLonely || number % 2 == 1) {
                sides.theirs.add(item);
            }
        }
        return sides;
    }

    static Run reconcile(ItemTree ours, ItemTree theirs, Parameters parameters) {
        int[] found = {0};
        Initiator initiator = new Initiator(ours, parameters, new Initiator.Differences() {
            @Override
            public void have(Item item) {
                found[0]++;
            }

            @Override
            public void need(byte[] id) {
                found[0]++;
            }
        });
        Responder responder = new Responder(theirs, parameters);
        long bytes = 0;
        int roundTrips = 0;
        long start = System.nanoTime();
        Optional<byte[]> message = Optional.of(initiator.begin());
        while (message.isPresent()) {
            byte[] answer = responder.answer(message.get());
            bytes += message.get().length + answer.length;
            roundTrips++;
            message = initiator.next(answer);
        }
        return new Run(roundTrips, bytes, (System.nanoTime() - start) / 1e6, found[0]);
    }
}
