// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are not judged yet: how many of whom are handed to validation, and which wait.
 *
 * <p>Checking a signature costs a hundred times what a peer pays to send it, so a peer has a window: {@link RouterLimits#WINDOW_MIN} messages
 * in validation, one more for each that was accepted. What is over it waits, bounded, and is forgotten when the peer turns out to be a
 * spammer: an identity buys no more than the first window. Messages that come to nothing use up an allowance which grows back slowly.
 */
final class Judging {

    private final Neighbours neighbours;
    private final Map<MessageId, Incoming> waiting = new LinkedHashMap<>();
    private long bytes;
    private long inboxesBytes;

    Judging(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    @Nullable
    Incoming get(MessageId id) {
        return waiting.get(id);
    }

    /** @return whether there was room for it */
    boolean add(Incoming incoming) {
        Peer peer = incoming.validatedFor;
        if (mayValidate(peer)) {
            put(incoming);
            validate(incoming);
            return true;
        }
        if (peer.unproven <= 0
                || peer.inbox.size() >= RouterLimits.INBOX_MESSAGES_MAX
                || peer.inboxBytes + incoming.size() > RouterLimits.INBOX_MAX_BYTES
                || inboxesBytes + incoming.size() > RouterLimits.INBOXES_MAX_BYTES) {
            return false;
        }
        put(incoming);
        peer.inbox.add(incoming);
        peer.inboxBytes += incoming.size();
        inboxesBytes += incoming.size();
        return true;
    }

    /** Another peer brought the same message: it need not wait behind what else the first one sent. */
    void sentToo(Incoming incoming, Peer peer) {
        if (incoming.senders.size() < RouterLimits.SENDERS_MAX && !incoming.senders.contains(peer)) {
            incoming.senders.add(peer);
        }
        if (!incoming.inValidation && mayValidate(peer)) {
            unqueue(incoming);
            incoming.validatedFor = peer;
            validate(incoming);
        }
    }

    /** @return the message, and it is no longer waiting; null when nobody waits for that verdict (any more) */
    @Nullable
    Incoming judged(MessageId id, Event.Verdict verdict) {
        Incoming incoming = waiting.get(id);
        if (incoming == null || !incoming.inValidation) {
            return null;
        }
        forget(incoming);
        Peer peer = incoming.validatedFor;
        peer.inValidation--;
        if (verdict == Event.Verdict.ACCEPT) {
            peer.unproven++;
            peer.window = Math.min(RouterLimits.WINDOW_MAX, peer.window + 1);
        } else {
            peer.window = RouterLimits.WINDOW_MIN;
        }
        return incoming;
    }

    /** Hands over what waits and now has room. */
    void pump(Peer peer) {
        if (neighbours.isGraylisted(peer) || peer.unproven <= 0) {
            removed(peer);
        }
        while (!peer.inbox.isEmpty() && mayValidate(peer)) {
            Incoming next = peer.inbox.peek();
            unqueue(next);
            validate(next);
        }
    }

    /** Empties the inbox of a peer; what another one sent too is validated for that one. */
    void removed(Peer peer) {
        for (Incoming incoming : List.copyOf(peer.inbox)) {
            unqueue(incoming);
            Peer other = incoming.senders.stream()
                    .filter(sender -> sender != peer && mayValidate(sender))
                    .findFirst()
                    .orElse(null);
            if (other == null) {
                forget(incoming);
            } else {
                incoming.validatedFor = other;
                validate(incoming);
            }
        }
    }

    /** The messages whose verdict is overdue. */
    List<MessageId> overdue(long nowMillis) {
        List<MessageId> overdue = new ArrayList<>();
        for (Incoming incoming : waiting.values()) {
            if (nowMillis - incoming.sinceMillis < RouterLimits.VALIDATION_MAX_MILLIS) {
                break;
            }
            if (incoming.inValidation) {
                overdue.add(incoming.id);
            }
        }
        return overdue;
    }

    private boolean mayValidate(Peer peer) {
        return peer.inValidation < peer.window && peer.unproven > 0 && !neighbours.isGraylisted(peer);
    }

    private void validate(Incoming incoming) {
        incoming.inValidation = true;
        incoming.validatedFor.inValidation++;
        incoming.validatedFor.unproven--;
        neighbours.act(new Action.Validate(
                incoming.senders.getFirst().id, incoming.id, incoming.message.topic(), incoming.message.data()));
    }

    private void put(Incoming incoming) {
        waiting.put(incoming.id, incoming);
        bytes += incoming.size();
    }

    private void forget(Incoming incoming) {
        waiting.remove(incoming.id);
        bytes -= incoming.size();
    }

    private void unqueue(Incoming incoming) {
        Peer peer = incoming.validatedFor;
        if (peer.inbox.remove(incoming)) {
            peer.inboxBytes -= incoming.size();
            inboxesBytes -= incoming.size();
        }
    }

    int size() {
        return waiting.size();
    }

    /** Without the inboxes, which count with their peers. */
    long bytesHeld() {
        return bytes - inboxesBytes + (long) waiting.size() * Incoming.BYTES;
    }
}
