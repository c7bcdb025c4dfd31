// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.evidence.Evidence;
import org.althing.api.governance.DaoState;
import org.althing.api.ledger.DaoLedger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

    private static final String DAO = FakeAssembly.DAO.toString();

    @TempDir
    Path folder;

    private Path file = Path.of("");
    private Optional<Cid> askedDao = Optional.empty();
    private Evidence.Report report = new Evidence.Report(
            true,
            Optional.of(DAO),
            Optional.of("Ferry"),
            "attested",
            List.of(new Evidence.Claim(
                    "certificates",
                    "every seal is signed by a quorum of its notaries",
                    Evidence.Verdict.HOLDS,
                    "7 seals")),
            List.of(new Evidence.Outcome("bafyp", "Buy the ferry", "passed", List.of("For"), "bafyt", 3)));

    @BeforeEach
    void makeFile() throws Exception {
        file = Files.writeString(folder.resolve("a.car"), "x");
    }

    @Test
    void whatHoldsIsOneLineEachAndTheExitCodeIs0() {
        CommandRun.Printed printed = run("verify", file.toString());
        assertThat(printed.exit()).isZero();
        assertThat(printed.out())
                .contains(
                        "\u2713 holds  every seal is signed by a quorum of its notaries (7 seals)",
                        "passed: For; 3 ballots",
                        "Verified: every claim holds",
                        "True of this DAO only");
    }

    @Test
    void aPinIsHandedOnAndSaid() {
        CommandRun.Printed printed = run("verify", "--dao", DAO, file.toString());
        assertThat(askedDao).contains(FakeAssembly.DAO);
        assertThat(printed.out()).contains("True of the DAO that you pinned:\n  " + DAO + "\n  Ferry");
    }

    @Test
    void whatFailsIsMarkedInWordsAndTheExitCodeIs1() {
        report = new Evidence.Report(
                false,
                Optional.empty(),
                Optional.empty(),
                "none",
                List.of(
                        new Evidence.Claim("blocks", "every block has its name", Evidence.Verdict.FAILS, "block 3"),
                        new Evidence.Claim("tally", "the tally is right", Evidence.Verdict.OPEN, "")),
                List.of());
        CommandRun.Printed printed = run("verify", file.toString());
        assertThat(printed.exit()).isEqualTo(1);
        assertThat(printed.out())
                .contains(
                        "\u2717 FAILS  every block has its name (block 3)",
                        "? open   the tally is right",
                        "NOT verified");
        assertThat(printed.err()).isEmpty();
        CommandRun ascii = runner();
        ascii.unicode = false;
        assertThat(ascii.run("verify", file.toString()).out())
                .contains("\nopen   the tally is right")
                .startsWith("FAILS  every block");
    }

    @Test
    void theJsonIsTheReport() {
        var json = run("verify", "--json", file.toString()).json();
        assertThat(json.path("holds").asBoolean()).isTrue();
        assertThat(json.path("dao").asText()).isEqualTo(DAO);
        assertThat(json.path("completeness").asText()).isEqualTo("attested");
        assertThat(json.path("claims").get(0).path("verdict").asText()).isEqualTo("holds");
        assertThat(json.path("outcomes").get(0).path("winners").get(0).asText()).isEqualTo("For");
        report = new Evidence.Report(false, Optional.empty(), Optional.empty(), "none", List.of(), List.of());
        CommandRun.Printed failed = run("verify", "--json", file.toString());
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.json().path("dao").isNull()).isTrue();
    }

    @Test
    void aMissingFileIsBadInput() {
        CommandRun.Printed printed = run("verify", folder.resolve("none.car").toString());
        assertThat(printed.exit()).isEqualTo(2);
        assertThat(printed.err()).isEqualTo("althing: " + folder.resolve("none.car") + " does not exist\n");
    }

    private CommandRun.Printed run(String... line) {
        return runner().run(line);
    }

    private CommandRun runner() {
        return new CommandRun(folder).with(Evidence.class, new Evidence() {
            @Override
            public long write(
                    DaoLedger ledger, DaoState state, Optional<Cid> proposal, List<byte[]> groupKeys, Path target) {
                throw new IllegalStateException("not asked for here");
            }

            @Override
            public Report verify(Path path, Optional<Cid> dao, Optional<Cid> seal) {
                askedDao = dao;
                return report;
            }
        });
    }
}
