// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.althing.api.node.NodeSettings;

/**
 * What a backup says about itself, in JSON in the last member of its ZIP file; the other members are the files. {@link BackupWriter} makes it,
 * {@link BackupReader} checks it.
 *
 * @param version of the program that wrote it
 * @param createdMillis after this moment the folder may have gone on
 * @param notary the key whose seals and votes these are
 */
record BackupFile(String version, long createdMillis, String notary, List<Item> files) {

    /** The member that holds this. */
    static final String NAME = "backup.json";
    /** How members and this description are laid out; what the files hold is the business of whoever wrote them. */
    static final int FORMAT = 1;

    /** Files of one backup. */
    static final int FILES_MAX = 100_000;
    /** This, as JSON. */
    static final int SIZE_MAX_BYTES = 32 << 20;
    /** Of a path in the data folder. */
    static final int PATH_MAX_CHARS = 512;

    static final int COPY_BUFFER_BYTES = 64 << 10;

    private static final List<String> FIELDS = List.of("format", "version", "createdMillis", "notary", "files");
    private static final List<String> ITEM_FIELDS = List.of("path", "sizeBytes", "sha256");

    private static final String FORMAT_PREFIX = "althing-backup ";
    private static final Pattern FORMAT_TEXT = Pattern.compile(FORMAT_PREFIX + "([0-9]{1,9})");
    private static final Pattern PART = Pattern.compile("[\\p{L}\\p{N}_-][\\p{L}\\p{N}._-]*");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * One file.
     *
     * @param path in the data folder, its parts separated by {@code /}
     * @param sha256 in hexadecimal
     */
    record Item(String path, long sizeBytes, String sha256) {}

    BackupFile {
        files = List.copyOf(files);
    }

    byte[] encode() {
        var all = Json.object()
                .put("format", FORMAT_PREFIX + FORMAT)
                .put("version", version)
                .put("createdMillis", createdMillis)
                .put("notary", notary);
        all.set("files", Json.of(files));
        return all.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param where names the file in messages
     */
    static BackupFile decode(String where, byte[] bytes) throws Failure {
        JsonFields all;
        Matcher format;
        String version;
        try {
            all = JsonFields.read(NAME + " in it", InputFile.utf8(NAME + " in it", bytes));
            format = FORMAT_TEXT.matcher(all.get("format").text());
            version = Words.clean(all.get("version").text());
        } catch (Failure e) {
            throw damaged(where, String.valueOf(e.getMessage()));
        }
        if (!format.matches()) {
            throw Failure.usage(where + " is no backup; make one with `althing backup FILE`");
        }
        int number = Integer.parseInt(format.group(1));
        if (number != FORMAT) {
            throw Failure.usage(where + " has the backup format " + number + ", this version reads " + FORMAT
                    + "; restore it with Althing " + version + ", which wrote it");
        }
        try {
            return decode(version, all.requireNoneBut(FIELDS));
        } catch (Failure e) {
            throw damaged(where, String.valueOf(e.getMessage()));
        }
    }

    private static BackupFile decode(String version, JsonFields all) throws Failure {
        List<Item> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (JsonFields.Field field : all.get("files").list()) {
            JsonFields file = field.fields().requireNoneBut(ITEM_FIELDS);
            Item item = new Item(
                    file.get("path").text(),
                    file.get("sizeBytes").largeNumber(),
                    file.get("sha256").text());
            boolean fits = isSafe(item.path())
                    && !item.path().startsWith(NodeSettings.SNAPSHOTS_FOLDER + "/")
                    && paths.add(item.path())
                    && item.sizeBytes() >= 0
                    && SHA256.matcher(item.sha256()).matches();
            if (!fits || files.size() >= FILES_MAX) {
                throw field.wrong("it names a file that no backup has: " + Words.clean(item.path()));
            }
            files.add(item);
        }
        return new BackupFile(
                version,
                all.get("createdMillis").largeNumber(),
                Words.clean(all.get("notary").text()),
                files);
    }

    static Failure damaged(String where, String reason) {
        return Failure.usage(where + " is damaged: " + reason + "; restore another backup");
    }

    /** Whether a path stays in the folder that it is written to. */
    private static boolean isSafe(String path) {
        if (path.length() > PATH_MAX_CHARS) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (!PART.matcher(part).matches()) {
                return false;
            }
        }
        return true;
    }
}
