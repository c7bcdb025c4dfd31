// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.codec.GroupKeys;

/** Evidence files of a sample. */
final class Samples {

    private Samples() {}

    static byte[] file(SampleDao dao, Optional<Cid> proposal) {
        try {
            Path folder = Files.createTempDirectory("evidence");
            Path file = folder.resolve("sample.car");
            Verifier verifier = new Verifier(
                    SampleDao.GOVERNANCE,
                    SampleDao.ENGINE,
                    SampleDao.SIGNATURES,
                    Runnable::run,
                    EnumSet.allOf(Check.class));
            new EvidenceWriter(SampleDao.GOVERNANCE, verifier, dao.ledger, GroupKeys.NONE)
                    .write(dao.state(), proposal, file, 1);
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            Files.delete(folder);
            return bytes;
        } catch (AlthingException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
