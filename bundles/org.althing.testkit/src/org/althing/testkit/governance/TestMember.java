// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.governance;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.tally.Tally;
import org.althing.codec.CborWriter;
import org.althing.codec.Ed25519;
import org.althing.codec.Tag;
import org.jspecify.annotations.Nullable;

/** A person with a root key and a first device key, both made from the name. */
public final class TestMember {

    private final String name;
    private final Ed25519 signatures;
    private final TestSigner root;
    private final TestSigner device;
    private final Map<String, TestSigner> more = new ConcurrentHashMap<>();

    public TestMember(String name, Ed25519 signatures) {
        this.name = name;
        this.signatures = signatures;
        this.root = new TestSigner(name + "/root", signatures);
        this.device = new TestSigner(name + "/device", signatures);
    }

    public TestSigner root() {
        return root;
    }

    public TestSigner device() {
        return device;
    }

    /** Another device of the same person, not added yet. */
    public TestSigner device(String suffix) {
        return more.computeIfAbsent(suffix, key -> new TestSigner(name + "/device/" + key, signatures));
    }

    /** The root key, by which the DAO knows the member. */
    public PublicKey key() {
        return root.key();
    }

    /** Admits this person with whole votes; {@code dao} is null in a charter. */
    public Action.Admit admit(@Nullable Cid dao, long votes, String... roles) {
        return admit(dao, Tally.VOTE.multiply(BigInteger.valueOf(votes)), device, roles);
    }

    /** Admits this person with this power, in units, and device. */
    public Action.Admit admit(@Nullable Cid dao, BigInteger power, TestSigner first, String... roles) {
        return new Action.Admit(
                name,
                root.key(),
                first.key(),
                first.sign(Tag.DEVICE.prefix(proof(dao, root.key()))),
                root.sign(Tag.MEMBER.prefix(proof(dao, first.key()))),
                new TreeSet<>(Arrays.asList(roles)),
                power);
    }

    /** Adds a device; the entry is to be signed by the root key. */
    public Body.KeyAdded adds(Cid dao, TestSigner added) {
        return new Body.KeyAdded(added.key(), added.sign(Tag.DEVICE.prefix(proof(dao, root.key()))));
    }

    private static byte[] proof(@Nullable Cid dao, PublicKey other) {
        CborWriter out = new CborWriter().list(2);
        return (dao == null ? out.nil() : out.link(dao)).bytes(other.toBytes()).toBytes();
    }

    @Override
    public String toString() {
        return name;
    }
}
