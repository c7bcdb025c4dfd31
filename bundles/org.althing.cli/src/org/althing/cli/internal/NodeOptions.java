// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node is asked, if not the one of the data folder. */
final class NodeOptions {

    static final String VARIABLE = "ALTHING_NODE";

    private static final int TOKEN_FILE_SIZE_MAX_BYTES = 1024;
    /** What a field of an HTTP header can carry of a token (RFC 6750, section 2.1). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    @Option(
            names = "--node",
            paramLabel = "URL",
            order = 90,
            description = "Ask the node at this address, such as https://dao.example, instead of the one of the data"
                    + " folder; else $$ALTHING_NODE.")
    @Nullable
    URI node;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            order = 91,
            description = "The token of that node's administrator; founding a DAO there needs it.")
    @Nullable
    Path tokenFile;

    /** The address of a node elsewhere, if one is meant. */
    Optional<URI> address(Surroundings surroundings) throws Failure {
        if (node != null) {
            return Optional.of(node);
        }
        String variable = surroundings.variable(VARIABLE).orElse("");
        try {
            return variable.isEmpty() ? Optional.empty() : Optional.of(URI.create(variable));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("$" + VARIABLE + " is no address: " + variable);
        }
    }

    /** Where the address comes from. */
    String source() {
        return node != null ? "--node" : "$" + VARIABLE;
    }

    Optional<String> token() throws Failure, IOException {
        if (tokenFile == null) {
            return Optional.empty();
        }
        String token = InputFile.text(tokenFile, TOKEN_FILE_SIZE_MAX_BYTES).strip();
        if (!TOKEN.matcher(token).matches()) {
            throw Failure.usage(tokenFile + " holds no token; copy it from admin.token of that node's data folder");
        }
        return Optional.of(token);
    }
}
