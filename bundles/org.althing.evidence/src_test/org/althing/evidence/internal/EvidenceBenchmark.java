// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.entry.Action;
import org.althing.api.entry.Entry;
import org.althing.api.evidence.Evidence;
import org.althing.api.evidence.Evidence.Report;
import org.althing.api.tally.Choice;
import org.althing.governance.internal.GovernanceService;
import org.althing.testkit.governance.TestMember;

/** Sizes and times of evidence about one vote of many members. Run by hand: {@code EvidenceBenchmark MEMBERS}. */
final class EvidenceBenchmark {

    private static final int FOUNDERS = 150;
    private static final int AT_ONCE = 150;
    private static final int BALLOTS_PER_SEAL = 500;
    private static final int ROUNDS = 6;

    private EvidenceBenchmark() {}

    private static long cpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }

    public static void main(String[] args) throws Exception {
        int members = Integer.parseInt(args[0]);
        SampleDao dao = new SampleDao(FOUNDERS, 4, -1);
        while (dao.members.size() < members) {
            int first = dao.members.size();
            List<TestMember> next = IntStream.range(first, Math.min(members, first + AT_ONCE))
                    .mapToObj(i -> dao.know(new TestMember("m" + i, SampleDao.SIGNATURES)))
                    .toList();
            Cid admission = dao.open(
                    0,
                    SampleDao.question(
                            "More",
                            "basic",
                            next.stream()
                                    .map(m -> m.admit(dao.state().dao(), 1, "member"))
                                    .toArray(Action[]::new)));
            dao.seal(IntStream.range(0, first)
                    .mapToObj(i -> dao.vote(i, admission, 0, new Choice.Single(0)))
                    .toArray(Entry[]::new));
            dao.close(admission);
            dao.decide(admission);
            dao.members.addAll(next);
        }
        Cid vote = dao.open(0, SampleDao.question("The vote", "schulze"));
        for (int from = 0; from < members; from += BALLOTS_PER_SEAL) {
            dao.seal(IntStream.range(from, Math.min(members, from + BALLOTS_PER_SEAL))
                    .mapToObj(i -> dao.vote(i, vote, 0, SampleDao.rank(i % 3, (i + 1) % 3, (i + 2) % 3)))
                    .toArray(Entry[]::new));
        }
        dao.close(vote);
        dao.decide(vote);
        Evidence evidence = new EvidenceService(new GovernanceService(), SampleDao.ENGINE);
        for (Optional<Cid> what : List.of(Optional.of(vote), Optional.<Cid>empty())) {
            Path file = Files.createTempDirectory("bench").resolve("bench.car");
            long begin = System.nanoTime();
            long size = evidence.write(dao.ledger, dao.state(), what, file);
            System.out.printf(
                    "%s: %d members, %d entries: %d bytes, written in %d ms%n",
                    what.isPresent() ? "proposal" : "dao",
                    members,
                    dao.ledger.entries(),
                    size,
                    (System.nanoTime() - begin) / 1_000_000);
            for (int round = 0; round < ROUNDS; round++) {
                begin = System.nanoTime();
                long cpuBegin = cpuMillis();
                Report report = evidence.verify(file, Optional.empty(), Optional.empty());
                System.out.printf(
                        "  verified in %d ms, %d ms of CPU: %s%n",
                        (System.nanoTime() - begin) / 1_000_000, cpuMillis() - cpuBegin, report.holds());
            }
            Files.delete(file);
        }
    }
}
