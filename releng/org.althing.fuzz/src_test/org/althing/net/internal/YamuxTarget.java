// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.fuzz.FuzzTarget;

/** Frames of a peer into a session of either side, whose streams answer, finish or keep what they get. */
public final class YamuxTarget {

    private YamuxTarget() {}

    public static List<byte[]> seeds() {
        ByteBuffer peer = ByteBuffer.allocate(256);
        Yamux.putHeader(peer, Yamux.WINDOW_UPDATE, Yamux.SYN, 1, 0);
        Yamux.putHeader(peer, Yamux.DATA, 0, 1, 3);
        peer.put(new byte[] {1, 2, 3});
        Yamux.putHeader(peer, Yamux.DATA, Yamux.SYN, 3, 1);
        peer.put((byte) 9);
        Yamux.putHeader(peer, Yamux.PING, Yamux.SYN, 0, 77);
        Yamux.putHeader(peer, Yamux.DATA, Yamux.FIN, 1, 0);
        Yamux.putHeader(peer, Yamux.WINDOW_UPDATE, Yamux.RST, 3, 0);
        Yamux.putHeader(peer, Yamux.GO_AWAY, 0, 0, Yamux.GO_AWAY_NORMAL);
        byte[] toListener = Arrays.copyOf(peer.array(), peer.position());
        peer.clear();
        Yamux.putHeader(peer, Yamux.WINDOW_UPDATE, Yamux.ACK, 1, 65536);
        Yamux.putHeader(peer, Yamux.PING, Yamux.ACK, 0, 1);
        Yamux.putHeader(peer, Yamux.WINDOW_UPDATE, Yamux.SYN, 2, 0);
        Yamux.putHeader(peer, Yamux.WINDOW_UPDATE, Yamux.FIN, 1, 0);
        byte[] toDialler = Arrays.copyOf(peer.array(), peer.position());
        List<byte[]> seeds = new ArrayList<>();
        for (int manner = 0; manner < 8; manner++) {
            seeds.add(FuzzTarget.forDecoder(manner, manner % 2 == 0 ? toListener : toDialler));
        }
        return seeds;
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            new Session(input[0]).feed(Arrays.copyOfRange(input, 1, input.length));
        }
    }

    /** One side, behaving as the bits of its manner say: dialler, answers, finishes. */
    private static final class Session implements Yamux.Owner {

        private final int manner;
        private final Yamux yamux;
        private final ByteBuffer output = ByteBuffer.allocate(64 << 10);
        private int unended;

        Session(int manner) {
            this.manner = manner;
            this.yamux = new Yamux((manner & 1) != 0, this);
            for (int i = 0; i < 2; i++) {
                Ending end = new Ending();
                YamuxStream stream = yamux.open(end);
                if (stream != null) {
                    end.stream = stream;
                    stream.write(ByteBuffer.wrap(new byte[100]));
                    unended++;
                }
            }
            yamux.ping(1);
        }

        void feed(byte[] bytes) {
            int cut = (manner & 8) != 0 ? 5 : Math.max(1, bytes.length);
            try {
                for (int at = 0; at < bytes.length; at += cut) {
                    ByteBuffer in = ByteBuffer.wrap(bytes, at, Math.min(cut, bytes.length - at));
                    yamux.feed(in);
                    FuzzTarget.require(!in.hasRemaining(), "all is taken");
                    yamux.fill(output.clear());
                }
            } catch (Violation e) {
                yamux.end(e.end(), e.reason());
                FuzzTarget.require(unended == 0, "every stream is told of the end, once");
                return;
            }
            FuzzTarget.require(yamux.size() == unended, "streams are counted");
            FuzzTarget.require(
                    yamux.size() <= Yamux.STREAMS_INBOUND_MAX + Yamux.STREAMS_OUTBOUND_MAX, "streams are bounded");
        }

        @Override
        public YamuxStream.Sink opened(YamuxStream stream) {
            Ending end = new Ending();
            end.stream = stream;
            unended++;
            return end;
        }

        @Override
        public void pong(int id) {}

        @Override
        public void goodbye(int code) {}

        /** Our end of one stream. */
        private final class Ending implements YamuxStream.Sink {

            private YamuxStream stream;
            private boolean ended;

            @Override
            public void data(ByteBuffer bytes) {
                FuzzTarget.require(!ended && bytes.hasRemaining(), "no data after the end");
                if ((manner & 2) != 0) {
                    stream.consumed(bytes.remaining());
                    stream.write(ByteBuffer.wrap(new byte[bytes.remaining()]));
                }
                if ((manner & 4) != 0) {
                    stream.finish();
                }
            }

            @Override
            public void finished() {
                FuzzTarget.require(!ended, "nothing after the end");
                stream.finish();
            }

            @Override
            public void drained(long pendingBytes) {
                FuzzTarget.require(pendingBytes >= 0, "what waits is counted");
            }

            @Override
            public void ended(End why, String reason) {
                FuzzTarget.require(!ended, "the end comes once");
                ended = true;
                unended--;
            }
        }
    }
}
