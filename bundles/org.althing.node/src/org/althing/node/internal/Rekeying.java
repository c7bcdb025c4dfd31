// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.security.SecureRandom;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.KeyState;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;

/**
 * A notary's duty in a private DAO: when a member has left it makes the next group key, keeps it, and names it; and what it says itself is enclosed.
 * Belongs to the thread of its pipeline.
 */
final class Rekeying {

    private static final String PROBLEM = "group key";
    private static final String LIMIT_PROBLEM = "group keys";

    private final Pipeline pipeline;
    private final KeyRing ring;
    private final PublicKey notary;
    private final SecureRandom random = new SecureRandom();

    Rekeying(Pipeline pipeline, KeyRing ring, PublicKey notary) {
        this.pipeline = pipeline;
        this.ring = ring;
        this.notary = notary;
    }

    /** Whether a group key is due, and there can be no more. */
    static boolean isAtLimit(DaoState state) {
        return state.groupKeyDue() && state.groupKeys().size() >= Body.GROUP_KEYS_MAX;
    }

    /** Names the next group key if that is due, this node is a notary, and it has not done so already. */
    void makeIfDue() {
        DaoState state = pipeline.state();
        pipeline.problems()
                .set(
                        LIMIT_PROBLEM,
                        isAtLimit(state),
                        "the DAO has named all " + Body.GROUP_KEYS_MAX + " group keys that it may, so whoever has left"
                                + " since the last reads what is said; found another DAO and move to it");
        List<Cid> named = state.groupKeys();
        if (!state.groupKeyDue()
                || isAtLimit(state)
                || !pipeline.isNotary()
                || !mayName(state)
                || pipeline.isCatchingUp()
                || pipeline.hasSaid(Body.GroupKey.class)) {
            return;
        }
        byte[] key;
        try {
            // It is durable before anybody can say something under it.
            key = ring.unnamed(named, () -> random(Enclosure.KEY_SIZE_BYTES));
        } catch (AlthingException e) {
            pipeline.problems().put(PROBLEM, "no new group key can be made: " + e.getMessage());
            return;
        }
        pipeline.problems().remove(PROBLEM);
        pipeline.author(
                new Body.GroupKey(named.size(), Enclosure.name(key)), "the name of the next group key", () -> {});
    }

    /** A notary whose key is frozen stays in its set, and says nothing. */
    private boolean mayName(DaoState state) {
        return state.key(notary)
                .filter(key -> key.status() == KeyState.Status.ACTIVE)
                .isPresent();
    }

    /** @throws IllegalArgumentException if the newest group key is not here */
    EntryCodec.Draft enclose(EntryCodec.Draft draft) {
        List<Cid> named = pipeline.state().groupKeys();
        if (named.isEmpty()) {
            return draft;
        }
        byte[] key = ring.keys()
                .find(named.getLast())
                .orElseThrow(() -> new IllegalArgumentException("this node lacks group key " + named.getLast()));
        return Enclosure.enclose(draft, key, random(Body.Enclosed.SALT_SIZE_BYTES));
    }

    private byte[] random(int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        random.nextBytes(bytes);
        return bytes;
    }
}
