// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.althing.api.Cid;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;

/** From a charter to the DAO's first members and notaries. */
final class Charters {

    private Charters() {}

    static Optional<String> refuse(Body.Charter charter, Ed25519 signatures) {
        Optional<String> form = Forms.charter(charter);
        if (form.isPresent()) {
            return form;
        }
        try {
            enact(charter, signatures);
            return Optional.empty();
        } catch (Enactment.ImpossibleException e) {
            return Optional.of("founders, notaries: " + e.getMessage());
        }
    }

    /** The founders' world. The charter has been checked by {@link #refuse}. */
    static World found(Body.Charter charter, Ed25519 signatures) {
        try {
            return enact(charter, signatures);
        } catch (Enactment.ImpossibleException e) {
            throw new IllegalStateException("a refused charter", e);
        }
    }

    /** A founding is what the same actions would do later, but for consents: these name the founding, since there is no DAO yet. */
    private static World enact(Body.Charter charter, Ed25519 signatures) throws Enactment.ImpossibleException {
        List<Action> actions = new ArrayList<>(charter.founders());
        actions.add(new Action.SetNotaries(charter.notaries(), new TreeMap<>()));
        Cid founding = Consent.founding(charter.founders().getFirst().root(), charter.name());
        return Enactment.founding(founding, signatures, World.empty(charter.rules(), charter.group()))
                .run(actions);
    }
}
