// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.math.BigInteger;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;

/**
 * A member.
 *
 * @param power voting power in units
 * @param active false once removed
 * @param since height of the admitting seal
 * @param reader by which the member's node reads, in a private DAO
 * @param readerChanges how often the member has changed it since it was admitted
 */
public record Member(
        PublicKey root,
        String name,
        SortedSet<String> roles,
        BigInteger power,
        boolean active,
        long since,
        Optional<ReadingKey> reader,
        int readerChanges) {
    public Member {
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
    }

    /** A member of a public DAO. */
    public Member(PublicKey root, String name, SortedSet<String> roles, BigInteger power, boolean active, long since) {
        this(root, name, roles, power, active, since, Optional.empty(), 0);
    }

    /** The same member with other roles. */
    public Member withRoles(SortedSet<String> next) {
        return new Member(root, name, next, power, active, since, reader, readerChanges);
    }

    /** The same member with another voting power. */
    public Member withPower(BigInteger next) {
        return new Member(root, name, roles, next, active, since, reader, readerChanges);
    }

    /** The same member, who has changed the reading key to this one. */
    public Member withReader(ReadingKey next) {
        return new Member(root, name, roles, power, active, since, Optional.of(next), readerChanges + 1);
    }

    /** The same person, no member any more. */
    public Member removed() {
        return new Member(root, name, roles, power, false, since, reader, readerChanges);
    }
}
