// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How constants are written in records: lower case, hyphens, as in the formats of entries. Made once, since every record has some. */
final class Words<E extends Enum<E>> {

    private final Map<E, String> words;
    private final Map<String, E> constants = new HashMap<>();

    Words(Class<E> type) {
        words = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            words.put(constant, of(constant));
            constants.put(of(constant), constant);
        }
    }

    String write(E constant) {
        return words.getOrDefault(constant, "");
    }

    E read(String word) {
        E constant = constants.get(word);
        if (constant == null) {
            throw new IllegalStateException("the state's own record says " + word);
        }
        return constant;
    }

    /** The constant of a word that may be none. */
    Optional<E> find(String word) {
        return Optional.ofNullable(constants.get(word));
    }

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
