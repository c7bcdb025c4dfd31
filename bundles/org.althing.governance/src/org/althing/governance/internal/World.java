// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.PublicKey;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;

/**
 * What actions and key changes work on: who is who, and the rules. Immutable, so that a list of actions that fails half-way leaves nothing
 * behind.
 *
 * @param notaries in ascending order of their keys
 * @param active number of active members
 */
record World(
        Table<PublicKey, Member> members,
        Table<PublicKey, KeyState> keys,
        Rules rules,
        List<Notary> notaries,
        int active) {

    World {
        notaries = List.copyOf(notaries);
    }

    /** Nobody yet, under these rules. */
    static World empty(Rules rules) {
        return new World(Table.empty(Records.MEMBER), Table.empty(Records.KEY), rules, List.of(), 0);
    }

    /** A world from its parts. */
    static World of(
            Table<PublicKey, Member> members, Table<PublicKey, KeyState> keys, Rules rules, List<Notary> notaries) {
        int[] active = {0};
        members.forEachRecord(record -> active[0] += Records.isActive(record) ? 1 : 0);
        return new World(members, keys, rules, notaries, active[0]);
    }

    World with(Member member) {
        boolean before = member(member.root()).map(Member::active).orElse(false);
        int change = (member.active() ? 1 : 0) - (before ? 1 : 0);
        return new World(members.with(member.root(), member), keys, rules, notaries, active + change);
    }

    World with(KeyState key) {
        return new World(members, keys.with(key.key(), key), rules, notaries, active);
    }

    World with(Rules next) {
        return new World(members, keys, next, notaries, active);
    }

    World with(List<Notary> next) {
        return new World(members, keys, rules, next, active);
    }

    Optional<Member> member(PublicKey root) {
        return members.get(root);
    }

    Optional<KeyState> key(PublicKey key) {
        return keys.get(key);
    }

    /** Whether the member's roles give that right. Of former members nothing is sealed, so nobody asks for theirs. */
    boolean has(PublicKey root, Right right) {
        return member(root).map(m -> rules.rights(m.roles()).contains(right)).orElse(false);
    }

    /** The roles that may vote. */
    SortedSet<String> voterRoles() {
        SortedSet<String> roles = new TreeSet<>();
        rules.roles().forEach((role, rights) -> {
            if (rights.contains(Right.VOTE)) {
                roles.add(role);
            }
        });
        return roles;
    }

    /** Power in all of the active members who may vote, in units. */
    BigInteger votingPower() {
        Set<String> voters = voterRoles();
        BigInteger[] sum = {BigInteger.ZERO};
        members.forEach((root, member) -> {
            if (member.active() && member.roles().stream().anyMatch(voters::contains)) {
                sum[0] = sum[0].add(member.power());
            }
        });
        return sum[0];
    }
}
