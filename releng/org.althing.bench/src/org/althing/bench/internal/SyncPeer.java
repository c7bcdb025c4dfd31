// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.ledger.Ledger;
import org.althing.api.net.Host;
import org.althing.api.sync.Replica;

/**
 * A peer that has all seals of some DAOs: the shipped host, the shipped entry sync, the shipped ledger on a copy of a node's folder. Told by
 * {@code {"do":"start","folder":..,"notary":..,"bytesPerSecondMax":..,"lies":..}}, it answers with its addresses; to
 * {@code {"do":"connections"}} with how many peers it has.
 */
final class SyncPeer implements PeerShell.Role, AutoCloseable {

    private final PeerShell shell;
    private final Host host;
    private Optional<Ledger.Folder> open = Optional.empty();

    SyncPeer(PeerShell shell) throws AlthingException {
        this.shell = shell;
        this.host = shell.service(Host.class);
    }

    @Override
    public JsonNode run(JsonNode command) throws AlthingException {
        return switch (command.path("do").asText()) {
            case "start" -> {
                Ledger.Folder folder = shell.service(Ledger.class)
                        .open(Path.of(command.path("folder").asText()));
                open = Optional.of(folder);
                PublicKey notary = PublicKey.parse(command.path("notary").asText());
                for (Cid dao : folder.daos()) {
                    shell.register(Replica.class, served(folder.dao(dao), notary, command));
                }
                yield PeerShell.addresses(host);
            }
            case "connections" ->
                JsonNodeFactory.instance.numberNode(host.peers().size());
            default -> throw new AlthingException("no such command: " + command);
        };
    }

    private static Replica served(DaoLedger ledger, PublicKey notary, JsonNode command) throws AlthingException {
        Cid head = ledger.seal(ledger.height())
                .map(Seal::cid)
                .orElseThrow(() -> new AlthingException("the benchmark's ledger has no seal"));
        DaoLedger served = new ServedLedger(
                ledger,
                command.path("bytesPerSecondMax").asLong(),
                command.path("lies").asBoolean());
        return new Served(served, new Replica.Tip(ledger.height(), Optional.of(head), List.of(notary)));
    }

    @Override
    public void close() throws AlthingException {
        if (open.isPresent()) {
            open.get().close();
        }
    }

    /** Gives, and takes nothing. */
    private record Served(DaoLedger ledger, Tip tip) implements Replica {

        @Override
        public Cid dao() {
            return ledger.dao();
        }

        @Override
        public Optional<List<PublicKey>> notaries(Cid set) {
            return Optional.of(tip.notaries());
        }

        @Override
        public List<Pending> pending() {
            return List.of();
        }

        @Override
        public List<Fork> forks() {
            return List.of();
        }

        @Override
        public CompletableFuture<SealAnswer> bringSeal(Seal seal, List<byte[]> entries) {
            return CompletableFuture.completedFuture(new SealAnswer.Refused("this peer only gives"));
        }

        @Override
        public CompletableFuture<List<EntryAnswer>> bringPending(List<byte[]> entries) {
            return CompletableFuture.completedFuture(entries.stream()
                    .<EntryAnswer>map(entry -> new EntryAnswer.Never("this peer only gives"))
                    .toList());
        }

        @Override
        public Observation observe(Observer observer) {
            return () -> {};
        }
    }
}
