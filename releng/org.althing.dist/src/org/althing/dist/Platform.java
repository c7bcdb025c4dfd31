// SPDX-License-Identifier: EPL-2.0
package org.althing.dist;

import java.util.List;

/** A system that gets an archive of its own. */
enum Platform {
    LINUX_X86_64("linux-x86_64", ".tar.gz", List.of("unix", "linux")),
    LINUX_AARCH64("linux-aarch64", ".tar.gz", List.of("unix", "linux")),
    MACOS("macos", ".tar.gz", List.of("unix")),
    WINDOWS("windows", ".zip", List.of("windows"));

    private final String id;
    private final String suffix;
    private final List<String> files;

    Platform(String id, String suffix, List<String> files) {
        this.id = id;
        this.suffix = suffix;
        this.files = files;
    }

    String archive(String version) {
        return "althing-" + version + "-" + id + suffix;
    }

    /** The folders of files that are for this system. */
    List<String> files() {
        return files;
    }

    /** ACCP holds native code for one system; the others do with Conscrypt, which holds it for all of them. */
    boolean takes(String bundle) {
        return this == LINUX_X86_64 || !bundle.startsWith("software.amazon.cryptools.accp_");
    }

    /** Windows has a start script of its own. */
    boolean takesShellScripts() {
        return this != WINDOWS;
    }
}
