// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Notary;
import org.althing.api.net.PeerId;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Replica;
import org.althing.api.sync.SyncProgress;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;
import org.jspecify.annotations.Nullable;

/**
 * Gets the seals that a node lacks, and their entries: (state, event, time) to (state, actions). First the chain of headers, each checked
 * against its certificate and its parent; then, while headers go on coming, the entries of many seals at once, in pieces from all peers
 * that claim to have them, each entry checked against its seal; upwards they go in order. After a restart it goes on from the ledger's tip.
 *
 * <p>Nobody is believed: a height is only a reason to ask. Who sends what is provably wrong is banned; who is slow, silent or without what
 * it claimed is left alone for a while, longer each time, and then asked again, since it may be the only one who has it. A piece that is
 * late goes to another peer, and what comes late is still taken. So with one honest peer that can be reached the chain comes in, and when
 * nothing comes, people are told what is waited for.
 *
 * <p>Belongs to one thread. Memory is bounded by {@link FetchLimits}.
 */
final class Fetcher {

    private static final long RATE_PERIOD_MILLIS = 1_000;

    private final Cid dao;
    private final SealVerifier verifier;
    private final Predicate<Cid> isHere;
    private final LongSupplier ids;

    private final Map<PeerId, FetchPeer> peers = new LinkedHashMap<>();
    /** Of peers that are gone, the oldest first. */
    private final Map<PeerId, FetchPeer.Faults> remembered = new LinkedHashMap<>();

    /** The seals above what was handed on, by height, without a gap. */
    private final NavigableMap<Long, OpenSeal> open = new TreeMap<>();
    /** Sizes of the seals that were handed on and not taken, by height. */
    private final NavigableMap<Long, Handed> handed = new TreeMap<>();

    private final TreeSet<Long> bodiesToAsk = new TreeSet<>();
    private final TreeSet<Slice> slicesToAsk = new TreeSet<>();
    private final Map<Class<? extends FetchJob>, FetchJob> single = new HashMap<>();

    private long takenHeight;
    private long verifiedHeight;
    private @Nullable Cid verifiedHead;
    /** Who signs the seal after that; none before the charter is known. */
    private List<PublicKey> notaries;

    private int cidsHeld;
    private int cidsAsked;
    private long heldBytes;
    private long handedBytes;
    private long askedBytes;
    private long entryBytesMean = 512;

    private final Throughput throughput = new Throughput(RATE_PERIOD_MILLIS);
    private long entriesTaken;
    private long progressMillis;
    private boolean stalled;
    private String problem = "";
    private boolean halted;
    private List<FetchAction> actions = new ArrayList<>();

    private record Handed(long sizeBytes, int entries) {}

    /**
     * A fetcher that goes on from a tip.
     *
     * @param isHere whether the ledger holds an entry already
     * @param ids numbers for requests, none twice
     */
    Fetcher(Cid dao, Replica.Tip tip, SealVerifier verifier, Predicate<Cid> isHere, LongSupplier ids, long nowMillis) {
        this.dao = dao;
        this.verifier = verifier;
        this.isHere = isHere;
        this.ids = ids;
        this.takenHeight = tip.height();
        this.verifiedHeight = tip.height();
        this.verifiedHead = tip.head().orElse(null);
        this.notaries = tip.notaries();
        this.progressMillis = nowMillis;
    }

    /** Takes an event; what is to be done, in this order. */
    List<FetchAction> handle(FetchEvent event, long nowMillis) {
        actions = new ArrayList<>();
        switch (event) {
            case FetchEvent.Joined e -> join(e.peer());
            case FetchEvent.Left e -> leave(e.peer());
            case FetchEvent.Claimed e -> claim(e, nowMillis);
            case FetchEvent.Knows e -> knows(e.peer());
            case FetchEvent.Answered e -> answered(e, nowMillis);
            case FetchEvent.Failed e -> failed(e, nowMillis);
            case FetchEvent.Misbehaved e -> misbehaved(e);
            case FetchEvent.Taken e -> taken(e.height(), nowMillis);
            case FetchEvent.NotTaken e -> halt("seal " + e.height() + " was not taken: " + e.reason());
            case FetchEvent.Advanced e -> advanced(e.tip(), nowMillis);
            case FetchEvent.Ticked e -> {}
        }
        if (!halted) {
            timeouts(nowMillis);
            hand();
            askAll(nowMillis);
        }
        watch(nowMillis);
        return actions;
    }

    /** When to come back with {@link FetchEvent.Ticked} at the latest. */
    long wakeAtMillis(long nowMillis) {
        boolean busy = isBehind()
                || peers.values().stream().anyMatch(peer -> !peer.asks().isEmpty());
        return nowMillis + (busy ? FetchLimits.TICK_BUSY_MILLIS : FetchLimits.TICK_IDLE_MILLIS);
    }

    /** How far it is. */
    SyncProgress progress(long nowMillis) {
        long known = Math.max(verifiedHeight, claimedHeight());
        long fetched = handed.values().stream().mapToLong(Handed::entries).sum();
        long left = fetched
                + open.values().stream()
                        .mapToLong(seal -> seal.header().count())
                        .sum();
        long seals = verifiedHeight - takenHeight;
        if (known > verifiedHeight && seals > 0) {
            left += Math.min(left / seals, SealHeader.ENTRIES_MAX)
                    * Math.min(known - verifiedHeight, Integer.MAX_VALUE);
        }
        long rate = throughput.perSecond(nowMillis);
        OptionalLong millis = left == 0
                ? OptionalLong.of(0)
                : rate == 0 ? OptionalLong.empty() : OptionalLong.of(left / rate * 1000 + left % rate * 1000 / rate);
        int asked =
                (int) peers.values().stream().filter(peer -> !peer.isBanned()).count();
        return new SyncProgress(
                takenHeight, Math.max(known, takenHeight), entriesTaken, left, rate, millis, asked, stalled, problem);
    }

    /** Bytes of entries that are held here; for tests of the bound. */
    long heldBytes() {
        return heldBytes + handedBytes;
    }

    /** Whether a peer has served us not long ago. */
    boolean isRegarded(PeerId id, long nowMillis) {
        FetchPeer peer = peers.get(id);
        return peer != null && peer.isRegarded(nowMillis);
    }

    /** How far a peer claims to be; empty if it has not, or is not asked. */
    OptionalLong heightOf(PeerId id) {
        FetchPeer peer = peers.get(id);
        return peer == null || peer.isBanned() || peer.height() < -1
                ? OptionalLong.empty()
                : OptionalLong.of(peer.height());
    }

    // Peers come and go.

    private void join(PeerId id) {
        if (peers.size() == FetchLimits.PEERS_MAX) {
            peers.values().stream()
                    .filter(peer -> peer.isBanned() || peer.faults().strikes() > 0)
                    .max(Comparator.comparing(FetchPeer::isBanned)
                            .thenComparing(peer -> peer.faults().strikes()))
                    .map(FetchPeer::id)
                    .ifPresent(this::leave);
        }
        if (peers.size() < FetchLimits.PEERS_MAX && !peers.containsKey(id)) {
            FetchPeer.Faults faults = remembered.remove(id);
            peers.put(id, new FetchPeer(id, faults == null ? FetchPeer.Faults.NONE : faults));
        }
    }

    private void leave(PeerId id) {
        FetchPeer peer = peers.remove(id);
        if (peer == null) {
            return;
        }
        giveUpAsks(peer);
        if (peer.faults().strikes() > 0 || peer.isBanned()) {
            remembered.put(id, peer.faults());
            if (remembered.size() > FetchLimits.FAULTS_REMEMBERED_MAX) {
                remembered.remove(remembered.keySet().iterator().next());
            }
        }
    }

    private void giveUpAsks(FetchPeer peer) {
        for (FetchAsk ask : List.copyOf(peer.asks().values())) {
            end(peer, ask);
        }
    }

    private void claim(FetchEvent.Claimed event, long nowMillis) {
        FetchPeer peer = peers.get(event.peer());
        if (peer != null) {
            peer.claims(event.height(), nowMillis);
        }
    }

    private void knows(PeerId id) {
        FetchPeer peer = peers.get(id);
        if (peer != null) {
            peer.setFaults(peer.faults().known());
        }
    }

    private void misbehaved(FetchEvent.Misbehaved event) {
        FetchPeer peer = peers.get(event.peer());
        if (peer != null) {
            ban(peer, event.reason());
        }
    }

    private void ban(FetchPeer peer, String reason) {
        if (!peer.isBanned()) {
            peer.setFaults(new FetchPeer.Faults(peer.faults().strikes(), Long.MAX_VALUE, true, false));
            actions.add(new FetchAction.Ban(peer.id(), reason));
        }
        giveUpAsks(peer);
    }

    private void pause(FetchPeer peer, String reason, long nowMillis) {
        peer.setFaults(peer.faults().strike(nowMillis));
        actions.add(new FetchAction.Pause(peer.id(), reason, peer.faults().pausedUntilMillis() - nowMillis));
    }

    // Requests end.

    /** A request is under way no more; what it was to bring is to be asked for again, unless it has come or comes from elsewhere. */
    private void end(FetchPeer peer, FetchAsk ask) {
        peer.ended(ask);
        if (!ask.isLate()) {
            end(ask.job());
        }
    }

    private void end(FetchJob job) {
        if (!job.ended()) {
            return;
        }
        switch (job) {
            case FetchJob.Status j -> {}
            case FetchJob.Charter j -> {}
            case FetchJob.Headers j -> {}
            case FetchJob.Bodies j -> cidsAsked -= j.cids();
            case FetchJob.Piece j -> askedBytes -= j.sizeMaxBytes();
        }
        again(job);
    }

    /** Puts back what is missing of a job. */
    private void again(FetchJob job) {
        switch (job) {
            case FetchJob.Status j -> {}
            case FetchJob.Charter j -> single.remove(FetchJob.Charter.class, j);
            case FetchJob.Headers j -> single.remove(FetchJob.Headers.class, j);
            case FetchJob.Bodies j -> {
                for (long height = j.from(); height < j.from() + j.count(); height++) {
                    OpenSeal seal = open.get(height);
                    if (seal != null && !seal.hasBody()) {
                        bodiesToAsk.add(height);
                    }
                }
            }
            case FetchJob.Piece j -> {
                for (Slice slice : j.slices()) {
                    OpenSeal seal = open.get(slice.height());
                    if (seal != null) {
                        slicesToAsk.addAll(seal.missingIn(slice));
                    }
                }
            }
        }
    }

    private void timeouts(long nowMillis) {
        for (FetchPeer peer : peers.values()) {
            boolean late = false;
            for (FetchAsk ask : peer.asks().values()) {
                if (!ask.isLate() && nowMillis >= ask.deadlineMillis()) {
                    peer.timedOut(ask);
                    late = true;
                    end(ask.job());
                }
            }
            if (late) {
                pause(peer, "it does not answer in time", nowMillis);
            }
        }
    }

    private void failed(FetchEvent.Failed event, long nowMillis) {
        FetchPeer peer = peers.get(event.peer());
        FetchAsk ask = peer == null ? null : peer.asks().get(event.id());
        if (peer != null && ask != null) {
            end(peer, ask);
            pause(peer, "it cannot be asked: " + event.reason(), nowMillis);
        }
    }

    private void answered(FetchEvent.Answered event, long nowMillis) {
        FetchPeer peer = peers.get(event.peer());
        if (peer == null || peer.isBanned()) {
            return;
        }
        FetchAsk ask = peer.asks().get(event.id());
        if (ask == null) {
            ban(peer, "it answers what it was not asked");
            return;
        }
        if (event.answer() instanceof Answer.Refused refused) {
            end(peer, ask);
            refused(peer, refused, nowMillis);
            return;
        }
        if (!(ask.job() instanceof FetchJob.Status)) {
            peer.measure(ask, event.sizeBytes(), nowMillis);
        }
        Optional<String> lie = take(peer, ask.job(), event.answer(), nowMillis);
        end(peer, ask);
        if (!ask.isLate()) {
            // An answer may be the beginning alone; the rest need not wait for another copy of the request.
            again(ask.job());
        }
        if (lie.isPresent()) {
            ban(peer, lie.get());
        } else if (ask.job() instanceof FetchJob.Headers || ask.job() instanceof FetchJob.Piece) {
            peer.served(nowMillis);
        }
    }

    private void refused(FetchPeer peer, Answer.Refused refused, long nowMillis) {
        String reason = "it refuses: " + refused.code() + " " + refused.reason();
        switch (refused.code()) {
            case BUSY ->
                peer.setFaults(new FetchPeer.Faults(
                        peer.faults().strikes(), nowMillis + FetchLimits.PAUSE_BUSY_MILLIS, false, false));
            case UNKNOWN_DAO -> {
                peer.disclaims();
                pause(peer, reason, nowMillis);
                peer.setFaults(peer.faults().unknown());
            }
            case OUT_OF_RANGE -> {
                peer.disclaims();
                pause(peer, reason, nowMillis);
            }
            case TOO_MANY, UNAVAILABLE, MALFORMED -> pause(peer, reason, nowMillis);
        }
    }

    /** Takes an answer; what is provably wrong with it, if anything is. */
    private Optional<String> take(FetchPeer peer, FetchJob job, Answer answer, long nowMillis) {
        return switch (job) {
            case FetchJob.Status j -> answer instanceof Answer.Status a ? take(peer, a, nowMillis) : otherKind();
            case FetchJob.Charter j -> answer instanceof Answer.Entries a ? takeCharter(a) : otherKind();
            case FetchJob.Headers j -> answer instanceof Answer.Headers a ? take(j, a, nowMillis) : otherKind();
            case FetchJob.Bodies j -> answer instanceof Answer.Bodies a ? take(j, a, nowMillis) : otherKind();
            case FetchJob.Piece j -> answer instanceof Answer.Entries a ? take(j, a, nowMillis) : otherKind();
        };
    }

    private static Optional<String> otherKind() {
        return Optional.of("it answers with another kind of thing than was asked for");
    }

    private static Optional<String> take(FetchPeer peer, Answer.Status answer, long nowMillis) {
        // What it does not keep from the first height on that we may need, it is not asked for.
        peer.claims(answer.earliest() > 0 ? -1 : answer.height(), nowMillis);
        return Optional.empty();
    }

    private Optional<String> takeCharter(Answer.Entries answer) {
        if (answer.entries().size() != 1 || !dao.names(answer.entries().getFirst())) {
            return Optional.of("the charter that it sends is not that of this DAO");
        }
        if (!notaries.isEmpty()) {
            return Optional.empty();
        }
        try {
            Entry charter = EntryCodec.decode(answer.entries().getFirst());
            if (charter.body() instanceof Body.Charter body) {
                notaries = body.notaries().stream().map(Notary::key).sorted().toList();
                return Optional.empty();
            }
        } catch (MalformedException e) {
            // Below.
        }
        halt("what names this DAO is no charter; the invitation is wrong");
        return Optional.empty();
    }

    private Optional<String> take(FetchJob.Headers job, Answer.Headers answer, long nowMillis) {
        if (answer.links().isEmpty()) {
            return Optional.of("it answers with no header");
        }
        long height = job.from();
        for (Answer.Link link : answer.links()) {
            if (height == verifiedHeight + 1) {
                Optional<String> lie = take(link);
                if (lie.isPresent()) {
                    return Optional.of("its header at height " + height + " is wrong: " + lie.get());
                }
                gotOn(nowMillis);
            }
            height++;
        }
        return Optional.empty();
    }

    /** Takes the next header of the chain. */
    private Optional<String> take(Answer.Link link) {
        Cid cid = Cid.hash(link.header());
        SealHeader header;
        try {
            header = SealCodec.decodeHeader(link.header());
            if (!header.dao().equals(dao)
                    || header.height() != verifiedHeight + 1
                    || !Optional.ofNullable(header.previous()).equals(Optional.ofNullable(verifiedHead))) {
                return Optional.of("it is not built on the seal before it");
            }
            if (!header.set().equals(setHash(notaries))) {
                return Optional.of("it names another notary set");
            }
            Optional<String> refusal =
                    verifier.refuse(SealCodec.decodeCertificate(link.certificate()), header, cid, notaries);
            if (refusal.isPresent()) {
                return refusal;
            }
        } catch (MalformedException e) {
            return Optional.of(e.getMessage());
        }
        boolean changes = !header.nextSet().equals(header.set());
        if (changes && !setHash(link.notaries()).equals(header.nextSet())) {
            return Optional.of("it comes without the notaries of the next one");
        }
        if (changes) {
            notaries = link.notaries();
        }
        verifiedHeight = header.height();
        verifiedHead = cid;
        OpenSeal seal = new OpenSeal(header, link.header(), link.certificate(), cid);
        open.put(header.height(), seal);
        if (header.count() == 0 && seal.isBody(List.of())) {
            seal.setBody(List.of(), isHere);
        } else {
            bodiesToAsk.add(header.height());
        }
        return Optional.empty();
    }

    private static Cid setHash(Collection<PublicKey> keys) {
        return RulesCodec.setHash(SealVerifier.withoutAddresses(List.copyOf(keys)));
    }

    private Optional<String> take(FetchJob.Bodies job, Answer.Bodies answer, long nowMillis) {
        if (answer.bodies().isEmpty() || answer.bodies().size() > job.count()) {
            return Optional.of(
                    "it answers with " + answer.bodies().size() + " bodies where " + job.count() + " were asked for");
        }
        long height = job.from();
        for (List<Cid> body : answer.bodies()) {
            OpenSeal seal = open.get(height);
            if (seal != null && !seal.hasBody()) {
                if (!seal.isBody(body)) {
                    return Optional.of("the entries that it names for height " + height + " are not those of the seal");
                }
                slicesToAsk.addAll(seal.setBody(body, isHere));
                bodiesToAsk.remove(height);
                cidsHeld += body.size();
                gotOn(nowMillis);
            }
            height++;
        }
        return Optional.empty();
    }

    private Optional<String> take(FetchJob.Piece job, Answer.Entries answer, long nowMillis) {
        int next = 0;
        List<byte[]> entries = answer.entries();
        if (entries.isEmpty()) {
            return Optional.of("it answers with no entry");
        }
        for (Slice slice : job.slices()) {
            OpenSeal seal = open.get(slice.height());
            for (int i = slice.from(); i < slice.to() && next < entries.size(); i++) {
                byte[] entry = entries.get(next++);
                if (seal == null || seal.has(i)) {
                    continue;
                }
                if (!seal.put(i, entry)) {
                    return Optional.of("its entry " + i + " of the seal at height " + slice.height() + " is another");
                }
                heldBytes += entry.length;
                entryBytesMean = (31 * entryBytesMean + entry.length) / 32;
                gotOn(nowMillis);
            }
        }
        return next == entries.size()
                ? Optional.empty()
                : Optional.of("it answers with more entries than were asked for");
    }

    // Upwards.

    private void hand() {
        while (!open.isEmpty()) {
            OpenSeal seal = open.firstEntry().getValue();
            boolean room = handed.isEmpty()
                    || handed.size() < FetchLimits.HANDED_MAX_SEALS
                            && handedBytes + seal.sizeBytes() <= FetchLimits.HANDED_MAX_BYTES;
            if (!seal.isComplete() || !room) {
                return;
            }
            open.remove(seal.height());
            heldBytes -= seal.sizeBytes();
            cidsHeld -= seal.header().count();
            handed.put(seal.height(), new Handed(seal.sizeBytes(), seal.header().count()));
            handedBytes += seal.sizeBytes();
            actions.add(new FetchAction.Bring(seal.seal(), seal.fetched()));
        }
    }

    private void taken(long height, long nowMillis) {
        for (var done = handed.firstEntry(); done != null && done.getKey() <= height; done = handed.firstEntry()) {
            handed.pollFirstEntry();
            handedBytes -= done.getValue().sizeBytes();
            entriesTaken += done.getValue().entries();
            throughput.add(done.getValue().entries(), nowMillis);
        }
        takenHeight = Math.max(takenHeight, height);
        gotOn(nowMillis);
    }

    private void advanced(Replica.Tip tip, long nowMillis) {
        if (handed.containsKey(tip.height()) || tip.height() <= takenHeight) {
            return;
        }
        OpenSeal same = open.get(tip.height());
        if (same != null && !tip.head().equals(Optional.of(same.cid()))) {
            halt("two final seals at height " + tip.height() + ": " + same.cid() + " from peers and "
                    + tip.head().map(Cid::toString).orElse("none") + " here; ask the notaries");
            return;
        }
        for (OpenSeal seal : List.copyOf(open.headMap(tip.height(), true).values())) {
            open.remove(seal.height());
            bodiesToAsk.remove(seal.height());
            heldBytes -= seal.sizeBytes();
            cidsHeld -= seal.hasBody() ? seal.header().count() : 0;
        }
        slicesToAsk.removeIf(slice -> slice.height() <= tip.height());
        if (tip.height() > verifiedHeight) {
            verifiedHeight = tip.height();
            verifiedHead = tip.head().orElse(null);
            notaries = tip.notaries();
        }
        taken(tip.height(), nowMillis);
    }

    private void halt(String reason) {
        halted = true;
        problem = reason;
        actions.add(new FetchAction.Alarm(reason));
    }

    // What to ask.

    /** Every peer gets one request, then the next, until nobody is free or nothing is left. */
    private void askAll(long nowMillis) {
        boolean behind = isBehind(); // Looks at every peer, and nothing that is asked changes it.
        boolean asked = true;
        while (asked) {
            asked = false;
            for (FetchPeer peer : peers.values()) {
                if (peer.isFree(nowMillis)) {
                    FetchJob job = next(peer, behind, nowMillis);
                    if (job != null) {
                        ask(peer, job, nowMillis);
                        asked = true;
                    }
                }
            }
        }
    }

    private void ask(FetchPeer peer, FetchJob job, long nowMillis) {
        FetchAsk ask = new FetchAsk(ids.getAsLong(), job, nowMillis, nowMillis + peer.timeoutMillis());
        job.asked(peer.id(), nowMillis);
        peer.asked(ask);
        actions.add(new FetchAction.Ask(peer.id(), ask.id(), job.request(dao)));
    }

    private @Nullable FetchJob next(FetchPeer peer, boolean behind, long nowMillis) {
        boolean busy = behind || peer.height() < -1;
        long statusMillis = busy ? FetchLimits.STATUS_BUSY_PERIOD_MILLIS : FetchLimits.STATUS_IDLE_PERIOD_MILLIS;
        if (peer.isStatusDue(nowMillis, statusMillis)) {
            return new FetchJob.Status();
        }
        if (peer.height() < 0) {
            return null;
        }
        FetchJob job = nextHeaders(peer);
        job = job != null ? job : nextBodies(peer);
        job = job != null ? job : nextPiece(peer);
        return job != null ? job : nextTwice(peer, nowMillis);
    }

    private @Nullable FetchJob nextHeaders(FetchPeer peer) {
        if (notaries.isEmpty()) {
            return single.containsKey(FetchJob.Charter.class) ? null : alone(new FetchJob.Charter());
        }
        boolean wanted = peer.height() > verifiedHeight
                && verifiedHeight - takenHeight <= FetchLimits.SEALS_AHEAD_MAX - SyncLimits.HEADERS_MAX
                && !single.containsKey(FetchJob.Headers.class);
        return wanted ? alone(new FetchJob.Headers(verifiedHeight + 1)) : null;
    }

    private FetchJob alone(FetchJob job) {
        single.put(job.getClass(), job);
        return job;
    }

    /** The bodies of the lowest seals that have none, as far as there is room. */
    private @Nullable FetchJob nextBodies(FetchPeer peer) {
        if (bodiesToAsk.isEmpty()) {
            return null;
        }
        long from = bodiesToAsk.first();
        boolean lowest = from == open.firstKey();
        int cids = 0;
        int count = 0;
        for (long height = from; height <= peer.height() && bodiesToAsk.contains(height); height++) {
            int more = open.get(height).header().count();
            boolean room = cidsHeld + cidsAsked + cids + more <= FetchLimits.CIDS_AHEAD_MAX || lowest && count == 0;
            if (!room || count == SyncLimits.BODIES_MAX || cids + more > SyncLimits.BODY_CIDS_MAX) {
                break;
            }
            cids += more;
            count++;
        }
        if (count == 0) {
            return null;
        }
        bodiesToAsk.subSet(from, from + count).clear();
        cidsAsked += cids;
        return new FetchJob.Bodies(from, count, cids);
    }

    /** The lowest entries that nobody was asked for, as many as this peer gives in {@link FetchLimits#PIECE_MILLIS}. */
    private @Nullable FetchJob nextPiece(FetchPeer peer) {
        dropWhatCame();
        if (slicesToAsk.isEmpty() || slicesToAsk.first().height() > peer.height()) {
            return null;
        }
        int sizeMaxBytes = peer.pieceSizeBytes();
        boolean room = heldBytes + askedBytes + sizeMaxBytes <= FetchLimits.HELD_MAX_BYTES;
        long lowest = open.firstKey();
        if (!room && slicesToAsk.first().height() != lowest) {
            return null;
        }
        int left = (int) Math.min(SyncLimits.ENTRIES_MAX, 1 + sizeMaxBytes / Math.max(1, entryBytesMean));
        List<Slice> slices = new ArrayList<>();
        while (left > 0 && !slicesToAsk.isEmpty() && slices.size() < SyncLimits.SLICES_MAX) {
            Slice first = slicesToAsk.first();
            if (first.height() > peer.height() || !room && first.height() != lowest) {
                break;
            }
            slicesToAsk.pollFirst();
            int count = Math.min(left, first.count());
            slices.add(first.first(count));
            left -= count;
            if (count < first.count()) {
                slicesToAsk.add(first.after(count));
            }
            dropWhatCame();
        }
        askedBytes += sizeMaxBytes;
        return new FetchJob.Piece(slices, sizeMaxBytes);
    }

    /** What was asked for twice may have come meanwhile: the first slice is one that is missing as a whole. */
    private void dropWhatCame() {
        while (!slicesToAsk.isEmpty()) {
            Slice first = slicesToAsk.first();
            OpenSeal seal = open.get(first.height());
            List<Slice> missing = seal == null ? List.of() : seal.missingIn(first);
            if (missing.size() == 1 && missing.getFirst().equals(first)) {
                return;
            }
            slicesToAsk.pollFirst();
            slicesToAsk.addAll(missing);
        }
    }

    /** Nothing is left that nobody was asked for: who is free is asked for what others are slow with. */
    private @Nullable FetchJob nextTwice(FetchPeer peer, long nowMillis) {
        FetchAsk oldest = null;
        for (FetchPeer other : peers.values()) {
            for (FetchAsk ask : other.asks().values()) {
                boolean fits = !ask.isLate()
                        && !(ask.job() instanceof FetchJob.Status)
                        && ask.job().height() <= peer.height()
                        && ask.job().mayBeAskedTwice(peer.id(), nowMillis);
                if (fits && (oldest == null || ask.sentMillis() < oldest.sentMillis())) {
                    oldest = ask;
                }
            }
        }
        return oldest == null ? null : oldest.job();
    }

    // Watching over it.

    private void gotOn(long nowMillis) {
        progressMillis = nowMillis;
        if (stalled) {
            stalled = false;
            problem = "";
        }
    }

    private long claimedHeight() {
        return peers.values().stream()
                .filter(peer -> !peer.isBanned())
                .mapToLong(FetchPeer::height)
                .max()
                .orElse(-1);
    }

    private boolean isBehind() {
        return verifiedHeight > takenHeight || claimedHeight() > takenHeight;
    }

    private void watch(long nowMillis) {
        if (!isBehind()) {
            gotOn(nowMillis);
        } else if (!halted && !stalled && nowMillis - progressMillis >= FetchLimits.STALL_MILLIS) {
            stalled = true;
            problem = stallReason();
            actions.add(new FetchAction.Alarm(problem));
        }
    }

    private String stallReason() {
        if (!handed.isEmpty() && open.isEmpty()) {
            return "the node has not taken the seal at height " + handed.firstKey() + " yet";
        }
        long able = peers.values().stream()
                .filter(peer -> !peer.isBanned() && peer.height() > takenHeight)
                .count();
        String what = open.isEmpty()
                ? "the header at height " + (verifiedHeight + 1)
                : open.firstEntry().getValue().hasBody()
                        ? open.firstEntry().getValue().missing() + " entries of the seal at height " + open.firstKey()
                        : "the list of entries of the seal at height " + open.firstKey();
        return able == 0
                ? "no peer that can be reached has " + what
                : "nothing has come for " + FetchLimits.STALL_MILLIS / 1000 + " s: " + able + " peers claim to have "
                        + what + ", but do not send it";
    }
}
