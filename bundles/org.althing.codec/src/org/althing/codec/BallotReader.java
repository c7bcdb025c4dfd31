// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.Arrays;
import java.util.HexFormat;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.BallotPaper.Form;
import org.althing.api.tally.Choice;

/**
 * Reads choices onto ballot papers, without making objects. Counting reads a million of them, so this is no {@link CborReader}: it knows
 * the one form that bytes may have at each place and compares. It is as strict: a choice that is not in its canonical form is refused.
 */
public final class BallotReader {

    private static final int OPTION_MAX = Choice.ITEMS_MAX - 1;

    // What lies before the choice of a canonical ballot entry, but for the values of a CID, a key and a number.
    // A list of 2, a map of 9; "v" 1, "dao" tag 42 on 37 bytes, the first of which is 0.
    private static final byte[] TO_DAO = bytes("82a9" + "617601" + "6364616f" + "d82a582500");
    // "key" 32 bytes.
    private static final byte[] TO_KEY = bytes("636b6579" + "5820");
    // "seq".
    private static final byte[] TO_SEQUENCE = bytes("63736571");
    // "body" a map of 3; "choice".
    private static final byte[] TO_CHOICE = bytes("64626f6479" + "a3" + "6663686f696365");

    // A map of 1 and its key.
    private static final byte[] BLANK = bytes("a1" + "65626c616e6b" + "f6");
    private static final byte[] SINGLE = bytes("a1" + "6673696e676c65");
    private static final byte[] APPROVE = bytes("a1" + "67617070726f7665");
    private static final byte[] WEIGH = bytes("a1" + "657765696768");
    private static final byte[] RANK = bytes("a1" + "6472616e6b");

    /** Arguments below this are part of the first byte of an item. */
    private static final int SHORT_ARGUMENTS = 24;

    private static final int WORD_BITS = 32;
    private static final int BYTE_MASK = 0xff;

    private BallotReader() {}

    /**
     * Fills in the choice of a paper from an entry that was checked when it came in; its power stays.
     *
     * @param bytes hold the entry
     * @param from where the entry begins
     * @param to where the entry ends
     * @throws MalformedException if the bytes are no ballot entry up to and with its choice; the paper holds nothing of use then
     */
    public static void readEntry(byte[] bytes, int from, int to, BallotPaper paper) {
        int dao = after(TO_DAO, bytes, from, to);
        int key = after(TO_KEY, bytes, dao + Cid.BYTES, to);
        int sequence = after(TO_SEQUENCE, bytes, key + PublicKey.BYTES, to);
        read(bytes, after(TO_CHOICE, bytes, afterSequence(bytes, sequence, to), to), to, paper);
    }

    /** Fills in a paper from a choice and gives the offset behind it. */
    static int read(byte[] bytes, int from, int to, BallotPaper paper) {
        if (begins(RANK, bytes, from, to)) {
            return readRanking(bytes, from + RANK.length, to, paper);
        }
        if (begins(WEIGH, bytes, from, to)) {
            return readWeights(bytes, from + WEIGH.length, to, paper);
        }
        if (begins(SINGLE, bytes, from, to)) {
            paper.begin(Form.SINGLE);
            return readOption(bytes, from + SINGLE.length, to, 0, paper);
        }
        if (begins(APPROVE, bytes, from, to)) {
            paper.begin(Form.APPROVAL);
            return readAscending(bytes, from + APPROVE.length, to, paper);
        }
        if (begins(BLANK, bytes, from, to)) {
            paper.begin(Form.BLANK);
            return from + BLANK.length;
        }
        throw new MalformedException(from, "no form of choice");
    }

    private static int readRanking(byte[] bytes, int from, int to, BallotPaper paper) {
        paper.begin(Form.RANKING);
        long head = listHead(bytes, from, to);
        int at = offset(head);
        for (int rank = argument(head); rank > 0; rank--) {
            int group = at;
            at = readAscending(bytes, at, to, paper);
            if (at == group + 1) {
                throw new MalformedException(group, "an empty rank");
            }
            paper.endRank();
        }
        return at;
    }

    private static int readWeights(byte[] bytes, int from, int to, BallotPaper paper) {
        paper.begin(Form.WEIGHTS);
        long head = listHead(bytes, from, to);
        int at = offset(head);
        int least = 0;
        for (int left = argument(head); left > 0; left--) {
            long pair = head(bytes, at, to, Cbor.LIST);
            require(argument(pair) == 2, at, "a weight is a pair");
            long option = option(bytes, offset(pair), to, least);
            long weight = head(bytes, offset(option), to, Cbor.UNSIGNED);
            require(argument(weight) <= Choice.WEIGHT_MAX, offset(option), "a weight too large");
            paper.add(argument(option), argument(weight));
            least = argument(option) + 1;
            at = offset(weight);
        }
        return at;
    }

    private static int readAscending(byte[] bytes, int from, int to, BallotPaper paper) {
        long head = listHead(bytes, from, to);
        int at = offset(head);
        int least = 0;
        for (int left = argument(head); left > 0; left--) {
            long option = option(bytes, at, to, least);
            paper.add(argument(option));
            least = argument(option) + 1;
            at = offset(option);
        }
        return at;
    }

    private static int readOption(byte[] bytes, int from, int to, int least, BallotPaper paper) {
        long option = option(bytes, from, to, least);
        paper.add(argument(option));
        return offset(option);
    }

    private static long option(byte[] bytes, int at, int to, int least) {
        long head = head(bytes, at, to, Cbor.UNSIGNED);
        int option = argument(head);
        require(option >= least && option <= OPTION_MAX, at, "an option out of order or too large");
        return head;
    }

    private static long listHead(byte[] bytes, int at, int to) {
        long head = head(bytes, at, to, Cbor.LIST);
        require(argument(head) <= Choice.ITEMS_MAX, at, "too many items");
        return head;
    }

    /** Reads the head of an item with an argument below 2^31 and gives both words of an {@link #argument} and an {@link #offset}. */
    private static long head(byte[] bytes, int at, int to, int major) {
        int argument = at < to ? (bytes[at] & BYTE_MASK) - (major << 5) : -1;
        return argument >= 0 && argument < SHORT_ARGUMENTS
                ? joined(argument, at + 1)
                : longHead(bytes, at, to, argument);
    }

    private static long longHead(byte[] bytes, int at, int to, int info) {
        int width = 1 << info - SHORT_ARGUMENTS;
        require(info >= SHORT_ARGUMENTS && info < SHORT_ARGUMENTS + 3 && width < to - at, at, "another item than due");
        long argument = 0;
        for (int i = at + 1; i <= at + width; i++) {
            argument = argument << 8 | bytes[i] & BYTE_MASK;
        }
        boolean isShortest = width == 1 ? argument >= SHORT_ARGUMENTS : argument >>> 4 * width != 0;
        require(isShortest && argument <= Integer.MAX_VALUE, at, "a number too large or not in its shortest form");
        return joined((int) argument, at + 1 + width);
    }

    private static long joined(int argument, int offset) {
        return (long) argument << WORD_BITS | offset;
    }

    private static int argument(long head) {
        return (int) (head >>> WORD_BITS);
    }

    /** Where the next item begins. */
    private static int offset(long head) {
        return (int) head;
    }

    /** The offset behind a sequence number, which may have 63 bits; that it is canonical was checked when the entry came in. */
    private static int afterSequence(byte[] bytes, int at, int to) {
        int initial = at < to ? bytes[at] & BYTE_MASK : SHORT_ARGUMENTS + 4;
        require(initial < SHORT_ARGUMENTS + 4, at, "no ballot entry");
        return initial < SHORT_ARGUMENTS ? at + 1 : at + 1 + (1 << initial - SHORT_ARGUMENTS);
    }

    private static int after(byte[] expected, byte[] bytes, int at, int to) {
        require(begins(expected, bytes, at, to), at, "no ballot entry");
        return at + expected.length;
    }

    private static boolean begins(byte[] expected, byte[] bytes, int at, int to) {
        int end = at + expected.length;
        return end <= to && Arrays.equals(bytes, at, end, expected, 0, expected.length);
    }

    private static void require(boolean holds, int at, String reason) {
        if (!holds) {
            throw new MalformedException(at, reason);
        }
    }

    private static byte[] bytes(String hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal);
    }
}
