// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.security.SecureRandom;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;

/**
 * A notary's duty in a private DAO: when a member has left it makes the next group key, keeps it, and names it; and what it says itself is enclosed.
 * Belongs to the thread of its pipeline.
 */
final class Rekeying {

    private static final String PROBLEM = "group key";

    private final Pipeline pipeline;
    private final KeyRing ring;
    private final SecureRandom random = new SecureRandom();

    Rekeying(Pipeline pipeline, KeyRing ring) {
        this.pipeline = pipeline;
        this.ring = ring;
    }

    /** Names the next group key if that is due, this node is a notary, and it has not done so already. */
    void makeIfDue() {
        List<Cid> named = pipeline.state().groupKeys();
        if (!pipeline.state().groupKeyDue()
                || named.size() >= Body.GROUP_KEYS_MAX
                || !pipeline.isNotary()
                || pipeline.isCatchingUp()
                || pipeline.hasSaid(Body.GroupKey.class)) {
            return;
        }
        byte[] key = random(Enclosure.KEY_SIZE_BYTES);
        try {
            // It is durable before anybody can say something under it.
            ring.add(key);
        } catch (AlthingException e) {
            pipeline.problems().put(PROBLEM, "no new group key can be made: " + e.getMessage());
            return;
        }
        pipeline.problems().remove(PROBLEM);
        pipeline.author(
                new Body.GroupKey(named.size(), Enclosure.name(key)), "the name of the next group key", () -> {});
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
