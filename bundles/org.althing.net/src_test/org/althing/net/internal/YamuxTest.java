// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class YamuxTest {

    /** One end of a stream: what came, and how it ended. */
    private static final class Recorder implements YamuxStream.Sink {
        @Nullable
        YamuxStream stream;

        boolean takes = true;
        long bytes;
        int sum;
        boolean finished;

        @Nullable
        End end;

        @Override
        public void data(ByteBuffer data) {
            int length = data.remaining();
            bytes += length;
            while (data.hasRemaining()) {
                sum = 31 * sum + data.get();
            }
            if (takes) {
                stream.consumed(length);
            }
        }

        @Override
        public void finished() {
            finished = true;
        }

        @Override
        public void drained(long pendingBytes) {}

        @Override
        public void ended(End why, String reason) {
            assertNull(end, "told once");
            end = why;
        }
    }

    /** One side of a session. */
    private static final class Side implements Yamux.Owner {
        final Yamux yamux;
        final List<Recorder> accepted = new ArrayList<>();
        boolean takes = true;
        int pong = -1;
        int goodbye = -1;

        Side(boolean dialler) {
            yamux = new Yamux(dialler, this);
        }

        @Override
        public YamuxStream.Sink opened(YamuxStream stream) {
            Recorder recorder = new Recorder();
            recorder.stream = stream;
            recorder.takes = takes;
            accepted.add(recorder);
            return recorder;
        }

        @Override
        public void pong(int id) {
            pong = id;
        }

        @Override
        public void goodbye(int code) {
            goodbye = code;
        }

        Recorder open() {
            Recorder recorder = new Recorder();
            recorder.stream = yamux.open(recorder);
            return recorder;
        }

        ByteBuffer output(int size) {
            ByteBuffer out = ByteBuffer.allocate(size);
            yamux.fill(out);
            return out.flip();
        }
    }

    private final Side dialler = new Side(true);
    private final Side listener = new Side(false);

    /** Carries everything both ways until nothing moves. */
    private long exchange() {
        long carried = 0;
        for (long before = -1; before != carried; ) {
            before = carried;
            for (Side[] way : new Side[][] {{dialler, listener}, {listener, dialler}}) {
                ByteBuffer out = way[0].output(100_000);
                carried += out.remaining();
                way[1].yamux.feed(out);
            }
        }
        return carried;
    }

    @Property(tries = 100)
    void everythingArrivesInOrderOnManyStreamsHoweverTheBytesAreCut(@ForAll long seed) {
        Random random = new Random(seed);
        Side one = new Side(true);
        Side two = new Side(false);
        List<Recorder> opened = new ArrayList<>();
        List<int[]> sums = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            opened.add(one.open());
            sums.add(new int[1]);
        }
        for (int round = 0; round < 300; round++) {
            int i = random.nextInt(opened.size());
            byte[] bytes = new byte[random.nextInt(20_000)];
            random.nextBytes(bytes);
            opened.get(i).stream.write(ByteBuffer.wrap(bytes));
            for (byte b : bytes) {
                sums.get(i)[0] = 31 * sums.get(i)[0] + b;
            }
            carry(random, one, two);
            carry(random, two, one);
        }
        opened.forEach(recorder -> recorder.stream.finish());
        while (one.yamux.hasOutput() || two.yamux.hasOutput()) {
            carry(random, one, two);
            carry(random, two, one);
        }
        for (int i = 0; i < opened.size(); i++) {
            Recorder far = two.accepted.get(i);
            assertEquals(sums.get(i)[0], far.sum);
            assertTrue(far.finished);
            far.stream.finish();
        }
        carry(random, two, one);
        while (two.yamux.hasOutput()) {
            carry(random, two, one);
        }
        assertEquals(0, one.yamux.size());
        assertEquals(0, two.yamux.size());
    }

    private static void carry(Random random, Side from, Side to) {
        ByteBuffer out = from.output(13 + random.nextInt(70_000));
        while (out.hasRemaining()) {
            int take = 1 + random.nextInt(Math.min(out.remaining(), 5_000));
            to.yamux.feed(out.slice(out.position(), take));
            out.position(out.position() + take);
        }
    }

    @Test
    void aReaderThatTakesNothingStopsTheWriterAtTheWindow() {
        listener.takes = false;
        Recorder writer = dialler.open();
        writer.stream.write(ByteBuffer.wrap(new byte[3 << 20]));
        exchange();
        Recorder reader = listener.accepted.getFirst();
        assertEquals(Yamux.WINDOW_INITIAL_BYTES, reader.bytes, "before it is accepted");
        reader.stream.write(ByteBuffer.wrap(new byte[] {1}));
        exchange();
        assertEquals(Yamux.WINDOW_BYTES, reader.bytes, "and after");
        assertFalse(dialler.yamux.hasOutput());
        reader.stream.consumed(Yamux.WINDOW_BYTES);
        exchange();
        assertEquals(2 * Yamux.WINDOW_BYTES, reader.bytes);
    }

    @Test
    void oneStreamThatIsStuckDoesNotHoldUpAnother() {
        listener.takes = false;
        Recorder stuck = dialler.open();
        stuck.stream.write(ByteBuffer.wrap(new byte[2 << 20]));
        exchange();
        listener.takes = true;
        Recorder other = dialler.open();
        other.stream.write(ByteBuffer.wrap(new byte[2 << 20]));
        listener.yamux.feed(dialler.output(100));
        listener.accepted.get(1).stream.write(ByteBuffer.wrap(new byte[1]));
        exchange();
        assertEquals(2 << 20, listener.accepted.get(1).bytes);
    }

    @Test
    void aResetReachesTheOtherSideAndLateDataIsForgiven() {
        Recorder writer = dialler.open();
        writer.stream.write(ByteBuffer.wrap(new byte[200_000]));
        listener.yamux.feed(dialler.output(1_000));
        Recorder reader = listener.accepted.getFirst();
        reader.stream.reset(End.LOCAL, "enough");
        assertEquals(End.LOCAL, reader.end);
        long before = reader.bytes;
        exchange();
        assertEquals(End.PEER, writer.end);
        assertEquals(before, reader.bytes);
        assertEquals(0, dialler.yamux.size() + listener.yamux.size());
    }

    @Test
    void dataBeyondWhatADroppedStreamHadLeftEndsTheSession() {
        frame(listener, Yamux.WINDOW_UPDATE, Yamux.SYN, 1, 0);
        listener.accepted.getFirst().stream.reset(End.LOCAL, "enough");
        frame(listener, Yamux.DATA, 0, 1, Yamux.WINDOW_INITIAL_BYTES);
        listener.yamux.feed(ByteBuffer.allocate(Yamux.WINDOW_INITIAL_BYTES));
        assertThrows(Violation.class, () -> frame(listener, Yamux.DATA, 0, 1, 1));
    }

    @Test
    void streamsBeyondTheBoundAreResetAndTheSessionGoesOn() {
        for (int i = 0; i < Yamux.STREAMS_INBOUND_MAX + 3; i++) {
            frame(listener, Yamux.WINDOW_UPDATE, Yamux.SYN, 1 + 2 * i, 0);
        }
        assertEquals(Yamux.STREAMS_INBOUND_MAX, listener.yamux.size());
        assertEquals(3 * Yamux.HEADER_BYTES, listener.output(1_000).remaining());
        frame(listener, Yamux.DATA, 0, 1 + 2 * Yamux.STREAMS_INBOUND_MAX, 5);
        listener.yamux.feed(ByteBuffer.allocate(5));
        frame(listener, Yamux.WINDOW_UPDATE, Yamux.RST, 1, 0);
        assertEquals(Yamux.STREAMS_INBOUND_MAX - 1, listener.yamux.size());
    }

    @Test
    void noMoreStreamsAreOpenedThanThePeerMayLeaveUnanswered() {
        for (int i = 0; i < Yamux.BACKLOG_MAX; i++) {
            assertNotNull(dialler.open().stream);
        }
        assertNull(dialler.open().stream);
        exchange();
        assertNull(dialler.open().stream, "opened is not accepted");
        listener.accepted.getFirst().stream.write(ByteBuffer.wrap(new byte[1]));
        exchange();
        assertNotNull(dialler.open().stream);
    }

    @Test
    void aPeerThatAsksAndDoesNotReadIsEnded() {
        Violation silent = assertThrows(Violation.class, () -> {
            for (int i = 0; i <= Yamux.CONTROL_MAX_BYTES / Yamux.HEADER_BYTES; i++) {
                frame(listener, Yamux.PING, Yamux.SYN, 0, i);
            }
        });
        assertEquals(End.SILENT, silent.end());
    }

    @Test
    void aPingIsAnsweredAndAFarewellTold() {
        dialler.yamux.ping(7);
        exchange();
        assertEquals(7, dialler.pong);
        listener.yamux.goodbye(Yamux.GO_AWAY_PROTOCOL_ERROR);
        exchange();
        assertEquals(Yamux.GO_AWAY_PROTOCOL_ERROR, dialler.goodbye);
        assertNull(listener.open().stream);
    }

    @Test
    void theEndOfASessionIsToldToEveryStream() {
        Recorder stream = dialler.open();
        dialler.yamux.end(End.CIPHERTEXT, "tampered");
        assertEquals(End.CIPHERTEXT, stream.end);
        stream.stream.write(ByteBuffer.wrap(new byte[1]));
        assertNull(dialler.open().stream);
    }

    @Test
    void whatBreaksTheRulesIsAViolation() {
        int[][] bad = {
            {9, 0, 1, 0},
            {Yamux.DATA, 16, 1, 0},
            {Yamux.DATA, Yamux.SYN, 2, 0},
            {Yamux.DATA, 0, 2, 0},
            {Yamux.DATA, 0, 0, 5},
            {Yamux.WINDOW_UPDATE, 0, 0, 5},
            {Yamux.PING, Yamux.SYN, 1, 0},
            {Yamux.PING, 0, 0, 0},
            {Yamux.GO_AWAY, 0, 1, 0},
            {Yamux.DATA, Yamux.SYN, 1, Yamux.WINDOW_INITIAL_BYTES + 1},
            {Yamux.DATA, Yamux.SYN, 1, -1},
            {Yamux.DATA, 0, 1, 1},
            {Yamux.DATA, Yamux.SYN | Yamux.RST, 1, 1}
        };
        for (int[] header : bad) {
            Violation refused = assertThrows(
                    Violation.class, () -> frame(new Side(false), header[0], header[1], header[2], header[3]));
            assertEquals(End.YAMUX, refused.end());
        }
        assertThrows(
                Violation.class,
                () -> new Side(false).yamux.feed(ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));
        frame(listener, Yamux.WINDOW_UPDATE, Yamux.SYN, 1, 0);
        assertThrows(Violation.class, () -> frame(listener, Yamux.WINDOW_UPDATE, Yamux.SYN, 1, 0), "a number twice");
        frame(dialler, Yamux.DATA, Yamux.SYN | Yamux.FIN, 2, 0);
        assertThrows(Violation.class, () -> frame(dialler, Yamux.DATA, 0, 2, 1), "data after the end");
    }

    @Test
    void aLengthThatIsNoneIsNotForgivenHoweverManyStreamsWereRefused() {
        int id = 1;
        for (long forgiven = -Yamux.STREAMS_INBOUND_MAX;
                forgiven * Yamux.WINDOW_INITIAL_BYTES <= Integer.MAX_VALUE;
                forgiven++) {
            frame(listener, Yamux.WINDOW_UPDATE, Yamux.SYN, id, 0);
            listener.output(Yamux.CONTROL_MAX_BYTES);
            id += 2;
        }
        int refused = id - 2;
        Violation ended =
                assertThrows(Violation.class, () -> frame(listener, Yamux.DATA, 0, refused, Integer.MIN_VALUE));
        assertEquals(End.YAMUX, ended.end());
    }

    @Property(tries = 3_000)
    void noBytesBreakItOtherwise(@ForAll @Size(max = 60) byte[] bytes) {
        Side side = new Side(false);
        try {
            for (int i = 0; i < bytes.length; i += Yamux.HEADER_BYTES) {
                bytes[i] = 0;
            }
            side.yamux.feed(ByteBuffer.wrap(bytes));
        } catch (Violation refused) {
            assertEquals(End.YAMUX, refused.end());
        }
    }

    private static void frame(Side to, int type, int flags, int id, int length) {
        ByteBuffer header = ByteBuffer.allocate(Yamux.HEADER_BYTES);
        Yamux.putHeader(header, type, flags, id, length);
        to.yamux.feed(header.flip());
    }
}
