// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ReadingKey;
import org.althing.api.governance.DaoState;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Membership;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node has to do with one private DAO, or with one of which it is not known yet whether it is. */
final class DaoMembership implements Membership {

    private static final Logger LOG = LoggerFactory.getLogger(DaoMembership.class);

    private final DaoReplica replica;
    private final KeyRing ring;
    private final ReadingKeys own;
    private final Desk desk;
    private volatile @Nullable Readers readers;

    /** Made once for each state. */
    private record Readers(DaoState state, Set<ReadingKey> keys) {}

    DaoMembership(DaoReplica replica, KeyRing ring, ReadingKeys own, Desk desk) {
        this.replica = replica;
        this.ring = ring;
        this.own = own;
        this.desk = desk;
    }

    private List<Cid> named() {
        return replica.pipeline().map(pipeline -> pipeline.state().groupKeys()).orElse(List.of());
    }

    @Override
    public byte[] reader() {
        return own.open().toBytes();
    }

    @Override
    public byte[] agree(byte[] other) {
        return own.agree(other);
    }

    @Override
    public boolean isReader(byte[] reader) {
        return reader.length == KEY_SIZE_BYTES
                && replica.pipeline()
                        .map(pipeline -> readers(pipeline.state()).contains(ReadingKey.of(reader)))
                        .orElse(false);
    }

    @Override
    public List<byte[]> readers() {
        return replica.pipeline().stream()
                .flatMap(pipeline -> readers(pipeline.state()).stream())
                .map(ReadingKey::toBytes)
                .toList();
    }

    private Set<ReadingKey> readers(DaoState state) {
        Readers known = readers;
        if (known == null || known.state() != state) {
            known = new Readers(state, Mailbox.readers(state));
            readers = known;
        }
        return known.keys();
    }

    @Override
    public List<byte[]> groupKeys() {
        return named().stream().flatMap(name -> ring.keys().find(name).stream()).toList();
    }

    @Override
    public void bring(PeerId from, List<byte[]> keys) {
        try {
            ring.bring(from, keys, named());
        } catch (AlthingException | IllegalArgumentException e) {
            LOG.warn("DAO {}: group keys from a peer are not kept: {}", replica.dao(), e.getMessage());
            return;
        }
        replica.pipeline().ifPresent(Pipeline::keysCame);
    }

    @Override
    public Mail mail(long from, int max) {
        return replica.mailbox().map(mailbox -> mailbox.mail(from, max)).orElse(new Mail(from, List.of()));
    }

    @Override
    public List<byte[]> messages(List<Cid> names) {
        return replica.mailbox().map(mailbox -> mailbox.bytes(names)).orElse(List.of());
    }

    @Override
    public List<Cid> lackingMessages(List<Cid> names) {
        return replica.mailbox().map(mailbox -> mailbox.lacking(names)).orElse(List.of());
    }

    @Override
    public CompletionStage<Boolean> bringMessages(List<byte[]> messages) {
        return desk.verifier().later(() -> {
            boolean all = true;
            for (byte[] message : messages) {
                all &= take(message);
            }
            return all;
        });
    }

    private boolean take(byte[] message) {
        Optional<Mailbox> mailbox = replica.mailbox();
        Optional<Pipeline> pipeline = replica.pipeline();
        if (mailbox.isEmpty() || pipeline.isEmpty()) {
            return false;
        }
        try {
            return !(mailbox.get().take(message, pipeline.get().state()) instanceof Mailbox.Outcome.Refused);
        } catch (AlthingException e) {
            LOG.warn("DAO {}: a message from a peer is not kept: {}", replica.dao(), e.getMessage());
            return false;
        }
    }

    @Override
    public boolean lacksKeys() {
        return ring.lacksAny(named());
    }
}
