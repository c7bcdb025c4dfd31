// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.governance;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.tally.Tally;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.althing.codec.Sha256;

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

    /** By which this person's node reads private DAOs; nobody has its secret. */
    public ReadingKey reader() {
        return ReadingKey.of(Sha256.hash(name.getBytes(StandardCharsets.UTF_8)));
    }

    /** Admits this person with one vote to a private DAO; in a charter, {@code dao} is the founding. */
    public Action.Admit admitPrivately(Cid dao, String... roles) {
        return new Action.Admit(
                name,
                root.key(),
                device.key(),
                Consent.ofDevice(dao, root.key(), device),
                Consent.ofMember(dao, device.key(), Optional.of(reader()), root),
                new TreeSet<>(Arrays.asList(roles)),
                Tally.VOTE,
                Optional.of(reader()));
    }

    /** Admits this person with whole votes; in a charter, {@code dao} is the founding. */
    public Action.Admit admit(Cid dao, long votes, String... roles) {
        return admit(dao, Tally.VOTE.multiply(BigInteger.valueOf(votes)), device, roles);
    }

    /** Admits this person with this power, in units, and device. */
    public Action.Admit admit(Cid dao, BigInteger power, TestSigner first, String... roles) {
        return new Action.Admit(
                name,
                root.key(),
                first.key(),
                Consent.ofDevice(dao, root.key(), first),
                Consent.ofMember(dao, first.key(), root),
                new TreeSet<>(Arrays.asList(roles)),
                power);
    }

    /** Adds a device; the entry is to be signed by the root key. */
    public Body.KeyAdded adds(Cid dao, TestSigner added) {
        return new Body.KeyAdded(added.key(), Consent.ofDevice(dao, root.key(), added));
    }

    @Override
    public String toString() {
        return name;
    }
}
