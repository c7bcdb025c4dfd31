// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.althing.api.entry.Body;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.jspecify.annotations.Nullable;

/** Rules as they are typed: the DAO's present ones with some fields changed, {@code voting=2d}. */
final class RulesText {

    static final String FIELDS = "sponsors, sponsorship, review, voting, time-lock, quorum, threshold, methods, grace,"
            + " extension, per-seal, per-day or role.NAME";

    private static final Set<String> NAMES = Set.of(
            "sponsors",
            "sponsorship",
            "review",
            "voting",
            "time-lock",
            "quorum",
            "threshold",
            "methods",
            "grace",
            "extension",
            "per-seal",
            "per-day");
    private static final String ROLE = "role.";

    private final Map<String, Object> view;

    private RulesText(Map<String, Object> view) {
        this.view = view;
    }

    /**
     * The rules that a proposal would set.
     *
     * @param view the present rules, as {@link org.althing.api.assembly.Assembly.DaoView#rules} shows them
     * @param changes value by field
     * @param known the methods that may be enabled
     */
    static Rules changed(Map<String, Object> view, Map<String, String> changes, Methods known) throws Failure {
        RulesText present = new RulesText(view);
        for (String field : changes.keySet()) {
            if (!field.startsWith(ROLE) && !NAMES.contains(field)) {
                throw Failure.usage("--set-rule: no rule '" + field + "'; write " + FIELDS);
            }
        }
        return new Rules(
                present.roles(changes),
                present.methods(changes.get("methods"), known),
                (int) present.number("sponsors", changes, "sponsors", 0, Rules.SPONSORS_MAX),
                present.period("sponsorMillis", changes, "sponsorship", 0),
                present.period("reviewMillis", changes, "review", 0),
                present.period("votingMillis", changes, "voting", Rules.VOTING_MIN_MILLIS),
                present.period("timeLockMillis", changes, "time-lock", 0),
                Limits.fraction("--set-rule quorum", present.text("quorum", changes)),
                Limits.threshold("--set-rule threshold", present.text("threshold", changes)),
                present.period("graceMillis", changes, "grace", 0),
                present.period("extensionMaxMillis", changes, "extension", 0),
                (int) present.number("entriesPerSealMax", changes, "per-seal", 1, Rules.ENTRIES_PER_SEAL_LIMIT),
                (int) present.number("entriesPerDayMax", changes, "per-day", 1, Rules.ENTRIES_PER_DAY_LIMIT));
    }

    private String text(String field, Map<String, String> changes) {
        return changes.getOrDefault(field, String.valueOf(view.get(field)));
    }

    private long number(String key, Map<String, String> changes, String field, long min, long max) throws Failure {
        String text = changes.get(field);
        if (text == null) {
            return present(key);
        }
        if (!text.matches("\\d{1,9}") || Long.parseLong(text) < min || Long.parseLong(text) > max) {
            throw Failure.usage("--set-rule " + field + ": '" + text + "' is out of range; write a number from " + min
                    + " to " + max);
        }
        return Long.parseLong(text);
    }

    private long period(String key, Map<String, String> changes, String field, long minMillis) throws Failure {
        String text = changes.get(field);
        if (text == null) {
            return present(key);
        }
        return Limits.periodMillis("--set-rule " + field, text, minMillis);
    }

    private long present(String key) {
        return view.get(key) instanceof Number number ? number.longValue() : 0;
    }

    private SortedSet<String> methods(@Nullable String text, Methods known) throws Failure {
        if (text == null) {
            TreeSet<String> methods = new TreeSet<>();
            texts(view.get("methods")).forEach(methods::add);
            return methods;
        }
        TreeSet<String> methods = new TreeSet<>();
        for (String method : text.split(",", -1)) {
            methods.add(known.enabled("--set-rule methods", method.strip()));
        }
        return methods;
    }

    /** {@code role.NAME=propose,vote} defines a role anew; without rights it is there and allows nothing. */
    private TreeMap<String, Set<Right>> roles(Map<String, String> changes) throws Failure {
        TreeMap<String, Set<Right>> roles = new TreeMap<>();
        if (view.get("roles") instanceof Map<?, ?> present) {
            for (Map.Entry<?, ?> role : present.entrySet()) {
                roles.put(String.valueOf(role.getKey()), rights(texts(role.getValue())));
            }
        }
        for (Map.Entry<String, String> change : changes.entrySet()) {
            if (change.getKey().startsWith(ROLE)) {
                String name =
                        Limits.text("--set-rule", change.getKey().substring(ROLE.length()), 1, Body.NAME_MAX_BYTES);
                roles.put(name, rights(Arrays.asList(change.getValue().split(","))));
            }
        }
        return roles;
    }

    private static Set<Right> rights(List<String> words) throws Failure {
        EnumSet<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : words) {
            if (!word.isBlank()) {
                rights.add(right(word.strip()));
            }
        }
        return rights;
    }

    private static Right right(String word) throws Failure {
        for (Right right : Right.values()) {
            if (right.name().toLowerCase(Locale.ROOT).equals(word)) {
                return right;
            }
        }
        throw Failure.usage("--set-rule: no right '" + word + "'; write propose, sponsor, vote, comment or veto");
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }
}
