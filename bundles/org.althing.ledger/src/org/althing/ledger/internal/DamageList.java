// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.althing.api.ledger.DaoLedger.Damage;

/** Damage found so far, each once. Not safe for threads. */
final class DamageList {

    /** A disk this broken is described well enough; the last item says that there is more. */
    static final int ITEMS_MAX = 10_000;

    private final Set<Damage> items = new LinkedHashSet<>();
    private boolean more;

    void add(String what, String file, long offsetBytes, String reason) {
        add(new Damage(what, file, offsetBytes, reason));
    }

    void add(Damage damage) {
        if (items.size() < ITEMS_MAX) {
            items.add(damage);
        } else {
            more = true;
        }
    }

    /** Forgets what was damaged and has been written anew. */
    void heal(String what) {
        items.removeIf(item -> item.what().equals(what));
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    List<Damage> items() {
        List<Damage> list = new ArrayList<>(items);
        if (more) {
            list.add(new Damage("more", "", 0, "more than " + ITEMS_MAX + " places are damaged"));
        }
        return List.copyOf(list);
    }
}
