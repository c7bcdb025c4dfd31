// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MerkleTest {

    private static final int SIZE_MAX = 130;

    /** The leaves and roots that Certificate Transparency's own tests use. */
    private static final String[] LEAVES = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    };

    private static final String[] ROOTS = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    };

    @Test
    void rootsAreThoseOfCertificateTransparency() {
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hex(Merkle.root(List.of())));
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < LEAVES.length; i++) {
            leaves.add(HexFormat.of().parseHex(LEAVES[i]));
            assertEquals(ROOTS[i], hex(Merkle.root(leaves)));
            assertEquals(ROOTS[i], hex(Merkle.of(leaves).root()));
        }
    }

    @Test
    void treeAndBuilderAgreeWithTheDefinitionForAllSizes() {
        Merkle.Builder builder = new Merkle.Builder();
        for (int size = 0; size <= SIZE_MAX; size++) {
            List<byte[]> leaves = leaves(size);
            byte[] expected = definition(leaves);
            assertArrayEquals(expected, Merkle.of(leaves).root());
            assertArrayEquals(expected, Merkle.root(leaves));
            assertEquals(size, builder.size());
            assertArrayEquals(expected, builder.root(), "in the midst of building");
            builder.add(leaf(size));
        }
    }

    @Test
    void everyLeafOfEverySizeIsProven() {
        for (int size = 1; size <= SIZE_MAX; size++) {
            Merkle tree = Merkle.of(leaves(size));
            for (int i = 0; i < size; i++) {
                List<byte[]> proof = tree.inclusionProof(i);
                assertTrue(
                        Merkle.verifyInclusion(i, size, Merkle.leafHash(leaf(i)), proof, tree.root()),
                        i + " of " + size);
                assertFalse(Merkle.verifyInclusion(i, size, Merkle.leafHash(leaf(i + 1)), proof, tree.root()));
                assertFalse(Merkle.verifyInclusion(i + 1, size, Merkle.leafHash(leaf(i)), proof, tree.root()));
                assertFalse(Merkle.verifyInclusion(i, size, tree.root(), proof, Merkle.leafHash(leaf(i))) && size > 1);
            }
        }
    }

    @Test
    void everyPrefixOfEverySizeIsProven() {
        for (int size = 1; size <= SIZE_MAX; size++) {
            Merkle tree = Merkle.of(leaves(size));
            for (int old = 1; old <= size; old++) {
                byte[] oldRoot = Merkle.root(leaves(old));
                List<byte[]> proof = tree.consistencyProof(old);
                assertTrue(Merkle.verifyConsistency(old, size, oldRoot, tree.root(), proof), old + " of " + size);
                assertFalse(
                        Merkle.verifyConsistency(old, size, Merkle.root(leaves(old + 1)), tree.root(), proof),
                        "other past");
                assertFalse(
                        Merkle.verifyConsistency(old, size, oldRoot, Merkle.root(leaves(size + 1)), proof),
                        "other present");
            }
        }
    }

    @Property(tries = 300)
    void aTamperedProofProvesNothing(@ForAll @IntRange(min = 2, max = 2000) int size, @ForAll Random random) {
        Merkle tree = Merkle.of(leaves(size));
        int index = random.nextInt(size);
        int old = 1 + random.nextInt(size - 1);
        byte[] leafHash = Merkle.leafHash(leaf(index));
        byte[] oldRoot = Merkle.root(leaves(old));
        List<byte[]> inclusion = tree.inclusionProof(index);
        List<byte[]> consistency = tree.consistencyProof(old);
        assertTrue(Merkle.verifyInclusion(index, size, leafHash, inclusion, tree.root()));
        assertTrue(Merkle.verifyConsistency(old, size, oldRoot, tree.root(), consistency));
        for (List<byte[]> bad : tampered(inclusion, random)) {
            assertFalse(Merkle.verifyInclusion(index, size, leafHash, bad, tree.root()));
        }
        for (List<byte[]> bad : tampered(consistency, random)) {
            assertFalse(Merkle.verifyConsistency(old, size, oldRoot, tree.root(), bad));
        }
    }

    @Test
    void nonsenseIsRefused() {
        byte[] hash = new byte[32];
        assertFalse(Merkle.verifyInclusion(0, 0, hash, List.of(), hash));
        assertFalse(Merkle.verifyInclusion(-1, 5, hash, List.of(), hash));
        assertFalse(Merkle.verifyInclusion(0, 1, new byte[33], List.of(), new byte[33]));
        assertFalse(Merkle.verifyConsistency(0, 5, hash, hash, List.of()));
        assertFalse(Merkle.verifyConsistency(6, 5, hash, hash, List.of()));
        assertFalse(Merkle.verifyConsistency(3, 5, hash, hash, List.of()));
        assertFalse(Merkle.verifyConsistency(5, 5, hash, hash, List.of(hash)));
        assertTrue(Merkle.verifyConsistency(5, 5, hash, hash, List.of()));
        assertThrows(IndexOutOfBoundsException.class, () -> Merkle.of(leaves(3)).inclusionProof(3));
        assertThrows(IndexOutOfBoundsException.class, () -> Merkle.of(leaves(3)).consistencyProof(0));
        assertThrows(IndexOutOfBoundsException.class, () -> Merkle.of(leaves(3)).consistencyProof(4));
    }

    @Test
    void aNodeCannotPassForALeaf() {
        List<byte[]> two = leaves(2);
        byte[] node = new byte[64];
        System.arraycopy(Merkle.leafHash(two.get(0)), 0, node, 0, 32);
        System.arraycopy(Merkle.leafHash(two.get(1)), 0, node, 32, 32);
        assertFalse(java.util.Arrays.equals(Merkle.root(two), Merkle.leafHash(node)));
    }

    private static List<List<byte[]>> tampered(List<byte[]> proof, Random random) {
        List<List<byte[]>> all = new ArrayList<>();
        for (int i = 0; i < proof.size(); i++) {
            List<byte[]> changed = new ArrayList<>(proof);
            byte[] hash = changed.get(i).clone();
            hash[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
            changed.set(i, hash);
            all.add(changed);
        }
        if (!proof.isEmpty()) {
            all.add(proof.subList(1, proof.size()));
            all.add(proof.subList(0, proof.size() - 1));
        }
        List<byte[]> longer = new ArrayList<>(proof);
        longer.add(new byte[32]);
        all.add(longer);
        List<byte[]> wider = new ArrayList<>(proof);
        wider.set(0, java.util.Arrays.copyOf(proof.getFirst(), 33));
        all.add(wider);
        return all;
    }

    /** MTH as RFC 9162, section 2.1.1, defines it. */
    private static byte[] definition(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return sha256();
        }
        if (leaves.size() == 1) {
            return sha256(new byte[] {0}, leaves.getFirst());
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return sha256(
                new byte[] {1}, definition(leaves.subList(0, split)), definition(leaves.subList(split, leaves.size())));
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static List<byte[]> leaves(int size) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(leaf(i));
        }
        return leaves;
    }

    private static byte[] leaf(int i) {
        return new byte[] {(byte) i, (byte) (i >> 8)};
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
