// SPDX-License-Identifier: EPL-2.0
package org.althing.api.ledger;

import java.nio.file.Path;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;

/**
 * Opens the stores of a data folder. A provider of this service decides how bytes lie on the disk; whoever holds a {@link Folder} is the
 * only process that does.
 */
public interface Ledger {

    /**
     * Takes a data folder, creating it if it is absent.
     *
     * @throws AlthingException if another process holds it, it cannot be written, or its format is of another version; the message says
     *     which and what to do
     */
    Folder open(Path folder) throws AlthingException;

    /** A data folder held by this process. Safe for use by many threads. */
    interface Folder extends AutoCloseable {

        /** The DAOs that have a store here, in no particular order. */
        List<Cid> daos() throws AlthingException;

        /**
         * Opens the store of a DAO, creating an empty one if there is none. The same store is returned while it is open.
         *
         * @throws AlthingException if the disk fails
         */
        DaoLedger dao(Cid dao) throws AlthingException;

        /**
         * A cut through all that is durable now, for a backup: beginnings of files, whose bytes never change again, also not when the folder
         * is let go. A folder that holds copies of exactly these bytes opens with every write that was acknowledged before this call, and
         * no vote without what it was cast on. Writing goes on meanwhile.
         *
         * <p>{@link Ledger#open} refuses a copy that has stores but lacks the last file of this list.
         *
         * @throws DamagedException if the votes of a store are damaged: a copy could not tell which were cast
         * @throws AlthingException if the disk fails, or this provider keeps no files
         */
        List<DurableFile> durableFiles() throws AlthingException;

        /** Makes everything durable, then lets the folder go. Idempotent. */
        @Override
        void close() throws AlthingException;
    }

    /**
     * The beginning of a file.
     *
     * @param path in the data folder, its parts separated by {@code /}
     * @param sizeBytes how much of it
     */
    record DurableFile(String path, long sizeBytes) {}
}
