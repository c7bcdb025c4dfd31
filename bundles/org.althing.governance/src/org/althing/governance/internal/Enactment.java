// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.jspecify.annotations.Nullable;

/** Carries out actions on a world: all of them, or, when one is impossible, none. */
final class Enactment {

    /** An action cannot be done; the message says which and why. A value that happens to unwind: no stack trace. */
    static final class ImpossibleException extends Exception {
        private static final long serialVersionUID = 1L;

        ImpossibleException(String reason) {
            super(reason, null, false, false);
        }
    }

    private final Cid dao;
    private final boolean isFounding;
    private final long height;
    private final Ed25519 signatures;
    private World world;

    private Enactment(Cid dao, boolean isFounding, long height, Ed25519 signatures, World world) {
        this.dao = dao;
        this.isFounding = isFounding;
        this.height = height;
        this.signatures = signatures;
        this.world = world;
    }

    /** @param height of the seal that acts */
    static Enactment in(Cid dao, long height, Ed25519 signatures, World world) {
        return new Enactment(dao, false, height, signatures, world);
    }

    /**
     * What a charter does. Its notaries need not consent: a DAO that does not start harms nobody.
     *
     * @param founding what the founders' consents name
     */
    static Enactment founding(Cid founding, Ed25519 signatures, World world) {
        return new Enactment(founding, true, 0, signatures, world);
    }

    /**
     * The world after these actions, in order, each seeing what those before it did.
     *
     * @throws ImpossibleException if one of them is impossible
     */
    World run(List<? extends Action> actions) throws ImpossibleException {
        for (Action action : actions) {
            refuseIf(Forms.action(action));
            switch (action) {
                case Action.Admit a -> admit(a);
                case Action.Remove a -> remove(a);
                case Action.SetRoles a -> setRoles(a);
                case Action.SetPower a -> setPower(a);
                case Action.SetNotaries a -> setNotaries(a);
                case Action.SetRules a -> world = world.with(a.rules());
            }
        }
        return world;
    }

    private void admit(Action.Admit a) throws ImpossibleException {
        String who = "admit " + a.name() + ": ";
        require(world.member(a.root()).filter(Member::active).isEmpty(), who + "is a member already");
        requireRoles(who, a.roles());
        require(!a.root().equals(a.device()), who + "root and device must be two keys");
        require(
                Consent.isByDevice(signatures, dao, a.root(), a.device(), a.deviceProof()),
                who + "bad proof of the device key");
        require(
                Consent.isByMember(signatures, dao, a.root(), a.device(), a.reader(), a.rootProof()),
                who + "bad proof of the root key");
        require(
                a.reader().isPresent() == world.isPrivate(),
                who
                        + (world.isPrivate()
                                ? "a private DAO needs the member's reading key"
                                : "a public DAO takes no reading key"));
        takeRoot(who, a.root());
        takeDevice(who, a.root(), a.device());
        world = world.with(new Member(a.root(), a.name(), a.roles(), a.power(), true, height, a.reader(), 0));
    }

    /** A key belongs to one owner for ever, but a former member may come back to its own. */
    private void takeRoot(String who, PublicKey root) throws ImpossibleException {
        Optional<KeyState> known = world.key(root);
        if (known.isEmpty()) {
            world = world.with(fresh(root, KeyState.Kind.ROOT, root));
            return;
        }
        require(known.get().kind() == KeyState.Kind.ROOT, who + "its root key has another use already");
        require(known.get().status() == KeyState.Status.ACTIVE, who + "its root key is frozen");
    }

    private void takeDevice(String who, PublicKey root, PublicKey device) throws ImpossibleException {
        Optional<KeyState> known = world.key(device);
        if (known.isEmpty()) {
            world = world.with(fresh(device, KeyState.Kind.DEVICE, root));
            return;
        }
        KeyState key = known.get();
        require(key.owner().equals(root), who + "its device key has another use already");
        require(key.status() == KeyState.Status.ACTIVE, who + "its device key is revoked or frozen");
    }

    private void remove(Action.Remove a) throws ImpossibleException {
        Member member = requireMember("remove: ", a.root());
        require(world.active() > 1, "remove: the last member cannot be removed");
        world = world.with(member.removed());
    }

    private void setRoles(Action.SetRoles a) throws ImpossibleException {
        Member member = requireMember("set roles: ", a.root());
        requireRoles("set roles: ", a.roles());
        world = world.with(member.withRoles(a.roles()));
    }

    private void setPower(Action.SetPower a) throws ImpossibleException {
        Member member = requireMember("set power: ", a.root());
        world = world.with(member.withPower(a.power()));
    }

    private void setNotaries(Action.SetNotaries a) throws ImpossibleException {
        List<Notary> next = a.notaries();
        Set<PublicKey> staying = new HashSet<>(next.stream().map(Notary::key).toList());
        Set<PublicKey> present =
                new HashSet<>(world.notaries().stream().map(Notary::key).toList());
        for (Notary notary : next) {
            if (!isFounding && !present.contains(notary.key())) {
                requireConsent(notary.key(), a.consents().get(notary.key()));
            }
            world = world.with(takeNotary(notary.key()));
        }
        for (Notary notary : world.notaries()) {
            KeyState key = world.key(notary.key()).orElseThrow();
            if (!staying.contains(notary.key()) && key.status() == KeyState.Status.ACTIVE) {
                world = world.with(withStatus(key, KeyState.Status.REVOKED));
            }
        }
        world = world.with(
                next.stream().sorted(Comparator.comparing(Notary::key)).toList());
    }

    private void requireConsent(PublicKey notary, @Nullable Signature consent) throws ImpossibleException {
        require(
                consent != null && Consent.isByNotary(signatures, dao, notary, consent),
                "set notaries: " + notary + " does not consent to serve");
    }

    /** Unlike a device key, a notary key that has left the set may come back. */
    private KeyState takeNotary(PublicKey notary) throws ImpossibleException {
        Optional<KeyState> known = world.key(notary);
        if (known.isEmpty()) {
            return fresh(notary, KeyState.Kind.NOTARY, notary);
        }
        require(known.get().kind() == KeyState.Kind.NOTARY, "set notaries: a notary's key has another use already");
        require(known.get().status() != KeyState.Status.FROZEN, "set notaries: a notary's key is frozen");
        return withStatus(known.get(), KeyState.Status.ACTIVE);
    }

    private void requireRoles(String who, Set<String> roles) throws ImpossibleException {
        for (String role : roles) {
            require(world.rules().roles().containsKey(role), who + "there is no role " + role);
        }
    }

    private Member requireMember(String what, PublicKey root) throws ImpossibleException {
        return world.member(root)
                .filter(Member::active)
                .orElseThrow(() -> new ImpossibleException(what + root + " is not a member"));
    }

    static KeyState fresh(PublicKey key, KeyState.Kind kind, PublicKey owner) {
        return new KeyState(key, kind, owner, KeyState.Status.ACTIVE, -1, null);
    }

    static KeyState withStatus(KeyState key, KeyState.Status status) {
        return new KeyState(key.key(), key.kind(), key.owner(), status, key.sequence(), key.last());
    }

    private static void refuseIf(Optional<String> reason) throws ImpossibleException {
        if (reason.isPresent()) {
            throw new ImpossibleException(reason.get());
        }
    }

    private static void require(boolean holds, String reason) throws ImpossibleException {
        if (!holds) {
            throw new ImpossibleException(reason);
        }
    }
}
