// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.assembly.RefusedException;
import org.althing.api.governance.ProposalStatus;

/** Lists proposals: by status, by words, a page at a time. */
final class Proposals {

    /** Instead of a status: those to which something can still happen, and the others. */
    private static final String OPEN = "open";

    private static final String ENDED = "ended";

    private final Assembly assembly;

    Proposals(Assembly assembly) {
        this.assembly = assembly;
    }

    /**
     * Newest first. Words are looked for in title, text and author's name, in any case, all of them; of a DAO with more than
     * {@link HttpLimits#SEARCH_ROWS_MAX} proposals the newest are looked through.
     */
    List<ProposalView> list(String dao, Call call) throws Problem, RefusedException, AlthingException {
        int offset = (int) call.number("offset", 0, 0, Integer.MAX_VALUE);
        int limit = (int) call.number("limit", HttpLimits.ROWS_DEFAULT, 1, HttpLimits.ROWS_MAX);
        Optional<String> status = call.parameter("status").filter(word -> !word.isEmpty());
        boolean many =
                status.isPresent() && (status.get().equals(OPEN) || status.get().equals(ENDED));
        if (status.isPresent() && !many && !words().contains(status.get())) {
            throw Problem.bad(
                    "parameter status must be one of " + OPEN + ", " + ENDED + ", " + String.join(", ", words()));
        }
        List<String> search = Arrays.stream(call.parameter("search")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
        if (!many && search.isEmpty()) {
            return assembly.proposals(dao, status, offset, limit);
        }
        Predicate<ProposalView> wanted =
                view -> (!many || ended(view.status()) == status.get().equals(ENDED))
                        && search.stream().allMatch(text(view)::contains);
        return scan(dao, many ? Optional.empty() : status, wanted, offset, limit);
    }

    private List<ProposalView> scan(
            String dao, Optional<String> status, Predicate<ProposalView> wanted, int offset, int limit)
            throws RefusedException, AlthingException {
        List<ProposalView> found = new ArrayList<>();
        int skip = offset;
        for (int from = 0; from < HttpLimits.SEARCH_ROWS_MAX; from += HttpLimits.ROWS_MAX) {
            List<ProposalView> page = assembly.proposals(dao, status, from, HttpLimits.ROWS_MAX);
            for (ProposalView view : page) {
                if (!wanted.test(view) || skip-- > 0) {
                    continue;
                }
                found.add(view);
                if (found.size() == limit) {
                    return found;
                }
            }
            if (page.size() < HttpLimits.ROWS_MAX) {
                return found;
            }
        }
        return found;
    }

    private static String text(ProposalView view) {
        return (view.title() + "\n" + view.text() + "\n" + view.authorName()).toLowerCase(Locale.ROOT);
    }

    private static boolean ended(String word) {
        return Arrays.stream(ProposalStatus.values())
                .anyMatch(status -> status.ended() && word(status).equals(word));
    }

    private static List<String> words() {
        return Arrays.stream(ProposalStatus.values()).map(Proposals::word).collect(Collectors.toList());
    }

    private static String word(ProposalStatus status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
