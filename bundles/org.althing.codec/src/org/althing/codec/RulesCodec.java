// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.tally.MethodId;

/** The encoding of rules, notary sets and the small values that they are made of; see docs/formats/althing.cddl. */
public final class RulesCodec {

    /** A voting power has at most 120 bits. */
    private static final int POWER_SIZE_MAX_BYTES = 15;
    /** Longest multiaddr, in bytes of its text. */
    private static final int ADDRESS_MAX_BYTES = 256;

    private static final Comparator<String> UTF8_ORDER = (a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b));
    private static final Comparator<String> MAP_KEY_ORDER =
            Comparator.<String>comparingInt(key -> utf8(key).length).thenComparing(UTF8_ORDER);

    private RulesCodec() {}

    /** Writes rules as one item. */
    public static void write(CborWriter out, Rules rules) {
        out.map(13);
        out.key("grace").integer(rules.graceMillis());
        writeRoles(out.key("roles"), rules.roles());
        out.key("perDay").integer(rules.entriesPerDayMax());
        writeFraction(out.key("quorum"), rules.quorum());
        out.key("review").integer(rules.reviewMillis());
        out.key("voting").integer(rules.votingMillis());
        writeTexts(out.key("methods"), rules.methods());
        out.key("perSeal").integer(rules.entriesPerSealMax());
        out.key("sponsors").integer(rules.sponsors());
        out.key("timeLock").integer(rules.timeLockMillis());
        out.key("extension").integer(rules.extensionMaxMillis());
        writeFraction(out.key("threshold"), rules.threshold());
        out.key("sponsorship").integer(rules.sponsorMillis());
    }

    /**
     * Reads rules.
     *
     * @throws MalformedException if a value is missing, of another type or outside the bounds stated in {@link Rules}
     */
    public static Rules read(CborReader in) {
        in.readMapExactly(13);
        in.expectKey("grace");
        long grace = readPeriod(in, 0);
        in.expectKey("roles");
        TreeMap<String, Set<Right>> roles = readRoles(in);
        in.expectKey("perDay");
        int perDay = (int) in.readLong(1, Rules.ENTRIES_PER_DAY_LIMIT);
        in.expectKey("quorum");
        Fraction quorum = readPart(in);
        in.expectKey("review");
        long review = readPeriod(in, 0);
        in.expectKey("voting");
        long voting = readPeriod(in, Rules.VOTING_MIN_MILLIS);
        in.expectKey("methods");
        SortedSet<String> methods = readTexts(in, Rules.METHODS_MAX, MethodId.TEXT_LENGTH_MAX_CHARS);
        in.expectKey("perSeal");
        int perSeal = (int) in.readLong(1, Rules.ENTRIES_PER_SEAL_LIMIT);
        in.expectKey("sponsors");
        int sponsors = (int) in.readLong(0, Rules.SPONSORS_MAX);
        in.expectKey("timeLock");
        long timeLock = readPeriod(in, 0);
        in.expectKey("extension");
        long extension = readPeriod(in, 0);
        in.expectKey("threshold");
        int at = in.position();
        Fraction threshold = readPart(in);
        if (threshold.equals(Fraction.ONE)) {
            throw new MalformedException(at, "a threshold of 1 can never be exceeded");
        }
        in.expectKey("sponsorship");
        long sponsor = readPeriod(in, 0);
        return new Rules(
                roles, methods, sponsors, sponsor, review, voting, timeLock, quorum, threshold, grace, extension,
                perSeal, perDay);
    }

    /** Writes notaries in the given order, with their addresses. */
    public static void writeNotaries(CborWriter out, List<Notary> notaries) {
        out.list(notaries.size());
        for (Notary notary : notaries) {
            out.map(2).key("key").bytes(notary.key().toBytes());
            out.key("addresses").list(notary.addresses().size());
            notary.addresses().forEach(out::text);
        }
    }

    /**
     * Reads notaries, which must stand in ascending order of their keys, each key once.
     *
     * @throws MalformedException if they do not, or if there is none or too many
     */
    public static List<Notary> readNotaries(CborReader in) {
        int at = in.position();
        int count = in.readList(Body.NOTARIES_MAX);
        List<Notary> notaries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.readMapExactly(2);
            in.expectKey("key");
            PublicKey key = readKey(in);
            in.expectKey("addresses");
            notaries.add(new Notary(key, readAddresses(in)));
            if (i > 0 && notaries.get(i - 1).key().compareTo(key) >= 0) {
                throw new MalformedException(at, "notaries must stand in ascending order of their keys, each once");
            }
        }
        if (count == 0) {
            throw new MalformedException(at, "at least one notary is needed");
        }
        return notaries;
    }

    /** The name of a notary set in seal headers: the hash of its keys in ascending order; addresses do not count. */
    public static Cid setHash(List<Notary> notaries) {
        List<PublicKey> keys = notaries.stream().map(Notary::key).sorted().toList();
        CborWriter out = new CborWriter().list(keys.size());
        keys.forEach(key -> out.bytes(key.toBytes()));
        return Cid.hash(out.toBytes());
    }

    public static void writeFraction(CborWriter out, Fraction fraction) {
        out.list(2).integer(fraction.numerator()).integer(fraction.denominator());
    }

    /** Reads a fraction from 0 to 1 in lowest terms, whose parts are at most {@link Rules#FRACTION_PART_MAX}. */
    public static Fraction readPart(CborReader in) {
        int at = in.position();
        in.readListExactly(2);
        long numerator = in.readLong(0, Rules.FRACTION_PART_MAX);
        long denominator = in.readLong(1, Rules.FRACTION_PART_MAX);
        Fraction fraction = Fraction.of(numerator, denominator);
        if (fraction.denominator().longValue() != denominator) {
            throw new MalformedException(at, "a fraction must be in lowest terms");
        }
        if (numerator > denominator) {
            throw new MalformedException(at, "a part of the whole cannot exceed 1");
        }
        return fraction;
    }

    /** Writes a voting power in units, as unsigned big-endian bytes without leading zeros. */
    public static void writePower(CborWriter out, BigInteger power) {
        byte[] signed = power.toByteArray();
        boolean padded = signed[0] == 0;
        out.bytes(padded ? Arrays.copyOfRange(signed, 1, signed.length) : signed);
    }

    /** Reads a voting power of at most 120 bits. */
    public static BigInteger readPower(CborReader in) {
        int at = in.position();
        byte[] bytes = in.readBytes(POWER_SIZE_MAX_BYTES);
        if (bytes.length > 0 && bytes[0] == 0) {
            throw new MalformedException(at, "a power has no leading zeros");
        }
        return new BigInteger(1, bytes);
    }

    public static PublicKey readKey(CborReader in) {
        return PublicKey.of(in.readBytesExactly(32));
    }

    /** Writes a set of texts in ascending order of their UTF-8 bytes. */
    public static void writeTexts(CborWriter out, SortedSet<String> texts) {
        out.list(texts.size());
        texts.stream().sorted(UTF8_ORDER).forEach(out::text);
    }

    /** Reads a set of texts, which must stand in ascending order of their UTF-8 bytes, each once. */
    public static SortedSet<String> readTexts(CborReader in, int countMax, int lengthMaxBytes) {
        int at = in.position();
        int count = in.readList(countMax);
        TreeSet<String> texts = new TreeSet<>();
        String last = null;
        for (int i = 0; i < count; i++) {
            String text = in.readText(lengthMaxBytes);
            if (last != null && UTF8_ORDER.compare(last, text) >= 0) {
                throw new MalformedException(at, "a set must stand in ascending order, each text once");
            }
            texts.add(text);
            last = text;
        }
        return texts;
    }

    static long readPeriod(CborReader in, long minMillis) {
        return in.readLong(minMillis, Rules.PERIOD_MAX_MILLIS);
    }

    private static void writeRoles(CborWriter out, Map<String, Set<Right>> roles) {
        List<String> names = new ArrayList<>(roles.keySet());
        names.sort(MAP_KEY_ORDER);
        out.map(names.size());
        for (String name : names) {
            Set<Right> rights = roles.get(name);
            out.key(name).list(rights.size());
            // An EnumSet walks in the order of declaration, and that is the order of the format.
            rights.forEach(right -> out.text(word(right)));
        }
    }

    private static TreeMap<String, Set<Right>> readRoles(CborReader in) {
        int count = in.readMap(Rules.ROLES_MAX);
        TreeMap<String, Set<Right>> roles = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            roles.put(in.readKey(Body.NAME_MAX_BYTES), readRights(in));
        }
        return roles;
    }

    private static Set<Right> readRights(CborReader in) {
        int at = in.position();
        int count = in.readList(Right.values().length);
        EnumSet<Right> rights = EnumSet.noneOf(Right.class);
        int last = -1;
        for (int i = 0; i < count; i++) {
            Right right = word(Right.class, in);
            if (right.ordinal() <= last) {
                throw new MalformedException(at, "rights must stand in the order of the format, each once");
            }
            last = right.ordinal();
            rights.add(right);
        }
        return rights;
    }

    private static List<String> readAddresses(CborReader in) {
        int count = in.readList(Body.ADDRESSES_MAX);
        List<String> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(in.readText(ADDRESS_MAX_BYTES));
        }
        return addresses;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The word that stands for a constant: lower case, hyphens. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E word(Class<E> type, CborReader in) {
        int at = in.position();
        String text = in.readText(32);
        for (E constant : type.getEnumConstants()) {
            if (word(constant).equals(text)) {
                return constant;
            }
        }
        throw new MalformedException(at, "unknown word: " + text);
    }
}
