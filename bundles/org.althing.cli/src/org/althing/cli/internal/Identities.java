// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.identity.Keystore;
import org.jspecify.annotations.Nullable;

/** The identities of a data folder: one file each, named after the member. */
final class Identities {

    static final String FOLDER = "identity";
    private static final String SUFFIX = ".key";
    private static final int FILES_MAX = 1_000;

    private final Session session;

    Identities(Session session) {
        this.session = session;
    }

    Keystore keystore() throws Failure {
        return session.services().require(Keystore.class, "the keystore");
    }

    /** Where the identity of this name is, or would be. */
    Path file(String name) throws Failure {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        String slug = plain.replaceAll("\\p{M}", "")
                .replaceAll("[^\\p{L}\\p{N}]+", "-")
                .replaceAll("^-|-$", "");
        if (slug.isEmpty() || name.length() > Keystore.NAME_MAX_CHARS) {
            throw Failure.usage("'" + name + "' is no name; use letters and digits, at most " + Keystore.NAME_MAX_CHARS
                    + " characters");
        }
        return folder().resolve(slug + SUFFIX);
    }

    /** The identity meant: the one named, else the only one there is. */
    Path choose(@Nullable String name) throws Failure, IOException {
        if (name != null) {
            Path file = file(name);
            if (!Files.exists(file)) {
                throw Failure.usage("no identity '" + name + "' in " + folder() + names(list()));
            }
            return file;
        }
        List<Path> all = list();
        if (all.isEmpty()) {
            throw Failure.usage("no identity in " + folder() + "; make one with `althing key new`");
        }
        if (all.size() > 1) {
            throw Failure.usage("there are " + all.size() + " identities in " + folder()
                    + "; choose one with --identity NAME" + names(all));
        }
        return all.getFirst();
    }

    /** The root key of the only identity, if there is just one; for showing what is one's own. */
    Optional<String> ownRoot() throws IOException {
        List<Path> all = list();
        if (all.size() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(keystore().inspect(all.getFirst()).root().toString());
        } catch (Failure | AlthingException e) {
            // Showing a proposal does not depend on one's own keys: whoever signs gets the message.
            return Optional.empty();
        }
    }

    /** All identity files, by name. */
    List<Path> list() throws IOException {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .limit(FILES_MAX)
                    .toList();
        }
    }

    static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private Path folder() {
        return session.data().resolve(FOLDER);
    }

    private static String names(List<Path> files) {
        return files.isEmpty()
                ? ""
                : "; there is "
                        + String.join(", ", files.stream().map(Identities::name).toList());
    }
}
