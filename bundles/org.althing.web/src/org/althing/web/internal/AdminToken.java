// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.althing.api.AlthingException;
import org.althing.api.files.PrivateFiles;

/** The secret of whoever can read the data folder; it is in a file of mode 0600 and never in a log or an answer. */
final class AdminToken {

    static final String FILE = "admin.token";

    private static final int SIZE_BYTES = 32;
    private static final int TEXT_MIN_CHARS = 32;
    private static final int FILE_SIZE_MAX_BYTES = 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final byte[] token;

    private AdminToken(byte[] token) {
        this.token = token;
    }

    /** The token of a data folder, made if it has none. */
    static AdminToken of(Path data, RandomGenerator random) throws AlthingException {
        Path file = data.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                create(file, random);
            }
            if (!PrivateFiles.isPrivate(file)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
            byte[] text = Files.size(file) > FILE_SIZE_MAX_BYTES ? new byte[0] : Files.readAllBytes(file);
            byte[] token = new String(text, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
            if (token.length < TEXT_MIN_CHARS) {
                throw new AlthingException(file + " holds no token; delete it and start the node again");
            }
            return new AdminToken(token);
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot read or write " + file + " (" + e + "); make it readable for this user", e);
        }
    }

    /** A crash leaves a whole token or none. Whoever opens a door holds the folder, so nobody else makes one. */
    private static void create(Path file, RandomGenerator random) throws IOException {
        byte[] secret = new byte[SIZE_BYTES];
        random.nextBytes(secret);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n";
        PrivateFiles.create(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes as long for a wrong guess as for a better one. */
    boolean matches(String guess) {
        return MessageDigest.isEqual(token, guess.getBytes(StandardCharsets.UTF_8));
    }
}
