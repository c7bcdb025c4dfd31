// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.evidence.Evidence;
import org.althing.api.evidence.Evidence.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor and a member do: write evidence, verify it. */
class EvidenceTest {

    private static final SampleDao.Story STORY = SampleDao.story();

    @TempDir
    Path folder;

    private final Evidence evidence = new EvidenceService(SampleDao.GOVERNANCE, SampleDao.ENGINE);

    private Path write(Optional<Cid> proposal) throws Exception {
        Path file = folder.resolve("evidence.car");
        long size = evidence.write(STORY.dao().ledger, STORY.dao().state(), proposal, file);
        assertThat(Files.size(file)).isEqualTo(size);
        return file;
    }

    @Test
    void aWholeDaoIsReplayed() throws Exception {
        Path file = write(Optional.empty());
        Report report = evidence.verify(file, Optional.of(STORY.dao().state().dao()), STORY.dao().state().head());
        System.out.println(file.toFile().length() + "\n" + report.claims().stream().map(Object::toString).collect(java.util.stream.Collectors.joining("\n")));
        System.out.println(report);
        assertThat(report.holds()).isTrue();
    }

    @Test
    void aProposalIsAttested() throws Exception {
        for (Cid p : java.util.List.of(STORY.ferry(), STORY.newcomer(), STORY.snack())) {
        Path file = write(Optional.of(p));
        Report report = evidence.verify(file, Optional.empty(), Optional.empty());
        System.out.println(file.toFile().length() + "\n" + report.claims().stream().map(Object::toString).collect(java.util.stream.Collectors.joining("\n")));
        System.out.println(report);
        assertThat(report.holds()).isTrue();
        Files.delete(file);
        }
    }
}
