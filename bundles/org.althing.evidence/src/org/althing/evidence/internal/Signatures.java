// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.codec.CborReader;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.GroupKeys;
import org.althing.codec.Tag;

/** Reads entries and checks their signatures, many at once over all cores. */
final class Signatures {

    /** Signatures that wait to be checked together. */
    private static final int BATCH_MAX = 1024;
    /** Bytes that wait with them. */
    private static final int BATCH_SIZE_MAX_BYTES = 8 << 20;

    private final Findings findings;
    private final Blocks blocks;
    private final Ed25519 ed25519;
    private final Executor executor;
    private final GroupKeys keys;
    private final List<Entry> waiting = new ArrayList<>();
    private final List<Ed25519.Item> items = new ArrayList<>();
    private int waitingSizeBytes;
    private long checked;

    /** An entry and where it is. */
    record Found(Entry entry, long spot) {}

    /** @param keys open what is enclosed, if the DAO is private */
    Signatures(Findings findings, Blocks blocks, Ed25519 ed25519, Executor executor, GroupKeys keys) {
        this.findings = findings;
        this.blocks = blocks;
        this.ed25519 = ed25519;
        this.executor = executor;
        this.keys = keys;
    }

    GroupKeys keys() {
        return keys;
    }

    Ed25519 ed25519() {
        return ed25519;
    }

    /** Takes the next block as an entry; its signature is checked by the next {@link #settle} at the latest. */
    Found take(Cid cid) {
        Blocks.Block block = blocks.next(cid);
        Entry entry = Blocks.decode(cid, "entry", block.bytes(), EntryCodec::decode);
        waiting.add(entry);
        items.add(new Ed25519.Item(Tag.ENTRY, entry.key(), payload(block.bytes()), entry.signature()));
        waitingSizeBytes += block.bytes().length;
        if (waiting.size() >= BATCH_MAX || waitingSizeBytes >= BATCH_SIZE_MAX_BYTES) {
            settle();
        }
        return new Found(keys.show(entry), block.spot());
    }

    /** Reads an entry again. */
    Entry again(Cid cid, long spot) {
        return keys.show(Blocks.decode(cid, "entry", blocks.again(cid, spot), EntryCodec::decode));
    }

    /** Checks all signatures that wait. */
    void settle() {
        boolean[] verdicts = ed25519.verifyAll(items, executor);
        for (int i = 0; i < verdicts.length; i++) {
            Entry entry = waiting.get(i);
            findings.check(
                    Check.SIGNATURE,
                    verdicts[i],
                    () -> "entry " + entry.cid() + ": the signature of " + entry.key() + " is bad");
        }
        checked += verdicts.length;
        waiting.clear();
        items.clear();
        waitingSizeBytes = 0;
    }

    void done() {
        settle();
        findings.done(ClaimKind.SIGNATURES, checked + " signatures checked");
    }

    private static byte[] payload(byte[] entry) {
        CborReader in = new CborReader(entry);
        in.readListExactly(2);
        return in.slice();
    }
}
