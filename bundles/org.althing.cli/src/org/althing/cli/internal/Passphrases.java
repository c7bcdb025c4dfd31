// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.althing.api.identity.Keystore;
import org.jspecify.annotations.Nullable;

/** Where a passphrase comes from: a file, the environment, or the person at the terminal; never the command line, which others can read. */
final class Passphrases {

    static final String VARIABLE = "ALTHING_PASSPHRASE";
    static final String EXPORT_VARIABLE = "ALTHING_EXPORT_PASSPHRASE";
    private static final int FILE_SIZE_MAX_BYTES = 8 * 1024;

    private final Session session;

    Passphrases(Session session) {
        this.session = session;
    }

    /** The passphrase that opens something. */
    char[] existing(@Nullable Path file, String variable, String what) throws Failure, IOException {
        Optional<char[]> silent = silent(file, variable);
        if (silent.isPresent()) {
            return silent.get();
        }
        return session.terminal().prompt().secret("Passphrase of " + what).orElseThrow(() -> missing(what, variable));
    }

    /** A passphrase that will protect something: asked for twice. */
    char[] fresh(@Nullable Path file, String variable, String what) throws Failure, IOException {
        Optional<char[]> silent = silent(file, variable);
        if (silent.isPresent()) {
            return checked(silent.get());
        }
        Prompt prompt = session.terminal().prompt();
        char[] first = checked(prompt.secret("New passphrase for " + what).orElseThrow(() -> missing(what, variable)));
        char[] second = prompt.secret("The same again").orElseThrow(() -> missing(what, variable));
        boolean same = Arrays.equals(first, second);
        Arrays.fill(second, '\0');
        if (!same) {
            throw Failure.usage("the two passphrases differ; try again");
        }
        return first;
    }

    private Optional<char[]> silent(@Nullable Path file, String variable) throws Failure, IOException {
        return file != null
                ? Optional.of(read(file))
                : session.surroundings().variable(variable).map(String::toCharArray);
    }

    private static char[] read(Path file) throws Failure, IOException {
        byte[] bytes = InputFile.bytes(file, FILE_SIZE_MAX_BYTES);
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw InputFile.notText(file);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        char[] passphrase = new char[end];
        text.get(passphrase);
        Arrays.fill(text.array(), '\0');
        for (char c : passphrase) {
            if (c == '\n' || c == '\r') {
                Arrays.fill(passphrase, '\0');
                throw Failure.usage(file + " has several lines; a passphrase is one line");
            }
        }
        return passphrase;
    }

    private static char[] checked(char[] passphrase) throws Failure {
        if (passphrase.length < Keystore.PASSPHRASE_MIN_CHARS || passphrase.length > Keystore.PASSPHRASE_MAX_CHARS) {
            throw Failure.usage("a passphrase has " + Keystore.PASSPHRASE_MIN_CHARS + " to "
                    + Keystore.PASSPHRASE_MAX_CHARS + " characters, not " + passphrase.length);
        }
        return passphrase;
    }

    private static Failure missing(String what, String variable) {
        return Failure.usage("the passphrase of " + what + " is missing, and there is no terminal to ask for it; set "
                + variable + " or use --passphrase-file FILE");
    }
}
