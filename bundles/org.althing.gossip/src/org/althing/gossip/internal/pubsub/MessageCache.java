// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.jspecify.annotations.Nullable;

/** The accepted messages of the last {@link GossipSettings#HISTORY_HEARTBEATS}: what IHAVE offers and IWANT gets. */
final class MessageCache {

    /** A guess of the heap that one message takes beside its data. */
    static final int ENTRY_BYTES = 220;

    private static final class Entry {
        private final Message message;
        private final long heartbeat;
        /** How often each peer got it by IWANT, by the peer's slot. */
        private byte[] sent = {};

        Entry(Message message, long heartbeat) {
            this.message = message;
            this.heartbeat = heartbeat;
        }
    }

    private final Map<MessageId, Entry> entries = new LinkedHashMap<>();
    private long heartbeat;
    private int bytes;

    void put(MessageId id, Message message) {
        if (entries.putIfAbsent(id, new Entry(message, heartbeat)) == null) {
            bytes += message.data().length;
        }
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > RouterLimits.CACHED_MESSAGES_MAX || bytes > RouterLimits.CACHED_MAX_BYTES) {
            remove(oldest);
        }
    }

    private void remove(Iterator<Entry> oldest) {
        bytes -= oldest.next().message.data().length;
        oldest.remove();
    }

    /** The message, unless it is gone or the peer in that slot had it {@link RouterLimits#RETRANSMISSIONS_MAX} times. */
    @Nullable
    Message take(MessageId id, int slot) {
        Entry entry = entries.get(id);
        if (entry == null) {
            return null;
        }
        if (slot >= entry.sent.length) {
            entry.sent = Arrays.copyOf(entry.sent, slot + 8);
        }
        if (entry.sent[slot] >= RouterLimits.RETRANSMISSIONS_MAX) {
            return null;
        }
        entry.sent[slot]++;
        return entry.message;
    }

    /** The ids to gossip about, by topic. */
    Map<String, List<MessageId>> recent() {
        Map<String, List<MessageId>> recent = new LinkedHashMap<>();
        entries.forEach((id, entry) -> {
            if (heartbeat - entry.heartbeat < GossipSettings.HISTORY_GOSSIP_HEARTBEATS) {
                recent.computeIfAbsent(entry.message.topic(), t -> new ArrayList<>())
                        .add(id);
            }
        });
        return recent;
    }

    void heartbeat() {
        heartbeat++;
        Iterator<Entry> oldest = entries.values().iterator();
        int expired = 0;
        for (Entry entry : entries.values()) {
            if (heartbeat - entry.heartbeat < GossipSettings.HISTORY_HEARTBEATS) {
                break;
            }
            expired++;
        }
        for (int i = 0; i < expired; i++) {
            remove(oldest);
        }
    }

    int size() {
        return entries.size();
    }

    long bytesHeld() {
        long held = bytes + (long) entries.size() * ENTRY_BYTES;
        for (Entry entry : entries.values()) {
            held += entry.sent.length;
        }
        return held;
    }
}
