// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Ed25519Test {

    private static final HexFormat HEX = HexFormat.of();

    /** The secret scalar and the nonce of the vectors made here. */
    private static final BigInteger SECRET = new BigInteger("123456789012345678901234567890");

    private static final BigInteger NONCE = new BigInteger("987654321098765432109876543210");

    /** A signature as it lies on the wire. */
    private record Vector(byte[] key, byte[] message, byte[] signature) {}

    static List<Ed25519.Provider> providers() {
        return Ed25519.providers();
    }

    @Test
    void theProvidersOfTheDesignWorkHere() {
        List<String> names = providers().stream().map(Ed25519.Provider::name).toList();
        assertTrue(names.contains("SunEC"), names.toString());
        assertEquals(names.getFirst(), Ed25519.fastest().provider().name());
        assertEquals("SunEC", Ed25519.provider("SunEC").orElseThrow().name());
        assertTrue(Ed25519.provider("BouncyCastle").isEmpty());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void signsAndVerifiesUnderTheTag(Ed25519.Provider provider) {
        Ed25519 ed25519 = new Ed25519(provider);
        byte[] seed = new byte[32];
        byte[] message = "aye".getBytes(StandardCharsets.US_ASCII);
        PublicKey key = ed25519.publicKey(seed);
        Signature signature = ed25519.sign(Tag.ENTRY, seed, message);
        assertTrue(ed25519.verify(Tag.ENTRY, key, message, signature));
        assertTrue(ed25519.verify(key, Tag.ENTRY.prefix(message), signature));
        assertFalse(ed25519.verify(Tag.VOTE, key, message, signature), "another kind of thing");
        assertFalse(ed25519.verify(key, message, signature), "no tag at all");
        PublicKey another = ed25519.publicKey(Arrays.copyOf(new byte[] {1}, 32));
        assertFalse(ed25519.verify(Tag.ENTRY, another, message, signature), "another key");
        byte[] raw = signature.toBytes();
        for (int i = 0; i < raw.length; i++) {
            byte[] changed = raw.clone();
            changed[i] ^= 1;
            assertFalse(ed25519.verify(Tag.ENTRY, key, message, Signature.of(changed)), "changed byte " + i);
        }
        assertThrows(IllegalArgumentException.class, () -> ed25519.sign(Tag.ENTRY, new byte[31], message));
        assertThrows(IllegalArgumentException.class, () -> ed25519.publicKey(new byte[33]));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void allProvidersMakeTheSameSignatures(Ed25519.Provider provider) {
        Random random = new Random(4);
        byte[] seed = new byte[32];
        for (int i = 0; i < 20; i++) {
            random.nextBytes(seed);
            byte[] message = Nodes.bytes(random, 500);
            Signature reference = Ed25519.provider("SunEC").orElseThrow().sign(seed, message);
            assertEquals(reference, provider.sign(seed, message));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theTwelveVectorsOfSpeccheckHaveTheVerdictOfTheDesign(Ed25519.Provider provider) throws IOException {
        List<Vector> vectors = speccheck();
        Ed25519 ed25519 = new Ed25519(provider);
        assertEquals(12, vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            // Keys 0 to 5 and 8 to 11 are not of full order, S of 6 and 7 is not below L.
            assertFalse(accepts(ed25519, vectors.get(i)), "speccheck vector " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aVectorMadeHereInTheHonestWayIsAccepted(Ed25519.Provider provider) {
        assertTrue(accepts(new Ed25519(provider), honest()));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aSmallOrderPartInRIsRefused(Ed25519.Provider provider) {
        Ed25519 ed25519 = new Ed25519(provider);
        for (int multiple = 1; multiple < 8; multiple++) {
            EdwardsPoint torsion = EdwardsPoint.T8.times(BigInteger.valueOf(multiple));
            assertFalse(accepts(ed25519, mixedR(torsion)), "R = rB + " + multiple + " T8");
            assertFalse(
                    accepts(ed25519, signed(torsion.encode(), BigInteger.ZERO, honestKey(), 0)),
                    "R = " + multiple + " T8");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void everyEncodingOfTheIdentityInRIsRefused(Ed25519.Provider provider) {
        Ed25519 ed25519 = new Ed25519(provider);
        for (byte[] identity : identities()) {
            assertFalse(accepts(ed25519, signed(identity, BigInteger.ZERO, honestKey(), 0)), HEX.formatHex(identity));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anUnreducedYInRIsRefused(Ed25519.Provider provider) {
        Ed25519 ed25519 = new Ed25519(provider);
        for (int y = 0; y < 19; y++) {
            for (int sign = 0; sign < 2; sign++) {
                byte[] r = EdwardsPoint.littleEndian(EdwardsPoint.P.add(BigInteger.valueOf(y)));
                r[31] |= (byte) (sign << 7);
                assertFalse(accepts(ed25519, signed(r, BigInteger.ZERO, honestKey(), 0)), HEX.formatHex(r));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anSNotBelowTheOrderIsRefused(Ed25519.Provider provider) {
        Ed25519 ed25519 = new Ed25519(provider);
        Vector honest = honest();
        BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(honest.signature, 32, 64)));
        for (BigInteger shifted = s.add(EdwardsPoint.ORDER);
                shifted.bitLength() <= 256;
                shifted = shifted.add(EdwardsPoint.ORDER)) {
            byte[] signature = honest.signature.clone();
            System.arraycopy(EdwardsPoint.littleEndian(shifted), 0, signature, 32, 32);
            assertFalse(accepts(ed25519, new Vector(honest.key, honest.message, signature)), "S = " + shifted);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aKeyThatIsNotOfFullOrderIsRefused(Ed25519.Provider provider) {
        Ed25519 ed25519 = new Ed25519(provider);
        for (int multiple = 0; multiple < 8; multiple++) {
            EdwardsPoint torsion = EdwardsPoint.T8.times(BigInteger.valueOf(multiple));
            assertFalse(accepts(ed25519, smallKey(torsion.encode())), "A = " + multiple + " T8");
            if (multiple > 0) {
                assertFalse(accepts(ed25519, mixedKey(torsion)), "A = aB + " + multiple + " T8");
            }
        }
        for (byte[] identity : identities()) {
            assertFalse(accepts(ed25519, smallKey(identity)), HEX.formatHex(identity));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void noBytesMakeAnyProviderThrow(Ed25519.Provider provider) {
        Random random = new Random(5);
        Ed25519 ed25519 = new Ed25519(provider);
        for (int i = 0; i < 200; i++) {
            byte[] key = new byte[32];
            byte[] signature = new byte[64];
            random.nextBytes(key);
            random.nextBytes(signature);
            assertFalse(accepts(ed25519, new Vector(key, key, signature)));
            assertFalse(provider.verify(PublicKey.of(key), key, Signature.of(signature)), "asked without the rule");
        }
    }

    @Test
    void theRuleRefusesBeforeAnyProviderIsAsked() {
        Ed25519 ed25519 = new Ed25519(new YesSayer());
        Vector honest = honest();
        byte[] r = Arrays.copyOf(honest.signature, 32);
        byte[] s = Arrays.copyOfRange(honest.signature, 32, 64);
        byte[] last = EdwardsPoint.littleEndian(EdwardsPoint.ORDER.subtract(BigInteger.ONE));
        byte[] order = EdwardsPoint.littleEndian(EdwardsPoint.ORDER);
        byte[] prime = EdwardsPoint.littleEndian(EdwardsPoint.P);
        assertTrue(accepts(ed25519, honest), "the provider is asked about the rest");
        assertTrue(accepts(ed25519, new Vector(honest.key, honest.message, concat(r, last))), "S = L - 1");
        assertFalse(accepts(ed25519, new Vector(honest.key, honest.message, concat(r, order))), "S = L");
        assertFalse(accepts(ed25519, new Vector(honest.key, honest.message, concat(prime, s))), "y of R = p");
        assertFalse(accepts(ed25519, new Vector(EdwardsPoint.T8.encode(), honest.message, honest.signature)), "A = T8");
        for (byte[] identity : identities()) {
            assertFalse(
                    accepts(ed25519, new Vector(honest.key, honest.message, concat(identity, s))), "R is the identity");
        }
    }

    /** A provider that checks nothing. */
    private static final class YesSayer implements Ed25519.Provider {
        @Override
        public String name() {
            return "yes";
        }

        @Override
        public boolean verify(PublicKey key, byte[] message, Signature signature) {
            return true;
        }

        @Override
        public Signature sign(byte[] seed32, byte[] message) {
            return Signature.of(new byte[64]);
        }
    }

    @Test
    void withoutTheRuleProvidersWouldAcceptWhatItRefuses() {
        // Were one of these checks taken out, a provider alone would decide: this shows that it would decide wrongly.
        Ed25519.Provider sunEc = Ed25519.provider("SunEC").orElseThrow();
        Vector identityR = signed(EdwardsPoint.IDENTITY.encode(), BigInteger.ZERO, honestKey(), 0);
        Vector mixedKey = mixedKey(EdwardsPoint.T8);
        assertTrue(asks(sunEc, identityR), "R is the identity");
        assertTrue(asks(sunEc, mixedKey), "A has a part of small order that h makes vanish");
    }

    @Test
    void bouncyCastleWouldForkTheLedger() {
        Vector vector = mixedR(EdwardsPoint.T8);
        boolean accepted = org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                vector.signature, 0, vector.key, 0, vector.message, 0, vector.message.length);
        assertTrue(
                accepted,
                "BouncyCastle multiplies by the cofactor; if it no longer does, the comment in Ed25519 is out of date");
        providers().forEach(provider -> assertFalse(accepts(new Ed25519(provider), vector), provider.name()));
    }

    @Test
    void tagsAreAsTheFormatSaysAndNoneBeginsAnother() {
        assertArrayEquals("althing-entry-1\0x".getBytes(StandardCharsets.US_ASCII), Tag.ENTRY.prefix(new byte[] {'x'}));
        for (Tag a : Tag.values()) {
            for (Tag b : Tag.values()) {
                byte[] tag = a.prefix(new byte[0]);
                assertTrue(a == b || Arrays.mismatch(tag, b.prefix(new byte[0])) < tag.length, a + " and " + b);
            }
        }
    }

    @Test
    void manyAreVerifiedInTheirOrder() throws InterruptedException {
        Ed25519 ed25519 = Ed25519.fastest();
        for (int size : new int[] {0, 1, 15, 16, 17, 200}) {
            List<Ed25519.Item> items = items(ed25519, size);
            boolean[] expected = new boolean[size];
            IntStream.range(0, size).forEach(i -> expected[i] = i % 3 != 0);
            try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
                assertArrayEquals(expected, ed25519.verifyAll(items, executor));
            }
            assertArrayEquals(expected, ed25519.verifyAll(items, task -> {}), "an executor that never comes to it");
            assertArrayEquals(expected, ed25519.verifyAll(items, task -> {
                throw new RejectedExecutionException("closed");
            }));
        }
    }

    private static List<Ed25519.Item> items(Ed25519 ed25519, int size) {
        List<Ed25519.Item> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            byte[] seed = new byte[32];
            seed[0] = (byte) (i % 5);
            byte[] message = {(byte) i};
            Tag signed = i % 3 == 0 ? Tag.VOTE : Tag.ENTRY;
            items.add(
                    new Ed25519.Item(Tag.ENTRY, ed25519.publicKey(seed), message, ed25519.sign(signed, seed, message)));
        }
        return items;
    }

    private static Vector honest() {
        return signed(EdwardsPoint.BASE.times(NONCE).encode(), NONCE, honestKey(), 0);
    }

    private static Vector mixedR(EdwardsPoint torsion) {
        return signed(EdwardsPoint.BASE.times(NONCE).plus(torsion).encode(), NONCE, honestKey(), 0);
    }

    private static byte[] honestKey() {
        return EdwardsPoint.BASE.times(SECRET).encode();
    }

    /** The key has a part of small order; the message is one whose hash makes it vanish from the equation. */
    private static Vector mixedKey(EdwardsPoint torsion) {
        byte[] key = EdwardsPoint.BASE.times(SECRET).plus(torsion).encode();
        byte[] r = EdwardsPoint.BASE.times(NONCE).encode();
        return signed(r, NONCE, key, saltForVanishing(r, key));
    }

    /** The key is of small order, its secret as good as 0. */
    private static Vector smallKey(byte[] key) {
        byte[] r = EdwardsPoint.BASE.times(NONCE).encode();
        return new Vector(key, message(saltForVanishing(r, key)), concat(r, EdwardsPoint.littleEndian(NONCE)));
    }

    private static int saltForVanishing(byte[] r, byte[] key) {
        BigInteger cofactor = BigInteger.valueOf(8);
        return IntStream.range(0, 1000)
                .filter(i -> challenge(r, key, message(i)).mod(cofactor).signum() == 0)
                .findFirst()
                .orElseThrow();
    }

    /** Signs by the equation alone: S = r + h a mod L, whatever R and A are made of. */
    private static Vector signed(byte[] r, BigInteger nonce, byte[] key, int salt) {
        byte[] message = message(salt);
        BigInteger s = nonce.add(challenge(r, key, message).multiply(SECRET)).mod(EdwardsPoint.ORDER);
        return new Vector(key, message, concat(r, EdwardsPoint.littleEndian(s)));
    }

    private static byte[] message(int salt) {
        return ("message " + salt).getBytes(StandardCharsets.US_ASCII);
    }

    private static BigInteger challenge(byte[] r, byte[] key, byte[] message) {
        try {
            MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
            sha512.update(r);
            sha512.update(key);
            return new BigInteger(1, reversed(sha512.digest(message))).mod(EdwardsPoint.ORDER);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** All four encodings that decode to (0, 1): with y = 1 or y = p + 1, and with either sign of x = 0. */
    private static List<byte[]> identities() {
        List<byte[]> encodings = new ArrayList<>();
        for (BigInteger y : List.of(BigInteger.ONE, EdwardsPoint.P.add(BigInteger.ONE))) {
            byte[] positive = EdwardsPoint.littleEndian(y);
            byte[] negative = positive.clone();
            negative[31] |= (byte) 0x80;
            encodings.add(positive);
            encodings.add(negative);
        }
        return encodings;
    }

    private static boolean accepts(Ed25519 ed25519, Vector vector) {
        return ed25519.verify(PublicKey.of(vector.key), vector.message, Signature.of(vector.signature));
    }

    private static boolean asks(Ed25519.Provider provider, Vector vector) {
        return provider.verify(PublicKey.of(vector.key), vector.message, Signature.of(vector.signature));
    }

    private static List<Vector> speccheck() throws IOException {
        String data = System.getProperty("althing.data", System.getenv("ALTHING_DATA"));
        assumeTrue(data != null, "skipped: ALTHING_DATA names no data folder");
        Path cases = Path.of(data, "ed25519-speccheck", "cases.json");
        assumeTrue(Files.exists(cases), "skipped: no " + cases);
        Matcher matcher = Pattern.compile("\"message\":\"(\\w*)\",\"pub_key\":\"(\\w*)\",\"signature\":\"(\\w*)\"")
                .matcher(Files.readString(cases).replaceAll("\\s", ""));
        List<Vector> vectors = new ArrayList<>();
        while (matcher.find()) {
            vectors.add(new Vector(
                    HEX.parseHex(matcher.group(2)), HEX.parseHex(matcher.group(1)), HEX.parseHex(matcher.group(3))));
        }
        return vectors;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] concat(byte[] r, byte[] s) {
        byte[] signature = Arrays.copyOf(r, 64);
        System.arraycopy(s, 0, signature, 32, 32);
        return signature;
    }
}
