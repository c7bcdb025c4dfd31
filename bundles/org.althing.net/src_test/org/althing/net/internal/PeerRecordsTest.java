// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;
import org.althing.codec.ProtobufWriter;
import org.althing.net.internal.SignedEnvelope.Purpose;

/** Signed envelopes and peer records: what is signed is read, and nothing else. */
class PeerRecordsTest {

    private static final Purpose RECORD = new Purpose("libp2p-peer-record", new byte[] {3, 1});
    private static final HostKey ALICE = Keys.host(1);
    private static final HostKey BOB = Keys.host(2);
    private static final List<Multiaddr> HERE = List.of(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001"));
    private static final List<Multiaddr> THERE = List.of(Multiaddr.parse("/ip6/2001:db8::1/tcp/4002"));

    private static Optional<PeerRecord> read(byte[] signed) {
        return PeerRecords.read(signed, Keys.ED25519);
    }

    @Example
    void whatAPeerSignsIsReadAgain() {
        PeerRecord record = read(PeerRecords.write(ALICE, 7, HERE).toBytes()).orElseThrow();
        assertEquals(ALICE.peer(), record.peer());
        assertEquals(7, record.sequence());
        assertEquals(HERE, record.addresses());
    }

    @Property(tries = 300)
    void aRecordWithAnyBitChangedIsRefused(@ForAll @IntRange(max = 10_000) int at, @ForAll @IntRange(max = 7) int bit) {
        byte[] signed = PeerRecords.write(ALICE, 7, HERE).toBytes();
        signed[at % signed.length] ^= (byte) (1 << bit);
        assertTrue(read(signed).isEmpty());
    }

    @Property(tries = 300)
    void anyBytesAtAllAreRefusedQuietly(@ForAll @Size(max = 300) byte[] bytes) {
        assertTrue(read(bytes).isEmpty());
        // Signed, but no record.
        assertTrue(read(SignedEnvelope.seal(ALICE, RECORD, bytes)).isEmpty());
    }

    @Example
    void aRecordOfAnotherPeerThanItsSignerIsRefused() {
        byte[] ofBob = record(BOB.peer(), HERE);
        assertTrue(read(SignedEnvelope.seal(ALICE, RECORD, ofBob)).isEmpty());
        assertTrue(read(SignedEnvelope.seal(BOB, RECORD, ofBob)).isPresent());
    }

    @Example
    void aSignatureForAnotherPurposeIsRefused() {
        byte[] ofAlice = record(ALICE.peer(), HERE);
        assertTrue(read(SignedEnvelope.seal(ALICE, RECORD, ofAlice)).isPresent());
        Purpose otherDomain = new Purpose("libp2p-routing-state", new byte[] {3, 1});
        assertTrue(read(SignedEnvelope.seal(ALICE, otherDomain, ofAlice)).isEmpty());
        Purpose otherType = new Purpose("libp2p-peer-record", new byte[] {3, 2});
        assertTrue(read(SignedEnvelope.seal(ALICE, otherType, ofAlice)).isEmpty());
    }

    @Example
    void aRecordThatIsTooLargeIsNotLookedAt() {
        byte[] fits = padded(1000);
        assertTrue(read(SignedEnvelope.seal(ALICE, RECORD, fits)).isPresent());
        byte[] large = padded(PeerRecord.SIZE_MAX_BYTES);
        assertTrue(read(SignedEnvelope.seal(ALICE, RECORD, large)).isEmpty());
    }

    /** With a field that nobody knows. */
    private static byte[] padded(int bytes) {
        return new ProtobufWriter()
                .bytes(1, ALICE.peer().toBytes())
                .bytes(9, new byte[bytes])
                .toBytes();
    }

    @Example
    void addressesBeyondTheBoundOfOthersAndOfUnknownKindsArePassedOver() {
        List<Multiaddr> many = IntStream.range(1, 40)
                .mapToObj(n -> Multiaddr.parse("/ip4/192.0.2." + n + "/tcp/4001"))
                .toList();
        PeerRecord record = read(SignedEnvelope.seal(ALICE, RECORD, record(ALICE.peer(), many)))
                .orElseThrow();
        assertEquals(many.subList(0, PeerRecord.ADDRESSES_MAX), record.addresses());
        List<Multiaddr> named = List.of(
                HERE.getFirst().withPeer(ALICE.peer()),
                THERE.getFirst().withPeer(BOB.peer()),
                Multiaddr.parse("/p2p/" + ALICE.peer()));
        assertEquals(
                HERE,
                read(SignedEnvelope.seal(ALICE, RECORD, record(ALICE.peer(), named)))
                        .orElseThrow()
                        .addresses());
        byte[] unknown = new ProtobufWriter()
                .bytes(1, ALICE.peer().toBytes())
                .message(3, new ProtobufWriter().bytes(1, new byte[] {99, 1, 2}))
                .toBytes();
        assertEquals(
                List.of(),
                read(SignedEnvelope.seal(ALICE, RECORD, unknown)).orElseThrow().addresses());
    }

    @Example
    void ourOwnIsMadeAnewWhenTheAddressesChangeAndIsNeverOlder() {
        PeerRecords records = new PeerRecords(ALICE);
        PeerRecord first = records.own(HERE, 1000);
        assertSame(first, records.own(HERE, 2000));
        PeerRecord second = records.own(THERE, 500);
        assertTrue(first.isOlderThan(second), "though the clock was put back");
        assertEquals(THERE, second.addresses());
        assertTrue(second.isOlderThan(records.own(HERE, 5000)));
    }

    @Example
    void aRecordOfOurOwnIsAsLongAsOthersRead() {
        List<Multiaddr> names = IntStream.range(1, 16)
                .mapToObj(n -> Multiaddr.parse("/dns4/" + ("a".repeat(60) + ".").repeat(3) + n + ".org/tcp/4001"))
                .toList();
        PeerRecords records = new PeerRecords(ALICE);
        PeerRecord record = records.own(names, 1000);
        assertEquals(names.subList(0, 7), record.addresses());
        assertSame(record, records.own(names, 2000));
        assertEquals(Optional.of(record), read(record.toBytes()));
    }

    @Example
    void ofAConnectedPeerTheLaterRecordHoldsAndOnlyItsOwn() {
        PeerRecord seven = PeerRecords.write(ALICE, 7, HERE);
        PeerRecord eight = PeerRecords.write(ALICE, 8, THERE);
        PeerRecord bobs = PeerRecords.write(BOB, 9, THERE);
        assertEquals(Optional.of(eight), update(seven, eight));
        assertEquals(Optional.of(eight), update(eight, seven));
        assertEquals(Optional.of(seven), update(seven, bobs));
        assertEquals(Optional.empty(), PeerRecords.read(bobs.toBytes(), ALICE.peer(), Optional.empty(), Keys.ED25519));
        // The number has 64 bits without sign.
        PeerRecord last = PeerRecords.write(ALICE, -1, THERE);
        assertEquals(Optional.of(last), update(eight, last));
        assertNotEquals(seven, eight);
    }

    private static Optional<PeerRecord> update(PeerRecord before, PeerRecord next) {
        return PeerRecords.read(next.toBytes(), ALICE.peer(), Optional.of(before), Keys.ED25519);
    }

    private static byte[] record(PeerId peer, List<Multiaddr> addresses) {
        ProtobufWriter record = new ProtobufWriter().bytes(1, peer.toBytes()).integer(2, 1);
        addresses.forEach(address -> record.message(3, new ProtobufWriter().bytes(1, address.toBytes())));
        return record.toBytes();
    }
}
