// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;
import org.althing.codec.CborWriter;
import org.althing.codec.X25519;

/**
 * Which peers have proved to hold the reading key of a member, of one private DAO. A peer names its key and gets a fresh public key; it answers with a MAC
 * under what the two agree on, over the DAO and both peer ids: so a proof serves once, on the connection that it was made for. Proofs are forgotten with the
 * connection. Belongs to the thread of sync, but for {@link #readerOf}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7748">RFC 7748, section 6.1</a>
 */
final class ReaderProofs {

    static final int MAC_SIZE_BYTES = 32;
    /** Challenges that wait for a proof; with more the oldest counts no more. */
    static final int OPEN_MAX = 256;
    /** Peers that have proved it; more are not believed. */
    static final int PROVED_MAX = 1024;

    private static final byte[] TAG = "althing-reader-1\0".getBytes(StandardCharsets.US_ASCII);

    private final Cid dao;
    private final PeerId self;
    private final SecureRandom random = new SecureRandom();
    private final Map<PeerId, Challenge> open = new LinkedHashMap<>();
    private final Map<PeerId, byte[]> proved = new ConcurrentHashMap<>();

    private record Challenge(byte[] reader, byte[] secret, byte[] key) {}

    ReaderProofs(Cid dao, PeerId self) {
        this.dao = dao;
        this.self = self;
    }

    /** A fresh public key for a peer that names this reading key; an earlier one of it counts no more. */
    byte[] challenge(PeerId peer, byte[] reader) {
        byte[] secret = new byte[X25519.KEY_BYTES];
        random.nextBytes(secret);
        Challenge made = new Challenge(reader, secret, X25519.open(secret));
        open.remove(peer);
        if (open.size() == OPEN_MAX) {
            open.remove(open.keySet().iterator().next());
        }
        open.put(peer, made);
        return made.key();
    }

    /** Whether the MAC proves that the peer holds the key that it has named; if so, the key is remembered. */
    boolean prove(PeerId peer, byte[] mac) {
        Challenge challenge = open.remove(peer);
        if (challenge == null) {
            return false;
        }
        byte[] agreed;
        try {
            agreed = X25519.agree(challenge.secret(), challenge.reader());
        } catch (IllegalArgumentException e) {
            return false; // A key of small order agrees with everybody.
        }
        byte[] right = mac(agreed, peer, self, challenge.reader(), challenge.key());
        boolean holds = MessageDigest.isEqual(right, mac) && (proved.containsKey(peer) || proved.size() < PROVED_MAX);
        if (holds) {
            proved.put(peer, challenge.reader());
        }
        return holds;
    }

    /**
     * This node's proof for a peer.
     *
     * @param challenge the key that the peer sent
     * @throws IllegalArgumentException if that is none
     */
    byte[] answer(Membership membership, PeerId peer, byte[] challenge) {
        return mac(membership.agree(challenge), self, peer, membership.reader(), challenge);
    }

    private byte[] mac(byte[] agreed, PeerId prover, PeerId verifier, byte[] reader, byte[] challenge) {
        byte[] said = new CborWriter(256)
                .list(5)
                .link(dao)
                .bytes(prover.toBytes())
                .bytes(verifier.toBytes())
                .bytes(reader)
                .bytes(challenge)
                .toBytes();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(agreed, "HmacSHA256"));
            mac.update(TAG);
            return mac.doFinal(said);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform is without HMAC", e);
        }
    }

    /** Whether a peer may have the DAO: it is public, or the peer holds the reading key of a member who is one now. Any thread. */
    boolean admits(Replica replica, PeerId peer) {
        return replica.membership()
                .map(membership -> {
                    byte[] reader = proved.get(peer);
                    return reader != null && membership.isReader(reader);
                })
                .orElse(true);
    }

    /** The reading key that the peer has proved to hold. Any thread. */
    Optional<byte[]> readerOf(PeerId peer) {
        return Optional.ofNullable(proved.get(peer)).map(byte[]::clone);
    }

    /** Peers of which something is remembered. */
    int size() {
        return open.size() + proved.size();
    }

    void left(PeerId peer) {
        open.remove(peer);
        proved.remove(peer);
    }
}
