// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly.Submission;

/**
 * Hands in any number of entries through a door that takes so many at once.
 *
 * @param countMax entries of one part
 * @param sizeMaxBytes bytes of one part; an entry that is larger makes one alone
 */
record Parts(int countMax, long sizeMaxBytes) {

    private static final String PENDING = "pending";
    /** What frames an entry in a list of base64: quotes, comma, padding. */
    private static final int FRAME_BYTES = 4;

    /** Hands in one part. */
    interface Door {
        List<Submission> submit(List<byte[]> part, long waitMillis) throws AlthingException;
    }

    /** All parts in order; each entry is answered, in order. */
    List<Submission> submit(List<byte[]> entries, long waitMillis, Door door) throws AlthingException {
        List<List<byte[]>> parts = split(entries);
        boolean single = parts.size() == 1;
        List<List<Submission>> answers = new ArrayList<>();
        for (List<byte[]> part : parts) {
            answers.add(door.submit(part, single ? waitMillis : 0));
        }
        // All are on their way; only now is it worth waiting. A replay costs the node little.
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        for (int i = 0; i < parts.size() && !single; i++) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (leftMillis > 0
                    && answers.get(i).stream().anyMatch(answer -> answer.state().equals(PENDING))) {
                answers.set(i, merge(answers.get(i), door.submit(parts.get(i), leftMillis)));
            }
        }
        return answers.stream().flatMap(List::stream).toList();
    }

    private static List<Submission> merge(List<Submission> first, List<Submission> second) {
        List<Submission> merged = new ArrayList<>(first);
        for (int i = 0; i < merged.size(); i++) {
            if (merged.get(i).state().equals(PENDING)) {
                merged.set(i, second.get(i));
            }
        }
        return merged;
    }

    private List<List<byte[]>> split(List<byte[]> entries) {
        List<List<byte[]>> parts = new ArrayList<>();
        List<byte[]> part = new ArrayList<>();
        long sizeBytes = 0;
        for (byte[] entry : entries) {
            if (part.size() == countMax || !part.isEmpty() && sizeBytes + entry.length > sizeMaxBytes) {
                parts.add(part);
                part = new ArrayList<>();
                sizeBytes = 0;
            }
            part.add(entry);
            sizeBytes += entry.length + FRAME_BYTES;
        }
        parts.add(part);
        return parts;
    }
}
