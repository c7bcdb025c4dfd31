// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.althing.api.AlthingException;
import org.althing.api.identity.Keystore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which identity signs. */
final class SigningOptions {

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            order = 90,
            description = "Who signs, if the data folder holds several identities.")
    @Nullable
    String identity;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            order = 91,
            description = "The passphrase is the one line of FILE; else $$ALTHING_PASSPHRASE, else you are asked.")
    @Nullable
    Path passphraseFile;

    /** Opens the chosen identity; the caller closes it. */
    Keystore.Unlocked unlock(Session session) throws Failure, AlthingException, IOException {
        Identities identities = new Identities(session);
        Path file = identities.choose(identity);
        char[] passphrase = new Passphrases(session)
                .existing(passphraseFile, Passphrases.VARIABLE, "'" + Identities.name(file) + "'");
        try {
            return identities.keystore().unlock(file, passphrase);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    /** The file of the chosen identity. */
    Path file(Session session) throws Failure, IOException {
        return new Identities(session).choose(identity);
    }
}
