// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.file.Path;
import org.althing.api.assembly.Assembly;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What happens to a signed entry. */
final class SubmitOptions {

    static final long WAIT_SECONDS_DEFAULT = 10;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            order = 92,
            description = "How long to wait for the seal, 0 to 60; default 10.")
    long waitSeconds = WAIT_SECONDS_DEFAULT;

    @Option(
            names = "--offline",
            paramLabel = "FILE",
            order = 93,
            description = "Do not hand the signed entry in: append it to FILE, for `althing import FILE`.")
    @Nullable
    Path offline;

    long waitMillis() throws Failure {
        if (waitSeconds < 0 || waitSeconds > Assembly.WAIT_MAX_MILLIS / 1_000) {
            throw Failure.usage("--wait: " + waitSeconds + " is out of range; wait 0 to "
                    + Assembly.WAIT_MAX_MILLIS / 1_000 + " seconds");
        }
        return waitSeconds * 1_000;
    }
}
