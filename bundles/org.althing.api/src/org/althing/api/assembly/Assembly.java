// SPDX-License-Identifier: EPL-2.0
package org.althing.api.assembly;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.ledger.Ledger.DurableFile;
import org.althing.api.net.NetCounters;
import org.althing.api.tally.VotingMethod;

/**
 * All use cases of a node. Entries come in signed; nothing here signs. The same service is offered by the node itself and by a client that
 * speaks to a node elsewhere. Safe for use by many threads.
 *
 * <p>Views are made of text, numbers, lists and maps only, so that every face shows and every wire carries the same: CIDs, keys (did:key),
 * fractions and votes as text, times in Unix milliseconds, heights as numbers; -1 means not yet.
 *
 * <p>Where a DAO or proposal is asked for, its CID or an unambiguous beginning of it (at least {@link #PREFIX_MIN_CHARS} characters) will do.
 */
public interface Assembly {

    int PREFIX_MIN_CHARS = 8;
    /** Longest wait for a seal that {@link #submit} grants. */
    long WAIT_MAX_MILLIS = 60_000;
    /** Rows of one page of a list. */
    int PAGE_MAX_ROWS = 1000;

    Status status() throws AlthingException;

    /** The voting methods that this node counts by now, by id: those of the product and those of plugins. */
    List<MethodView> methods() throws AlthingException;

    List<DaoView> daos() throws AlthingException;

    DaoView dao(String dao) throws RefusedException, AlthingException;

    List<MemberView> members(String dao) throws RefusedException, AlthingException;

    /**
     * Founds a DAO.
     *
     * @param charter a complete signed charter entry that names this node's notary key
     */
    Submission found(byte[] charter) throws RefusedException, AlthingException;

    /**
     * Founds a private DAO. Only on the machine of the node, as {@link #groupKeys}.
     *
     * @param charter as for {@link #found}; it names the group key
     * @param groupKey 32 random bytes; on return the node has kept them
     */
    Submission foundPrivate(byte[] charter, byte[] groupKey) throws RefusedException, AlthingException;

    /** The reading key of this node, {@code did:key:z6LS...}: who is to be a member of a private DAO is admitted with that of the own node. */
    String readingKey() throws AlthingException;

    /**
     * The group keys of a private DAO, oldest first, by which its members' faces open entries, and by the last of which they enclose theirs; none if the DAO is
     * public. They are secret, so they are given to the user that runs the node and on its machine alone.
     *
     * @throws RefusedException if the node has not got all of them yet
     */
    List<byte[]> groupKeys(String dao) throws RefusedException, AlthingException;

    /** The reading key of a member of a private DAO, {@code did:key:z6LS...}: messages to it are encrypted for that key. */
    String readingKey(String dao, String member) throws RefusedException, AlthingException;

    /**
     * Sends a message to another member of a private DAO. On return this node has kept it, and passes it on to the nodes of other members.
     *
     * @param message complete bytes, signed by a device key of the author
     */
    void send(String dao, byte[] message) throws RefusedException, AlthingException;

    /** The messages to the member of this node, oldest first; only for the user that runs the node. */
    List<MessageView> messages(String dao) throws RefusedException, AlthingException;

    /**
     * Joins a DAO that this node does not hold: it is fetched from peers, checked, and from then on served to others. Returns when the node
     * has begun and will go on after a restart; {@link Status#sync} tells how far it is. Joining again adds peers, and a seal that was not known.
     *
     * @param invite as another member's node gives it; its first peers are dialled at once, and none is needed where peers are found otherwise
     * @throws RefusedException if a part of it cannot be understood, or contradicts what this node holds of the DAO
     */
    SyncView join(Invite invite) throws RefusedException, AlthingException;

    /**
     * What others need to join a DAO: where this node is, and the last seal here, so that who joins cannot be given another history.
     *
     * @throws RefusedException if the node holds no seal of it yet
     */
    Invite invite(String dao) throws RefusedException, AlthingException;

    /** Those whom this node is connected with, the longest first; none without a network. Takes up to a second. */
    List<PeerView> peers() throws AlthingException;

    /** What an author needs for the next entry of a key. */
    Authoring authoring(String dao, String key) throws RefusedException, AlthingException;

    /**
     * Hands in a signed entry. On return it is durable; it is refused, and not kept, if it could not be sealed or would be void now.
     *
     * @param waitMillis how long to wait for its seal, 0 to {@link #WAIT_MAX_MILLIS}
     */
    Submission submit(byte[] entry, long waitMillis) throws RefusedException, AlthingException;

    /** Hands in many signed entries at once, e.g. ballots signed offline. Each is answered by itself, in order. */
    List<Submission> submitAll(List<byte[]> entries, long waitMillis) throws AlthingException;

    /**
     * Proposals of a DAO, newest first.
     *
     * @param status only those with this status (lower case), if given
     */
    List<ProposalView> proposals(String dao, Optional<String> status, int offset, int limit)
            throws RefusedException, AlthingException;

    ProposalView proposal(String proposal) throws RefusedException, AlthingException;

    List<CommentView> comments(String proposal) throws RefusedException, AlthingException;

    /**
     * A member's ballot on a proposal: that of the highest revision, sealed or pending; empty if there is none. Who replaces a ballot gives the
     * next one a higher revision; {@link #entry} has what it says.
     *
     * @param member root key
     */
    Optional<BallotView> ballot(String proposal, String member) throws RefusedException, AlthingException;

    /** Complete bytes of an entry. */
    byte[] entry(String cid) throws RefusedException, AlthingException;

    /**
     * Writes evidence for a decided proposal or a whole DAO.
     *
     * @param subject a proposal or a DAO
     * @param file where to, must not exist; on the machine of the node, or of the client of a node elsewhere
     */
    default EvidenceFile export(String subject, String file) throws RefusedException, AlthingException {
        return export(subject, file, false);
    }

    /**
     * Writes evidence, as {@link #export(String, String)}.
     *
     * @param disclose whether the file may hold the group keys of a private DAO, without which nobody could check it; a private DAO is not exported otherwise
     */
    EvidenceFile export(String subject, String file, boolean disclose) throws RefusedException, AlthingException;

    /** Seals from a height on, oldest first. */
    List<SealView> seals(String dao, long fromHeight, int limit) throws RefusedException, AlthingException;

    /**
     * What of the node's data folder a backup copies: the durable beginnings of the ledger's files, whose bytes never change again. Whoever
     * reads them is on the machine of the node.
     */
    List<DurableFile> durableFiles() throws AlthingException;

    /**
     * The node.
     *
     * @param data its folder; empty if that is not told, as by HTTP to anybody but the administrator
     * @param signatures the provider that checks signatures
     * @param network where this node is in the network; empty if it has none
     * @param sync how far each DAO has caught up with its peers, also those that are joined and of which nothing is here yet; none without a
     *     network
     * @param problems what an operator should know, one line each
     */
    record Status(
            String version,
            String data,
            String notary,
            String protocol,
            String signatures,
            long startedMillis,
            List<String> methods,
            List<DaoView> daos,
            Optional<NetworkView> network,
            List<SyncView> sync,
            List<String> problems) {}

    /**
     * Where a node is in the network.
     *
     * @param peer its peer id
     * @param addresses multiaddrs that others dial, each with {@code /p2p/} and the peer id at its end
     * @param connections how many it has
     * @param counters what it has counted since it began
     */
    record NetworkView(String peer, List<String> addresses, int connections, NetCounters counters) {

        public NetworkView {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * A peer, connected.
     *
     * @param peer its peer id, which it has proved
     * @param address where it is, as seen from here; empty if that is not told, as by HTTP to anybody but the administrator
     * @param inbound whether it began
     * @param sinceMillis when the connection was made, Unix milliseconds
     * @param agent the program, as it says; empty until it has
     * @param roundTripMicros the last measured; -1 until there is one
     * @param score of its conduct in gossip, below 0 is a reason to keep away from it; 0 if it takes no part
     * @param meshes DAOs whose new entries it sends on to this node at once, and this one to it
     */
    record PeerView(
            String peer,
            String address,
            boolean inbound,
            long sinceMillis,
            String agent,
            long roundTripMicros,
            double score,
            int meshes) {}

    /**
     * How far a DAO has caught up with its peers.
     *
     * @param height of the last seal here; -1 before there is one
     * @param heightKnown of the last seal known to be final, or claimed by peers
     * @param inSync whether nothing is known to be missing
     * @param entries sealed entries taken in since the node began to catch up
     * @param entriesLeft sealed entries still to come, as far as can be told
     * @param entriesPerSecond lately
     * @param leftMillis how long the rest will take; -1 if nothing can be said
     * @param peers that are asked
     * @param stalled whether nothing comes though something is missing
     * @param problem one line; empty if there is none
     */
    record SyncView(
            String dao,
            long height,
            long heightKnown,
            boolean inSync,
            long entries,
            long entriesLeft,
            long entriesPerSecond,
            long leftMillis,
            int peers,
            boolean stalled,
            String problem) {}

    /**
     * What is needed to join a DAO.
     *
     * @param dao its whole CID
     * @param seal CID of the header of a final seal that its chain must contain; empty if none is known
     * @param height of that seal; -1 if it is not known: then the seal is looked for until the end of the chain is reached
     * @param peers multiaddrs of peers that hold it, each with {@code /p2p/} and a peer id at its end, at most {@link #PEERS_MAX}
     */
    record Invite(String dao, String seal, long height, List<String> peers) {

        /** Peers that an invite names. */
        public static final int PEERS_MAX = 16;

        public Invite {
            peers = List.copyOf(peers);
        }
    }

    /**
     * A voting method.
     *
     * @param version the one that a proposal for this node must pin
     * @param variants default first; empty if there is but one way
     * @param ballot what a ballot says: {@code single}, {@code approval}, {@code weights} or {@code ranking}
     * @param tieRule how a tie is resolved, in one sentence
     */
    record MethodView(String id, int version, List<String> variants, String ballot, String tieRule) {

        public MethodView {
            variants = List.copyOf(variants);
        }

        /** What there is to say of an installed method. */
        public static MethodView of(VotingMethod method) {
            return new MethodView(
                    method.id(),
                    method.version(),
                    method.variants(),
                    method.choiceForm().getSimpleName().toLowerCase(Locale.ROOT),
                    method.tieRule());
        }
    }

    /**
     * @param notaries their keys
     * @param notaryAddresses multiaddrs where a notary can be reached, by its key
     */
    record DaoView(
            String dao,
            String name,
            String purpose,
            long height,
            String head,
            String stateRoot,
            long sealTimeMillis,
            int members,
            String power,
            int proposals,
            int open,
            long entries,
            int pending,
            List<String> notaries,
            Map<String, List<String>> notaryAddresses,
            Map<String, Object> rules) {}

    /**
     * A message to the member of this node.
     *
     * @param from root key of its author; empty if it is no member any more
     * @param text empty if its author has not encrypted it right
     */
    record MessageView(String message, String from, String fromName, String text, long timeMillis) {}

    record MemberView(
            String root, String name, List<String> roles, String power, boolean active, List<String> devices) {}

    /**
     * @param previous CID of the key's last entry, sealed or pending; empty for none
     * @param seen CID of the last final seal
     * @param member the owner's root key; empty if the key is unknown
     */
    record Authoring(String dao, String key, long sequence, String previous, String seen, String member) {}

    /**
     * @param state {@code pending}, {@code sealed}, {@code void} or {@code refused}
     * @param reason why it is void or refused; else empty
     * @param height of its seal
     */
    record Submission(String entry, String state, String reason, long height) {}

    /**
     * @param myBallot empty here; faces fill it in
     * @param tally the counted tally if decided, else the running one while voting; scores as text by option
     */
    record ProposalView(
            String proposal,
            String dao,
            String title,
            String text,
            String author,
            String authorName,
            String status,
            String reason,
            String method,
            int methodVersion,
            int seats,
            List<String> options,
            List<String> actions,
            List<String> sponsors,
            int sponsorsNeeded,
            long submittedAt,
            long openedAt,
            long dueMillis,
            long deadlineMillis,
            long extendedMillis,
            long closedAt,
            long decidedAt,
            String quorum,
            String threshold,
            long ballots,
            String ballotPower,
            String electoratePower,
            Optional<TallyView> tally,
            List<ResultView> results) {}

    /**
     * @param ranking names of options, best first; equal options together
     * @param resultHash hash of the canonical tally
     */
    record TallyView(
            String method,
            String variant,
            List<String> winners,
            List<List<String>> ranking,
            Map<String, String> scores,
            long valid,
            long blank,
            long invalid,
            String verdict,
            String tie,
            String resultHash,
            boolean running) {}

    record ResultView(String notary, String tally, String verdict) {}

    record CommentView(
            String comment,
            String author,
            String authorName,
            String parent,
            String text,
            long timeMillis,
            long height) {}

    /**
     * @param state {@code pending} or {@code sealed}
     * @param height of its seal
     */
    record BallotView(String ballot, String proposal, String member, long revision, String state, long height) {}

    record EvidenceFile(String file, long sizeBytes, String subject, String dao, String head) {}

    record SealView(
            long height,
            String header,
            String previous,
            long timeMillis,
            int entries,
            String stateRoot,
            long epoch,
            long view,
            int signatures) {}
}
