// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Reads {@code key = value} in each line; an empty line, or one that begins with #, says nothing. Whatever else is wrong has a line number. */
final class ConfigFile {

    static final String NAME = "althing.conf";
    static final int SIZE_MAX_BYTES = 64 << 10;

    /** Editors on Windows put it before UTF-8. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private ConfigFile() {}

    static Map<Setting, Setting.Value> read(Path file) throws Failure, IOException {
        Map<Setting, Setting.Value> values = new EnumMap<>(Setting.class);
        String text = InputFile.text(file, SIZE_MAX_BYTES);
        String[] lines = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).split("\r\n|\r|\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                read(line, file + ", line " + (i + 1), values);
            }
        }
        return values;
    }

    private static void read(String line, String where, Map<Setting, Setting.Value> values) throws Failure {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw Failure.usage(where + ": " + Words.clean(line) + " is no setting; write KEY = VALUE, or # before it");
        }
        String key = line.substring(0, equals).strip();
        String text = line.substring(equals + 1).strip();
        Setting setting = Setting.ofKey(key)
                .orElseThrow(() -> Failure.usage(
                        where + ": there is no setting '" + Words.clean(key) + "'; write one of " + Setting.keys()));
        if (text.isEmpty()) {
            throw Failure.usage(where + ": " + key + " has no value; write one, or # before it");
        }
        Setting.Value before = values.put(setting, new Setting.Value(text, where + ", " + key));
        if (before != null) {
            throw Failure.usage(where + ": " + key + " was set already; take one of the two lines out");
        }
    }
}
