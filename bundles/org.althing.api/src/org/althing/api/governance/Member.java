// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.PublicKey;

/**
 * A member.
 *
 * @param power voting power in units
 * @param active false once removed
 * @param since height of the admitting seal
 */
public record Member(
        PublicKey root, String name, SortedSet<String> roles, BigInteger power, boolean active, long since) {
    public Member {
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
    }
}
