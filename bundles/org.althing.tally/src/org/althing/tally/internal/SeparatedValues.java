// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.util.ArrayList;
import java.util.List;

/** Splits a line of separated values as RFC 4180 says, save that a value never spans lines. */
final class SeparatedValues {

    private SeparatedValues() {}

    /** The values, stripped; quotes around a value are taken off and doubled ones within it made single. */
    static List<String> split(String line, char separator) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean inQuotes = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (inQuotes && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                value.append(c);
                i++;
            } else if (c == '"' && (inQuotes || value.isEmpty())) {
                inQuotes = !inQuotes;
            } else if (c == separator && !inQuotes) {
                values.add(value.toString().strip());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        values.add(value.toString().strip());
        return values;
    }
}
