// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No bytes that come from outside make a decoder fail otherwise than it says, or give what is not written as it was read. */
class FuzzTest {

    private static final boolean SOAK = Boolean.getBoolean("althing.soak");
    /** All targets share half a minute in one process; in a soak each has ten minutes in its own. */
    private static final int SECONDS = SOAK ? 600 : 30;

    /** In a soak as many targets run at one time as the tests have processors. */
    private static final int PROCESSORS = 2;

    /** Far fewer than a busy machine does; a fuzzer that does nothing stays below. */
    private static final int EXECUTIONS_MIN = 5_000;

    /** Edges that the seeds alone reach. */
    private static final int COVERAGE_MIN = SOAK ? 50 : 3_000;

    /** Those that run at one time. */
    static List<List<FuzzTarget>> targets() {
        if (!SOAK) {
            return List.of(List.of(EveryTarget.TOGETHER));
        }
        List<List<FuzzTarget>> batches = new ArrayList<>();
        for (int i = 0; i < EveryTarget.ALL.size(); i += PROCESSORS) {
            batches.add(EveryTarget.ALL.subList(i, Math.min(i + PROCESSORS, EveryTarget.ALL.size())));
        }
        return batches;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInputBreaksADecoder(List<FuzzTarget> batch) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<FuzzRun>> runs = threads.invokeAll(batch.stream()
                    .<Callable<FuzzRun>>map(target -> () -> FuzzRun.of(target, SECONDS))
                    .toList());
            for (int i = 0; i < runs.size(); i++) {
                FuzzRun run = runs.get(i).get();
                String told = batch.get(i) + "\n" + run.log();
                assertThat(run.isClean()).as(told).isTrue();
                assertThat(run.executions()).as(told).isGreaterThan(EXECUTIONS_MIN);
                assertThat(run.coverage()).as(told).isGreaterThan(COVERAGE_MIN);
            }
        }
    }

    @Test
    void aPlantedDefectIsFound() throws Exception {
        FuzzRun run = FuzzRun.of(PlantedTarget.TARGET, 60);
        assertThat(run.isClean()).isFalse();
        assertThat(run.log()).containsAnyOf("ArrayIndexOutOfBoundsException", "the planted defect");
    }
}
