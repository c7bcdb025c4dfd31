// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that forgets: the contract of {@link Ledger} without a disk. What was written to a folder is there when it is opened again, as long
 * as this object lives; every write is durable at once, and nothing is ever damaged.
 */
public final class MemoryLedger implements Ledger {

    private final Map<Path, MemoryFolder> folders = new HashMap<>();

    @Override
    public synchronized Folder open(Path folder) throws AlthingException {
        Path path = folder.toAbsolutePath().normalize();
        MemoryFolder before = folders.get(path);
        if (before != null && before.isOpen()) {
            throw new AlthingException(
                    "this process holds the data folder " + path + "; stop it, or choose another folder with --data");
        }
        MemoryFolder opened = new MemoryFolder(before == null ? Map.of() : before.daos);
        folders.put(path, opened);
        return opened;
    }

    private static final class MemoryFolder implements Folder {

        private final Map<Cid, MemoryDao> daos = new HashMap<>();
        private boolean open = true;

        MemoryFolder(Map<Cid, MemoryDao> before) {
            before.forEach((cid, dao) -> daos.put(cid, new MemoryDao(dao)));
        }

        synchronized boolean isOpen() {
            return open;
        }

        @Override
        public synchronized List<Cid> daos() throws AlthingException {
            requireOpen();
            return List.copyOf(daos.keySet());
        }

        @Override
        public synchronized DaoLedger dao(Cid dao) throws AlthingException {
            requireOpen();
            return daos.computeIfAbsent(dao, MemoryDao::new);
        }

        @Override
        public List<DurableFile> durableFiles() throws AlthingException {
            throw new AlthingException("this ledger keeps no files; export the DAO instead");
        }

        private void requireOpen() throws AlthingException {
            if (!open) {
                throw new AlthingException("the data folder is closed");
            }
        }

        @Override
        public synchronized void close() {
            open = false;
            daos.values().forEach(MemoryDao::close);
        }
    }

    private static final class MemoryDao implements DaoLedger {

        private final Cid dao;
        private final Map<Cid, byte[]> entries = new LinkedHashMap<>();
        private final Set<Cid> pending = new LinkedHashSet<>();
        private final Map<Cid, Long> sealedAt = new HashMap<>();
        private final List<Seal> seals = new ArrayList<>();
        private final List<byte[]> votes = new ArrayList<>();
        private boolean closed;

        MemoryDao(Cid dao) {
            this.dao = dao;
        }

        MemoryDao(MemoryDao before) {
            this(before.dao);
            entries.putAll(before.entries);
            pending.addAll(before.pending);
            sealedAt.putAll(before.sealedAt);
            seals.addAll(before.seals);
            votes.addAll(before.votes);
        }

        @Override
        public Cid dao() {
            return dao;
        }

        @Override
        public synchronized CompletableFuture<Void> add(List<byte[]> added) {
            for (byte[] entry : added) {
                require(entry.length <= ENTRY_SIZE_MAX_BYTES, "an entry of " + entry.length + " bytes");
            }
            CompletableFuture<Void> refused = refused();
            if (refused != null) {
                return refused;
            }
            for (byte[] entry : added) {
                Cid cid = Cid.hash(entry);
                if (entries.putIfAbsent(cid, entry.clone()) == null) {
                    pending.add(cid);
                }
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public synchronized CompletableFuture<Void> seal(Seal seal) {
            require(
                    seal.header().length <= HEADER_SIZE_MAX_BYTES,
                    "a seal header of " + seal.header().length + " bytes");
            require(
                    seal.certificate().length <= CERTIFICATE_SIZE_MAX_BYTES,
                    "a certificate of " + seal.certificate().length + " bytes");
            require(
                    seal.entries().size() <= SEAL_ENTRIES_MAX,
                    "a seal of " + seal.entries().size() + " entries");
            require(
                    new HashSet<>(seal.entries()).size() == seal.entries().size(),
                    "seal " + seal.height() + " names an entry twice");
            CompletableFuture<Void> refused = refused();
            if (refused != null) {
                return refused;
            }
            require(seal.height() == seals.size(), "seal " + seal.height() + " does not follow " + (seals.size() - 1));
            for (Cid entry : seal.entries()) {
                require(
                        entries.containsKey(entry),
                        "seal " + seal.height() + " names " + entry + ", which is not here");
                require(!sealedAt.containsKey(entry), entry + " is in a seal already");
            }
            for (Cid entry : seal.entries()) {
                sealedAt.put(entry, seal.height());
                pending.remove(entry);
            }
            seals.add(copy(seal));
            return CompletableFuture.completedFuture(null);
        }

        private static Seal copy(Seal seal) {
            return new Seal(
                    seal.height(),
                    seal.header().clone(),
                    seal.entries(),
                    seal.certificate().clone());
        }

        @Override
        public synchronized CompletableFuture<Void> drop(Cid entry) {
            CompletableFuture<Void> refused = refused();
            if (refused != null) {
                return refused;
            }
            require(entries.containsKey(entry), entry + " is not here");
            pending.remove(entry);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public synchronized CompletableFuture<Void> vote(byte[] vote) {
            require(vote.length <= VOTE_SIZE_MAX_BYTES, "a vote of " + vote.length + " bytes");
            CompletableFuture<Void> refused = refused();
            if (refused != null) {
                return refused;
            }
            votes.add(vote.clone());
            return CompletableFuture.completedFuture(null);
        }

        private @Nullable CompletableFuture<Void> refused() {
            return closed
                    ? CompletableFuture.failedFuture(new AlthingException("the ledger of DAO " + dao + " is closed"))
                    : null;
        }

        private static void require(boolean holds, String message) {
            if (!holds) {
                throw new IllegalArgumentException(message);
            }
        }

        @Override
        public synchronized boolean has(Cid entry) {
            return entries.containsKey(entry);
        }

        @Override
        public synchronized Optional<byte[]> entry(Cid entry) {
            return Optional.ofNullable(entries.get(entry)).map(byte[]::clone);
        }

        @Override
        public synchronized OptionalLong sealedAt(Cid entry) {
            Long height = sealedAt.get(entry);
            return height == null ? OptionalLong.empty() : OptionalLong.of(height);
        }

        @Override
        public synchronized List<Cid> pending() {
            return List.copyOf(pending);
        }

        @Override
        public synchronized long entries() {
            return entries.size();
        }

        @Override
        public synchronized long height() {
            return seals.size() - 1L;
        }

        @Override
        public synchronized Optional<Seal> seal(long height) {
            return height < 0 || height >= seals.size() ? Optional.empty() : Optional.of(copy(seals.get((int) height)));
        }

        @Override
        public List<Damage> damage() {
            return List.of();
        }

        @Override
        public List<Damage> scrub() {
            return List.of();
        }

        @Override
        public synchronized List<byte[]> votes() {
            return votes.stream().map(byte[]::clone).toList();
        }

        synchronized void close() {
            closed = true;
        }
    }
}
