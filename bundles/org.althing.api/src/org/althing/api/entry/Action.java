// SPDX-License-Identifier: EPL-2.0
package org.althing.api.entry;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;

/** What a passed proposal does to the DAO, by itself, at its seal. */
public sealed interface Action {

    /**
     * Admits a member with a first device key.
     *
     * @param deviceProof by the device key, over the tag {@code althing-device-1} and [dao, root]; in a charter the founding stands for dao
     * @param rootProof by the root key, over the tag {@code althing-member-1} and [dao, device]; so nobody is admitted in another's name
     * @param power voting power in units (10^18 to a vote)
     * @param reader by which the member's node reads, in a private DAO and there alone; {@code rootProof} covers it
     */
    record Admit(
            String name,
            PublicKey root,
            PublicKey device,
            Signature deviceProof,
            Signature rootProof,
            SortedSet<String> roles,
            BigInteger power,
            Optional<ReadingKey> reader)
            implements Action {
        public Admit {
            roles = sorted(roles);
        }

        /** An admission to a public DAO. */
        public Admit(
                String name,
                PublicKey root,
                PublicKey device,
                Signature deviceProof,
                Signature rootProof,
                SortedSet<String> roles,
                BigInteger power) {
            this(name, root, device, deviceProof, rootProof, roles, power, Optional.empty());
        }
    }

    /**
     * Ends a membership: nothing more by the member can be sealed. If it is admitted again, what it signs from then on can, but not what it
     * had pending.
     */
    record Remove(PublicKey root) implements Action {}

    /** Gives a member these roles instead of those it has. */
    record SetRoles(PublicKey root, SortedSet<String> roles) implements Action {
        public SetRoles {
            roles = sorted(roles);
        }
    }

    /** Gives a member this voting power, in units. */
    record SetPower(PublicKey root, BigInteger power) implements Action {}

    /**
     * Replaces the notaries: the seal that does so ends the epoch. A set with a key that nobody has, or whose owner does not want to serve,
     * could never seal again; so whoever joins the set consents.
     *
     * @param consents by each key that is no notary when the action happens, over the tag {@code althing-notary-1} and [dao, key]; others
     *     need none. A consent holds for good.
     */
    record SetNotaries(List<Notary> notaries, SortedMap<PublicKey, Signature> consents) implements Action {
        public SetNotaries {
            notaries = List.copyOf(notaries);
            consents = Collections.unmodifiableSortedMap(new TreeMap<>(consents));
        }
    }

    /** Replaces the rules: rights of roles, periods, quorum, threshold, methods, quotas. */
    record SetRules(Rules rules) implements Action {}

    private static SortedSet<String> sorted(SortedSet<String> roles) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(roles));
    }
}
