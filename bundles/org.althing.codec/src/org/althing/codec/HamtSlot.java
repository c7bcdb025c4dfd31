// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.Arrays;
import java.util.Comparator;
import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;

/** What stands in a place of a {@link HamtNode}. */
sealed interface HamtSlot permits HamtNode, HamtSlot.Bucket, HamtSlot.Link {

    /** How many entries lie here and below. */
    int size();

    /** A key and its value; the arrays are never changed nor handed out. */
    record Entry(byte[] key, byte[] value) {}

    /** A few entries in the order of their keys; the array is never changed. */
    record Bucket(Entry[] entries) implements HamtSlot {

        static final Comparator<Entry> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.key, b.key);

        @Override
        public int size() {
            return entries.length;
        }

        @Nullable
        Entry find(byte[] key) {
            for (Entry entry : entries) {
                if (Arrays.equals(entry.key, key)) {
                    return entry;
                }
            }
            return null;
        }

        /** This bucket and the entry, in place of any of its key; perhaps one entry more than a bucket may keep. */
        Bucket with(Entry entry) {
            Entry[] others = find(entry.key) == null ? entries : without(entry.key).entries;
            Entry[] all = Arrays.copyOf(others, others.length + 1);
            all[others.length] = entry;
            Arrays.sort(all, BY_KEY);
            return new Bucket(all);
        }

        Bucket without(byte[] key) {
            return new Bucket(Arrays.stream(entries)
                    .filter(entry -> !Arrays.equals(entry.key, key))
                    .toArray(Entry[]::new));
        }
    }

    /** A child that is known by its name only. */
    record Link(Cid cid) implements HamtSlot {
        @Override
        public int size() {
            return 0;
        }
    }
}
