// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

/**
 * What the frame at the end of a batch says, in the {@value Frame#NAME_BYTES} bytes of its name.
 *
 * <p>Bytes before a commit that cannot be read were written and lost: damage. Bytes behind the last commit that cannot be read were never
 * acknowledged: a torn write.
 *
 * @param nonce random; tells this history of the log from any other, such as a restored backup that has grown since
 * @param height of the last seal
 * @param entries entries up to here
 * @param votes votes that were durable before this batch was written: a vote log that holds fewer has lost some
 */
record Commit(long nonce, long height, long entries, long votes) {

    byte[] name() {
        byte[] name = new byte[Frame.NAME_BYTES];
        Frame.putLong(name, 0, nonce);
        Frame.putLong(name, 8, height);
        Frame.putLong(name, 16, entries);
        Frame.putLong(name, 24, votes);
        return name;
    }

    static Commit read(byte[] source, int nameAt) {
        return new Commit(
                Frame.getLong(source, nameAt),
                Frame.getLong(source, nameAt + 8),
                Frame.getLong(source, nameAt + 16),
                Frame.getLong(source, nameAt + 24));
    }
}
