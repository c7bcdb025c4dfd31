// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import org.althing.api.entry.Message;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.seal.SealHeader;

/** The bounds of {@code /althing/sync/1} on the wire; see docs/formats/sync.cddl. */
final class SyncLimits {

    static final String PROTOCOL = "/althing/sync/1";

    /** A request, without the length in front. */
    static final int REQUEST_SIZE_MAX_BYTES = 80 * 1024;
    /** An answer, without the length in front. */
    static final int ANSWER_SIZE_MAX_BYTES = 1024 * 1024;
    /** What an answer carries: bytes of entries, headers with their certificates, or CIDs. One item may be more. */
    static final int CARGO_SIZE_MAX_BYTES = 512 * 1024;

    /** Requests of one stream that wait for an answer. */
    static final int REQUESTS_WAITING_MAX = 32;

    /** Seal headers in one answer. */
    static final int HEADERS_MAX = 256;
    /** Seal bodies in one answer. */
    static final int BODIES_MAX = 256;
    /** Entry CIDs in the bodies of one answer. */
    static final int BODY_CIDS_MAX = 2 * SealHeader.ENTRIES_MAX;
    /** Runs of entries, each of one seal, in one request. */
    static final int SLICES_MAX = 256;
    /** Entries asked for in one request, by their seals or by their CIDs. */
    static final int ENTRIES_MAX = 1024;
    /** A message of Negentropy. */
    static final int RECONCILE_SIZE_MAX_BYTES = 60 * 1024;
    /** Messages between members in one answer; each has at most 9 KiB. */
    static final int MESSAGES_MAX = 64;
    /** Names of messages in one answer. */
    static final int MESSAGE_NAMES_MAX = 1024;
    /** Proofs of forks in one answer. */
    static final int FORKS_MAX = 4;
    /** The words beside the code of a refusal. */
    static final int REASON_SIZE_MAX_BYTES = 256;

    static {
        int entriesMax = CARGO_SIZE_MAX_BYTES + DaoLedger.ENTRY_SIZE_MAX_BYTES;
        int headersMax = CARGO_SIZE_MAX_BYTES + DaoLedger.HEADER_SIZE_MAX_BYTES + DaoLedger.CERTIFICATE_SIZE_MAX_BYTES;
        if (Math.max(entriesMax, headersMax) + 16 * ENTRIES_MAX > ANSWER_SIZE_MAX_BYTES
                || (Message.SIZE_MAX_BYTES + 16) * MESSAGES_MAX > ANSWER_SIZE_MAX_BYTES
                || 41 * ENTRIES_MAX > REQUEST_SIZE_MAX_BYTES) {
            throw new ExceptionInInitializerError("the limits of the sync protocol contradict each other");
        }
    }

    private SyncLimits() {}
}
