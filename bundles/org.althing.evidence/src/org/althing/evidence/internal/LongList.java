// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.Arrays;
import java.util.Objects;

/** Numbers in a row, eight bytes each: there may be millions. */
final class LongList {

    private static final int CAPACITY_FIRST = 64;

    private long[] values = new long[CAPACITY_FIRST];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
        }
        values[size++] = value;
    }

    long get(int index) {
        return values[Objects.checkIndex(index, size)];
    }

    int size() {
        return size;
    }
}
