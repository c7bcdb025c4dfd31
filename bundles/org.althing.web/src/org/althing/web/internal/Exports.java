// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.EvidenceFile;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpApi;

/** Evidence to take home: written to a temporary file, sent, deleted. Few at a time, since it is work for the disk. */
final class Exports {

    private static final String CAR = "application/vnd.ipld.car";

    private final Assembly assembly;
    private final Semaphore places = new Semaphore(HttpLimits.EXPORTS_MAX);

    Exports(Assembly assembly) {
        this.assembly = assembly;
    }

    /**
     * @param subject a proposal or a DAO
     */
    Reply export(String subject) throws Problem, RefusedException, AlthingException {
        if (!places.tryAcquire()) {
            throw Problem.unavailable("evidence is being written for others; try again in a moment");
        }
        try {
            Path file = Files.createTempDirectory("althing-evidence-").resolve("evidence.car");
            EvidenceFile written;
            try {
                written = assembly.export(subject, file.toString());
            } catch (RefusedException | AlthingException | RuntimeException e) {
                delete(file);
                throw e;
            }
            return new Reply(
                    200,
                    CAR,
                    new Reply.TemporaryFile(file),
                    Map.of(
                            "Content-Disposition",
                            "attachment; filename=\"" + written.subject() + ".car\"",
                            HttpApi.SUBJECT_HEADER,
                            written.subject(),
                            HttpApi.DAO_HEADER,
                            written.dao(),
                            HttpApi.HEAD_HEADER,
                            written.head()));
        } catch (IOException e) {
            throw new AlthingException(
                    "the evidence cannot be written (" + e + "); make room in the temporary folder", e);
        } finally {
            places.release();
        }
    }

    /** A file that was written here, and the folder that hides it from other users. */
    static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.getParent());
    }
}
