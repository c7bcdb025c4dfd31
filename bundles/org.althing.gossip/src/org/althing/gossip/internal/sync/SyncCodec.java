// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Message;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;

/**
 * The frames of {@code /althing/sync/1}; see docs/formats/sync.cddl. Every list is [id, kind, ...]. What a decoder gives keeps to {@link
 * SyncLimits}; it throws {@link MalformedException} and nothing else.
 */
final class SyncCodec {

    private static final int KIND_MAX_BYTES = 16;
    private static final Answer.Code[] CODES = Answer.Code.values();

    private SyncCodec() {}

    /** A request with the number that its answer will bear. */
    record Asked(long id, Request request) {}

    /** An answer with the number of its request. */
    record Answered(long id, Answer answer) {}

    static byte[] encode(Asked asked) {
        CborWriter out = new CborWriter();
        switch (asked.request) {
            case Request.Status r -> begin(out, 3, asked.id, "status").link(r.dao());
            case Request.Headers r ->
                begin(out, 5, asked.id, "headers")
                        .link(r.dao())
                        .integer(r.from())
                        .integer(r.count());
            case Request.Bodies r ->
                begin(out, 5, asked.id, "bodies")
                        .link(r.dao())
                        .integer(r.from())
                        .integer(r.count());
            case Request.Sealed r -> {
                begin(out, 5, asked.id, "sealed")
                        .link(r.dao())
                        .integer(r.sizeMaxBytes())
                        .list(r.slices().size());
                for (Slice slice : r.slices()) {
                    out.list(3).integer(slice.height()).integer(slice.from()).integer(slice.count());
                }
            }
            case Request.Entries r -> {
                begin(out, 4, asked.id, "entries").link(r.dao()).list(r.cids().size());
                r.cids().forEach(out::link);
            }
            case Request.Reconcile r ->
                begin(out, 4, asked.id, "reconcile").link(r.dao()).bytes(r.message());
            case Request.Forks r -> begin(out, 3, asked.id, "forks").link(r.dao());
            case Request.Reader r -> begin(out, 3, asked.id, "reader").link(r.dao());
            case Request.Proof r ->
                begin(out, 5, asked.id, "proof").link(r.dao()).bytes(r.reader()).bytes(r.mac());
            case Request.Mailbox r ->
                begin(out, 4, asked.id, "mailbox").link(r.dao()).integer(r.from());
            case Request.Messages r -> {
                begin(out, 4, asked.id, "messages").link(r.dao()).list(r.names().size());
                r.names().forEach(out::link);
            }
        }
        return out.toBytes();
    }

    /**
     * Reads a request.
     *
     * @throws MalformedException if it is not one, or breaks a bound
     */
    static Asked decodeRequest(byte[] frame) {
        if (frame.length > SyncLimits.REQUEST_SIZE_MAX_BYTES) {
            throw new MalformedException(0, "a request of " + frame.length + " bytes");
        }
        CborReader in = new CborReader(frame);
        int fields = in.readList(5);
        long id = readId(in);
        String kind = in.readText(KIND_MAX_BYTES);
        Cid dao = in.readLink();
        Request request = switch (kind) {
            case "status" -> new Request.Status(dao);
            case "headers" -> new Request.Headers(dao, readHeight(in), readCount(in, SyncLimits.HEADERS_MAX));
            case "bodies" -> new Request.Bodies(dao, readHeight(in), readCount(in, SyncLimits.BODIES_MAX));
            case "sealed" -> readSealed(dao, in);
            case "entries" -> new Request.Entries(dao, readLinks(in, SyncLimits.ENTRIES_MAX));
            case "reconcile" -> new Request.Reconcile(dao, in.readBytes(SyncLimits.RECONCILE_SIZE_MAX_BYTES));
            case "forks" -> new Request.Forks(dao);
            case "reader" -> new Request.Reader(dao);
            case "proof" ->
                new Request.Proof(
                        dao,
                        in.readBytesExactly(ReaderProofs.NAME_SIZE_BYTES),
                        in.readBytesExactly(ReaderProofs.MAC_SIZE_BYTES));
            case "mailbox" -> new Request.Mailbox(dao, readPlace(in));
            case "messages" -> new Request.Messages(dao, readLinks(in, SyncLimits.MESSAGES_MAX));
            default -> throw new MalformedException(0, "an unknown kind of request");
        };
        finish(in, fields);
        return new Asked(id, request);
    }

    private static Request readSealed(Cid dao, CborReader in) {
        int sizeMaxBytes = (int) in.readLong(1, SyncLimits.CARGO_SIZE_MAX_BYTES);
        int at = in.position();
        int count = in.readList(SyncLimits.SLICES_MAX);
        List<Slice> slices = new ArrayList<>(count);
        int entries = 0;
        for (int i = 0; i < count; i++) {
            in.readListExactly(3);
            slices.add(new Slice(
                    readHeight(in),
                    (int) in.readLong(0, SealHeader.ENTRIES_MAX - 1),
                    readCount(in, SyncLimits.ENTRIES_MAX)));
            entries += slices.getLast().count();
        }
        if (entries == 0 || entries > SyncLimits.ENTRIES_MAX) {
            throw new MalformedException(at, "a request for " + entries + " entries");
        }
        return new Request.Sealed(dao, slices, sizeMaxBytes);
    }

    private static List<Cid> readLinks(CborReader in, int max) {
        int at = in.position();
        List<Cid> cids = readLinksOrNone(in, max);
        if (cids.isEmpty()) {
            throw new MalformedException(at, "a request for nothing");
        }
        return cids;
    }

    private static List<Cid> readLinksOrNone(CborReader in, int max) {
        int count = in.readList(max);
        List<Cid> cids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cids.add(in.readLink());
        }
        return cids;
    }

    static byte[] encode(Answered answered) {
        CborWriter out = new CborWriter();
        long id = answered.id;
        switch (answered.answer) {
            case Answer.Status a -> {
                begin(out, 5, id, "status").integer(a.height());
                a.head().ifPresentOrElse(out::link, out::nil);
                out.integer(a.earliest());
            }
            case Answer.Headers a -> {
                begin(out, 3, id, "headers").list(a.links().size());
                for (Answer.Link link : a.links()) {
                    out.list(3).bytes(link.header()).bytes(link.certificate());
                    out.list(link.notaries().size());
                    link.notaries().forEach(key -> out.bytes(key.toBytes()));
                }
            }
            case Answer.Bodies a -> {
                begin(out, 3, id, "bodies").list(a.bodies().size());
                for (List<Cid> body : a.bodies()) {
                    byte[] cids = new byte[body.size() * Cid.BYTES];
                    for (int i = 0; i < body.size(); i++) {
                        body.get(i).writeTo(cids, i * Cid.BYTES);
                    }
                    out.bytes(cids);
                }
            }
            case Answer.Entries a -> {
                begin(out, 3, id, "entries").list(a.entries().size());
                a.entries().forEach(out::bytes);
            }
            case Answer.Reconcile a -> begin(out, 3, id, "reconcile").bytes(a.message());
            case Answer.Forks a -> {
                begin(out, 3, id, "forks").list(a.forks().size());
                a.forks().forEach(fork -> out.list(2).bytes(fork.first()).bytes(fork.second()));
            }
            case Answer.Challenge a -> begin(out, 3, id, "challenge").bytes(a.key());
            case Answer.Granted a -> {
                begin(out, 3, id, "granted").list(a.groupKeys().size());
                a.groupKeys().forEach(out::bytes);
            }
            case Answer.Mailbox a -> {
                begin(out, 4, id, "mailbox").integer(a.next()).list(a.names().size());
                a.names().forEach(out::link);
            }
            case Answer.Messages a -> {
                begin(out, 3, id, "messages").list(a.messages().size());
                a.messages().forEach(out::bytes);
            }
            case Answer.Refused a ->
                begin(out, 4, id, "refused").integer(a.code().ordinal()).text(a.reason());
        }
        return out.toBytes();
    }

    /**
     * Reads an answer.
     *
     * @throws MalformedException if it is not one, or breaks a bound
     */
    static Answered decodeAnswer(byte[] frame) {
        if (frame.length > SyncLimits.ANSWER_SIZE_MAX_BYTES) {
            throw new MalformedException(0, "an answer of " + frame.length + " bytes");
        }
        CborReader in = new CborReader(frame);
        int fields = in.readList(5);
        long id = readId(in);
        Answer answer = switch (in.readText(KIND_MAX_BYTES)) {
            case "status" -> readStatus(in);
            case "headers" -> readHeaders(in);
            case "bodies" -> readBodies(in);
            case "entries" -> readEntries(in);
            case "reconcile" -> new Answer.Reconcile(in.readBytes(SyncLimits.RECONCILE_SIZE_MAX_BYTES));
            case "forks" -> readForks(in);
            case "challenge" -> new Answer.Challenge(in.readBytesExactly(Membership.KEY_SIZE_BYTES));
            case "granted" -> readGranted(in);
            case "mailbox" -> new Answer.Mailbox(readPlace(in), readLinksOrNone(in, SyncLimits.MESSAGE_NAMES_MAX));
            case "messages" -> readMessages(in);
            case "refused" ->
                new Answer.Refused(
                        CODES[(int) in.readLong(0, CODES.length - 1)], in.readText(SyncLimits.REASON_SIZE_MAX_BYTES));
            default -> throw new MalformedException(0, "an unknown kind of answer");
        };
        finish(in, fields);
        return new Answered(id, answer);
    }

    private static Answer readStatus(CborReader in) {
        int at = in.position();
        long height = in.readLong(-1, Long.MAX_VALUE - 1);
        Optional<Cid> head = in.tryNull() ? Optional.empty() : Optional.of(in.readLink());
        if (head.isPresent() != height >= 0) {
            throw new MalformedException(at, "a head without a height, or a height without a head");
        }
        return new Answer.Status(height, head, readHeight(in));
    }

    private static Answer readHeaders(CborReader in) {
        int count = in.readList(SyncLimits.HEADERS_MAX);
        List<Answer.Link> links = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.readListExactly(3);
            links.add(new Answer.Link(
                    in.readBytes(DaoLedger.HEADER_SIZE_MAX_BYTES),
                    in.readBytes(DaoLedger.CERTIFICATE_SIZE_MAX_BYTES),
                    readKeys(in)));
        }
        return new Answer.Headers(links);
    }

    private static List<PublicKey> readKeys(CborReader in) {
        int count = in.readList(Body.NOTARIES_MAX);
        List<PublicKey> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(PublicKey.of(in.readBytesExactly(PublicKey.BYTES)));
        }
        return keys;
    }

    private static Answer readBodies(CborReader in) {
        int count = in.readList(SyncLimits.BODIES_MAX);
        List<List<Cid>> bodies = new ArrayList<>(count);
        int left = SyncLimits.BODY_CIDS_MAX;
        for (int i = 0; i < count; i++) {
            int at = in.position();
            byte[] packed = in.readBytes(left * Cid.BYTES);
            int size = packed.length / Cid.BYTES;
            if (packed.length != size * Cid.BYTES || size > SealHeader.ENTRIES_MAX) {
                throw new MalformedException(at, "a body of " + packed.length + " bytes");
            }
            List<Cid> cids = new ArrayList<>(size);
            for (int k = 0; k < size; k++) {
                try {
                    cids.add(Cid.fromBytes(packed, k * Cid.BYTES));
                } catch (IllegalArgumentException e) {
                    throw new MalformedException(at, "a body with what is no CID");
                }
            }
            bodies.add(cids);
            left -= size;
        }
        return new Answer.Bodies(bodies);
    }

    private static Answer readEntries(CborReader in) {
        int count = in.readList(SyncLimits.ENTRIES_MAX);
        List<byte[]> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(in.readBytes(DaoLedger.ENTRY_SIZE_MAX_BYTES));
        }
        return new Answer.Entries(entries);
    }

    private static Answer readForks(CborReader in) {
        int count = in.readList(SyncLimits.FORKS_MAX);
        List<Replica.Fork> forks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.readListExactly(2);
            forks.add(new Replica.Fork(in.readBytes(Entry.SIZE_MAX_BYTES), in.readBytes(Entry.SIZE_MAX_BYTES)));
        }
        return new Answer.Forks(forks);
    }

    private static Answer readGranted(CborReader in) {
        List<byte[]> keys = new ArrayList<>();
        for (int left = in.readList(Membership.GROUP_KEYS_MAX); left > 0; left--) {
            keys.add(in.readBytesExactly(Membership.KEY_SIZE_BYTES));
        }
        return new Answer.Granted(keys);
    }

    private static Answer readMessages(CborReader in) {
        List<byte[]> messages = new ArrayList<>();
        for (int left = in.readList(SyncLimits.MESSAGES_MAX); left > 0; left--) {
            messages.add(in.readBytes(Message.SIZE_MAX_BYTES));
        }
        return new Answer.Messages(messages);
    }

    private static CborWriter begin(CborWriter out, int fields, long id, String kind) {
        return out.list(fields).integer(id).text(kind);
    }

    private static long readId(CborReader in) {
        return in.readLong(0, Long.MAX_VALUE);
    }

    /** In the order of a mailbox. */
    private static long readPlace(CborReader in) {
        return in.readLong(0, Long.MAX_VALUE);
    }

    private static long readHeight(CborReader in) {
        return in.readLong(0, Long.MAX_VALUE - SyncLimits.HEADERS_MAX);
    }

    private static int readCount(CborReader in, int max) {
        return (int) in.readLong(1, max);
    }

    /** The head of a list tells its fields; a kind that has fewer, or more, breaks here or before. */
    private static void finish(CborReader in, int fields) {
        if (fields < 3) {
            throw new MalformedException(0, "a list of " + fields);
        }
        in.finish();
    }
}
