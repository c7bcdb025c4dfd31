// SPDX-License-Identifier: EPL-2.0
package org.althing.api.ledger;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;

/**
 * The entries and seals of one DAO. Append-only: nothing is ever changed or removed.
 *
 * <p>The store does not judge: it keeps canonical bytes by their hash, and the chain of seals by height. Signatures and rules are checked
 * before. Writes are grouped: a future completes when its bytes are on the disk, and a crash after that loses nothing. A future that fails
 * does so with an {@link AlthingException}; the store then takes no more writes (a disk that failed once cannot be trusted), but still reads.
 *
 * <p>Safe for use by many threads. Writes take effect for readers at once and in the order in which they were made, and become durable in
 * that order: when a vote is durable, so is every entry and seal that was given before it. A write waits while too many bytes are on
 * their way to the disk. The actions that hang on a future run one after the other on a thread of the store and must not wait for other writes.
 *
 * <p>Damage heals: an entry or a seal that was found damaged may be given again and is then as good as before.
 */
public interface DaoLedger {

    /** The largest entry, in bytes. */
    int ENTRY_SIZE_MAX_BYTES = Entry.EQUIVOCATION_SIZE_MAX_BYTES;
    /** Entries in one seal. */
    int SEAL_ENTRIES_MAX = 4096;
    /** The largest seal header, in bytes. */
    int HEADER_SIZE_MAX_BYTES = 4 * 1024;
    /** The largest vote, in bytes. */
    int VOTE_SIZE_MAX_BYTES = 64 * 1024;
    /** The largest seal certificate, in bytes. */
    int CERTIFICATE_SIZE_MAX_BYTES = 64 * 1024;

    Cid dao();

    /**
     * Keeps entries; those already present are skipped, unless they are known to be damaged. Each is pending until a seal names it or
     * {@link #drop} is called.
     *
     * @param entries complete signed entries, each at most {@link #ENTRY_SIZE_MAX_BYTES}
     * @throws IllegalArgumentException if one is larger; none is kept then
     * @return completes when all are durable
     */
    CompletableFuture<Void> add(List<byte[]> entries);

    /**
     * Keeps the next seal of the chain; its entries cease to be pending.
     *
     * @throws IllegalArgumentException if its height is not {@link #height()} + 1 nor that of a damaged seal, if one of its entries is not
     *     here, is named twice or is in another seal, or if it is larger than the limits above
     * @return completes when it is durable
     */
    CompletableFuture<Void> seal(Seal seal);

    /**
     * Marks a pending entry as one that can never be sealed: it stays readable, but is pending no more. Nothing changes if it is sealed or
     * dropped already.
     *
     * @throws IllegalArgumentException if it is not here
     */
    CompletableFuture<Void> drop(Cid entry);

    /** Whether an entry is here; one that is known to be damaged is not, so that it is fetched again. */
    boolean has(Cid entry);

    /**
     * The bytes of an entry, checked against its hash.
     *
     * @throws DamagedException if they are damaged on the disk
     */
    Optional<byte[]> entry(Cid entry) throws AlthingException;

    /** The height of the seal that holds this entry; empty if it is pending, dropped or unknown. */
    OptionalLong sealedAt(Cid entry);

    /** The pending entries, in order of arrival. While a seal is damaged, its entries may seem pending. */
    List<Cid> pending();

    /** Number of entries here: sealed, pending and dropped. */
    long entries();

    /** The height of the last seal, or -1 if there is none. */
    long height();

    /**
     * The seal at a height.
     *
     * @throws DamagedException if it is damaged on the disk
     */
    Optional<Seal> seal(long height) throws AlthingException;

    /** What {@link Ledger.Folder#dao} and later reads found damaged and what has not healed since. Such bytes are never served. */
    List<Damage> damage();

    /** Reads everything and checks every hash; returns all damage. Slow. */
    List<Damage> scrub() throws AlthingException;

    /**
     * The votes of the notary of this folder, in order.
     *
     * <p>They are kept twice, so that a power loss at any moment, or damage to one of the two files, loses none. A vote that was on its way
     * to the disk when the power failed is here afterwards or not.
     *
     * @throws DamagedException if both files are damaged, or votes are missing from both: what is left is not served, since a forgotten vote
     *     could be cast again, differently
     */
    List<byte[]> votes() throws AlthingException;

    /**
     * Keeps a vote (or another promise of the notary) before it may leave this process.
     *
     * @param vote at most {@link #VOTE_SIZE_MAX_BYTES}
     * @return completes when it is durable; fails with a {@link DamagedException} if the log is damaged
     * @throws IllegalArgumentException if it is larger
     */
    CompletableFuture<Void> vote(byte[] vote);

    /**
     * A final seal.
     *
     * @param height from 0, the seal of the charter
     * @param header the canonical header; its hash is the seal's name
     * @param entries the entries in sealed order, at most {@link #SEAL_ENTRIES_MAX}
     * @param certificate the canonical certificate that makes it final
     */
    record Seal(long height, byte[] header, List<Cid> entries, byte[] certificate) {
        public Seal {
            entries = List.copyOf(entries);
        }

        public Cid cid() {
            return Cid.hash(header);
        }
    }

    /**
     * Bytes that are not what was written.
     *
     * @param what the entry's CID or the seal's height, as far as it is known
     * @param file the file's name
     * @param offsetBytes where in the file
     * @param reason what is wrong
     */
    record Damage(String what, String file, long offsetBytes, String reason) {}
}
