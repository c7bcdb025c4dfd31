// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.net.PeerId;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;
import org.althing.gossip.internal.sync.negentropy.ItemTree;
import org.althing.gossip.internal.sync.negentropy.Parameters;
import org.althing.gossip.internal.sync.negentropy.Responder;
import org.jspecify.annotations.Nullable;

/**
 * Answers what peers ask, from the ledgers alone, and keeps nothing about them. An answer is bounded whatever was asked, and what cannot be
 * answered is refused with a reason. Reads from the disk; belongs to the thread of the sets of pending entries.
 */
final class SyncServer {

    private static final Parameters PARAMETERS = new Parameters(
            Parameters.USUAL.branching(), SyncLimits.RECONCILE_SIZE_MAX_BYTES, Parameters.USUAL.roundsMax());

    private final BiFunction<PeerId, Cid, Optional<Served>> daos;
    /** The seal that was read last: the pieces of one are often asked for one after the other. */
    private @Nullable Read last;

    private record Read(Cid dao, Seal seal) {}

    /**
     * A DAO that is served.
     *
     * @param proofs who may have it, if it is private
     * @param pending its pending entries
     */
    record Served(Replica replica, ReaderProofs proofs, ItemTree pending) {

        boolean mayHave(PeerId peer) {
            return proofs.admits(replica, peer);
        }
    }

    /** Something that cannot be answered. */
    private static final class Refusal extends Exception {

        private static final long serialVersionUID = 1L;
        private final Answer.Code code;

        Refusal(Answer.Code code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }
    }

    /** @param daos what is served, by who asks and what the peer calls it */
    SyncServer(BiFunction<PeerId, Cid, Optional<Served>> daos) {
        this.daos = daos;
    }

    Answer answer(PeerId peer, Request request) {
        try {
            Optional<Served> found = daos.apply(peer, request.dao());
            if (request instanceof Request.Reader) {
                return challenge(peer, found);
            }
            Served served = found.orElseThrow(SyncServer::unknown);
            return switch (request) {
                case Request.Proof r -> grant(peer, served, r);
                default -> {
                    if (!served.mayHave(peer)) {
                        throw unknown();
                    }
                    yield answer(request, served);
                }
            };
        } catch (Refusal e) {
            return new Answer.Refused(e.code, text(e));
        } catch (AlthingException e) {
            return new Answer.Refused(Answer.Code.UNAVAILABLE, "it cannot be read");
        } catch (MalformedException e) {
            return new Answer.Refused(Answer.Code.MALFORMED, text(e));
        }
    }

    /** The same for who may not have it, so that nobody learns who has it. */
    private static Refusal unknown() {
        return new Refusal(Answer.Code.UNKNOWN_DAO, "this node does not serve that DAO");
    }

    /** Whoever asks gets one, whatever is served here. */
    private static Answer challenge(PeerId peer, Optional<Served> served) {
        return new Answer.Challenge(
                served.map(known -> known.proofs.challenge(peer)).orElseGet(ReaderProofs::challengeForNothing));
    }

    private static Answer grant(PeerId peer, Served served, Request.Proof asked) throws Refusal {
        Membership membership = membership(served.replica);
        if (!served.proofs.prove(peer, membership.readers(), asked.reader(), asked.mac()) || !served.mayHave(peer)) {
            throw unknown();
        }
        return new Answer.Granted(membership.groupKeys());
    }

    private static Answer mailbox(Replica replica, Request.Mailbox asked) throws Refusal {
        Membership.Mail mail = membership(replica).mail(asked.from(), SyncLimits.MESSAGE_NAMES_MAX);
        return new Answer.Mailbox(mail.next(), mail.messages());
    }

    private static Membership membership(Replica replica) throws Refusal {
        return replica.membership().orElseThrow(SyncServer::unknown);
    }

    private static String text(Exception e) {
        String text = String.valueOf(e.getMessage());
        return text.getBytes(StandardCharsets.UTF_8).length <= SyncLimits.REASON_SIZE_MAX_BYTES ? text : "refused";
    }

    private Answer answer(Request request, Served served) throws Refusal, AlthingException {
        Replica replica = served.replica;
        return switch (request) {
            case Request.Status r -> status(replica.tip());
            case Request.Headers r -> headers(replica, r);
            case Request.Bodies r -> bodies(replica, r);
            case Request.Sealed r -> sealed(replica, r);
            case Request.Entries r -> entries(replica.ledger(), r);
            case Request.Reconcile r ->
                new Answer.Reconcile(new Responder(served.pending, PARAMETERS).answer(r.message()));
            case Request.Mailbox r -> mailbox(replica, r);
            case Request.Messages r -> new Answer.Messages(membership(replica).messages(r.names()));
            case Request.Reader r -> throw new IllegalStateException("answered before");
            case Request.Proof r -> throw new IllegalStateException("answered before");
            case Request.Forks r ->
                new Answer.Forks(
                        replica.forks().stream().limit(SyncLimits.FORKS_MAX).toList());
        };
    }

    private static Answer status(Replica.Tip tip) {
        return new Answer.Status(tip.height(), tip.head(), 0);
    }

    private Answer headers(Replica replica, Request.Headers asked) throws Refusal, AlthingException {
        long to = end(replica, asked.from(), asked.count(), SyncLimits.HEADERS_MAX);
        List<Answer.Link> links = new ArrayList<>();
        int room = SyncLimits.CARGO_SIZE_MAX_BYTES;
        for (long height = asked.from(); height < to && room > 0; height++) {
            Seal seal = seal(replica, height);
            SealHeader header = SealCodec.decodeHeader(seal.header());
            List<PublicKey> next = List.of();
            if (!header.nextSet().equals(header.set())) {
                next = replica.notaries(header.nextSet())
                        .orElseThrow(() -> new Refusal(Answer.Code.UNAVAILABLE, "the notaries are not known any more"));
            }
            links.add(new Answer.Link(seal.header(), seal.certificate(), next));
            room -= seal.header().length + seal.certificate().length + next.size() * PublicKey.BYTES;
        }
        return new Answer.Headers(links);
    }

    private Answer bodies(Replica replica, Request.Bodies asked) throws Refusal, AlthingException {
        long to = end(replica, asked.from(), asked.count(), SyncLimits.BODIES_MAX);
        List<List<Cid>> bodies = new ArrayList<>();
        int room = SyncLimits.BODY_CIDS_MAX;
        for (long height = asked.from(); height < to; height++) {
            List<Cid> body = seal(replica, height).entries();
            room -= body.size();
            if (room < 0) {
                break;
            }
            bodies.add(body);
        }
        return new Answer.Bodies(bodies);
    }

    private Answer sealed(Replica replica, Request.Sealed asked) throws Refusal, AlthingException {
        List<byte[]> entries = new ArrayList<>();
        int room = Math.min(asked.sizeMaxBytes(), SyncLimits.CARGO_SIZE_MAX_BYTES);
        int left = SyncLimits.ENTRIES_MAX;
        for (Slice slice : asked.slices()) {
            end(replica, slice.height(), 1, 1);
            List<Cid> body = seal(replica, slice.height()).entries();
            if (slice.to() > body.size()) {
                throw new Refusal(Answer.Code.OUT_OF_RANGE, "the seal has " + body.size() + " entries");
            }
            for (int i = slice.from(); i < slice.to(); i++) {
                byte[] entry = replica.ledger().entry(body.get(i)).orElseThrow(SyncServer::unavailable);
                if (left-- == 0 || !entries.isEmpty() && entry.length > room) {
                    return new Answer.Entries(entries);
                }
                entries.add(entry);
                room -= entry.length;
            }
        }
        return new Answer.Entries(entries);
    }

    private static Answer entries(DaoLedger ledger, Request.Entries asked) throws Refusal, AlthingException {
        if (asked.cids().size() > SyncLimits.ENTRIES_MAX) {
            throw new Refusal(Answer.Code.TOO_MANY, "at most " + SyncLimits.ENTRIES_MAX + " at once");
        }
        List<byte[]> entries = new ArrayList<>();
        int room = SyncLimits.CARGO_SIZE_MAX_BYTES;
        for (Cid cid : asked.cids()) {
            byte[] entry = ledger.entry(cid).orElse(new byte[0]);
            if (!entries.isEmpty() && entry.length > room) {
                break;
            }
            entries.add(entry);
            room -= entry.length;
        }
        return new Answer.Entries(entries);
    }

    /** Where a range of heights ends: the ledger tells of a seal before it is durable, so what counts is what was applied. */
    private static long end(Replica replica, long from, int count, int max) throws Refusal {
        long height = replica.tip().height();
        if (count > max) {
            throw new Refusal(Answer.Code.TOO_MANY, "at most " + max + " at once");
        }
        if (from < 0 || from > height) {
            throw new Refusal(Answer.Code.OUT_OF_RANGE, "the last seal is at height " + height);
        }
        return Math.min(from + count, height + 1);
    }

    private Seal seal(Replica replica, long height) throws Refusal, AlthingException {
        Read read = last;
        if (read == null || read.seal.height() != height || !read.dao.equals(replica.dao())) {
            read = new Read(replica.dao(), replica.ledger().seal(height).orElseThrow(SyncServer::unavailable));
            last = read;
        }
        return read.seal;
    }

    private static Refusal unavailable() {
        return new Refusal(Answer.Code.UNAVAILABLE, "it is not here now");
    }
}
