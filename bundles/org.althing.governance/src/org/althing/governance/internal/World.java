// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.Cid;
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
 * @param groupKeys names of the group keys, oldest first; of a public DAO none
 * @param groupKeyDue whether a next one is to be named
 */
record World(
        Table<PublicKey, Member> members,
        Table<PublicKey, KeyState> keys,
        Rules rules,
        List<Notary> notaries,
        int active,
        List<Cid> groupKeys,
        boolean groupKeyDue) {

    World {
        notaries = List.copyOf(notaries);
        groupKeys = List.copyOf(groupKeys);
    }

    /** Nobody yet, under these rules. */
    static World empty(Rules rules, Optional<Cid> group) {
        return new World(
                Table.empty(Records.MEMBER),
                Table.empty(Records.KEY),
                rules,
                List.of(),
                0,
                group.stream().toList(),
                false);
    }

    /** A world from its parts. */
    static World of(
            Table<PublicKey, Member> members,
            Table<PublicKey, KeyState> keys,
            Rules rules,
            List<Notary> notaries,
            List<Cid> groupKeys,
            boolean groupKeyDue) {
        int[] active = {0};
        members.forEachRecord(record -> active[0] += Records.isActive(record) ? 1 : 0);
        return new World(members, keys, rules, notaries, active[0], groupKeys, groupKeyDue);
    }

    World with(Member member) {
        boolean before = member(member.root()).map(Member::active).orElse(false);
        int change = (member.active() ? 1 : 0) - (before ? 1 : 0);
        return new World(
                members.with(member.root(), member),
                keys,
                rules,
                notaries,
                active + change,
                groupKeys,
                groupKeyDue || isPrivate() && change < 0);
    }

    World with(KeyState key) {
        return new World(members, keys.with(key.key(), key), rules, notaries, active, groupKeys, groupKeyDue);
    }

    World with(Rules next) {
        return new World(members, keys, next, notaries, active, groupKeys, groupKeyDue);
    }

    World with(List<Notary> next) {
        return new World(members, keys, rules, next, active, groupKeys, groupKeyDue);
    }

    /** The next group key has this name. */
    World withGroupKey(Cid group) {
        List<Cid> next = new ArrayList<>(groupKeys);
        next.add(group);
        return new World(members, keys, rules, notaries, active, next, false);
    }

    /** Somebody may hold the last group key who should not. */
    World withGroupKeyDue() {
        return new World(members, keys, rules, notaries, active, groupKeys, true);
    }

    boolean isPrivate() {
        return !groupKeys.isEmpty();
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
