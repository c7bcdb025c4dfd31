// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;
import org.althing.codec.CborWriter;
import org.althing.codec.Sha256;
import org.althing.codec.X25519;

/**
 * Which peers have proved to hold the reading key of a member, of one private DAO. A peer gets a fresh public key; it answers with a MAC under what that and
 * its reading key agree on, over the DAO and both peer ids: so a proof serves once, on the connection that it was made for. Which key it is it tells by a
 * hash, so that it shows the key to those alone who know it. Proofs are forgotten with the connection. Belongs to the thread of sync, but for
 * {@link #admits}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7748">RFC 7748, section 6.1</a>
 */
final class ReaderProofs {

    static final int MAC_SIZE_BYTES = 32;
    static final int NAME_SIZE_BYTES = 32;
    /** Challenges that wait for a proof; with more the oldest counts no more. */
    static final int OPEN_MAX = 256;
    /** Peers that have proved it; more are not believed. */
    static final int PROVED_MAX = 1024;

    private static final byte[] TAG = "althing-reader-1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME_TAG = "althing-reader-name-1\0".getBytes(StandardCharsets.US_ASCII);

    private final Cid dao;
    private final PeerId self;
    private final SecureRandom random = new SecureRandom();
    private final Map<PeerId, Challenge> open = new LinkedHashMap<>();
    private final Map<PeerId, byte[]> proved = new ConcurrentHashMap<>();

    private record Challenge(byte[] secret, byte[] key) {}

    ReaderProofs(Cid dao, PeerId self) {
        this.dao = dao;
        this.self = self;
    }

    /** A fresh public key for a peer; an earlier one of it counts no more. */
    byte[] challenge(PeerId peer) {
        byte[] secret = new byte[X25519.KEY_BYTES];
        random.nextBytes(secret);
        Challenge made = new Challenge(secret, X25519.open(secret));
        open.remove(peer);
        if (open.size() == OPEN_MAX) {
            open.remove(open.keySet().iterator().next());
        }
        open.put(peer, made);
        return made.key();
    }

    /** One for which no proof will be believed; it looks as any other. */
    static byte[] challengeForNothing() {
        byte[] secret = new byte[X25519.KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        return X25519.open(secret);
    }

    /**
     * Whether a peer has proved that it holds one of these reading keys; if so, the key is remembered.
     *
     * @param name what it calls the key
     */
    boolean prove(PeerId peer, List<byte[]> readers, byte[] name, byte[] mac) {
        Challenge challenge = open.remove(peer);
        if (challenge == null) {
            return false;
        }
        for (byte[] reader : readers) {
            byte[] said = said(peer, self, reader, challenge.key());
            if (MessageDigest.isEqual(name(said), name)) {
                return prove(peer, challenge, reader, said, mac);
            }
        }
        return false;
    }

    private boolean prove(PeerId peer, Challenge challenge, byte[] reader, byte[] said, byte[] mac) {
        byte[] agreed;
        try {
            agreed = X25519.agree(challenge.secret(), reader);
        } catch (IllegalArgumentException e) {
            return false; // A key of small order agrees with everybody.
        }
        boolean holds = MessageDigest.isEqual(mac(agreed, said), mac)
                && (proved.containsKey(peer) || proved.size() < PROVED_MAX);
        if (holds) {
            proved.put(peer, reader);
        }
        return holds;
    }

    /**
     * This node's proof for a peer.
     *
     * @param challenge the key that the peer sent
     * @throws IllegalArgumentException if that is none
     */
    Request.Proof answer(Membership membership, PeerId peer, byte[] challenge) {
        byte[] said = said(self, peer, membership.reader(), challenge);
        return new Request.Proof(dao, name(said), mac(membership.agree(challenge), said));
    }

    private byte[] said(PeerId prover, PeerId verifier, byte[] reader, byte[] challenge) {
        return new CborWriter(256)
                .list(5)
                .link(dao)
                .bytes(prover.toBytes())
                .bytes(verifier.toBytes())
                .bytes(reader)
                .bytes(challenge)
                .toBytes();
    }

    /** What the reading key is called this once: who does not know it learns nothing. */
    private static byte[] name(byte[] said) {
        byte[] tagged = Arrays.copyOf(NAME_TAG, NAME_TAG.length + said.length);
        System.arraycopy(said, 0, tagged, NAME_TAG.length, said.length);
        return Sha256.hash(tagged);
    }

    private static byte[] mac(byte[] agreed, byte[] said) {
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

    /** Peers of which something is remembered. */
    int size() {
        return open.size() + proved.size();
    }

    void left(PeerId peer) {
        open.remove(peer);
        proved.remove(peer);
    }
}
