// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.node.NodeSettings;
import org.althing.api.sync.Replica;
import org.althing.api.sync.Replica.Fork;
import org.althing.codec.MalformedException;

/**
 * The proofs of forks of one DAO that no seal has yet, on the disk: their number, and each as it is spread by gossip (docs/formats/gossip.cddl). At most
 * {@link Replica#FORKS_MAX}, each of at most two entries.
 */
final class ForkFile {

    private final Cid dao;
    private final SnapshotFile file;

    ForkFile(Path data, Cid dao) {
        this.dao = dao;
        this.file = new SnapshotFile(data.resolve(NodeSettings.FORKS_FOLDER).resolve(dao.toString()));
    }

    /**
     * What was written last, oldest first; signatures are not checked.
     *
     * @throws IOException if it cannot be read, or is not as it was written
     */
    List<GossipCodec.Halves> read() throws IOException {
        if (!file.exists()) {
            return List.of();
        }
        try (SnapshotFile.Reader items = file.open()) {
            byte[] count = items.get();
            if (count.length != 1 || count[0] < 0 || count[0] > Replica.FORKS_MAX) {
                throw new MalformedException(0, "no number of proofs up to " + Replica.FORKS_MAX);
            }
            List<GossipCodec.Halves> proofs = new ArrayList<>();
            for (int i = 0; i < count[0]; i++) {
                proofs.add(GossipCodec.decodeFork(items.get(), dao));
            }
            items.finish();
            return proofs;
        } catch (MalformedException e) {
            throw new IOException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Replaces what was there; on return it is durable. */
    void write(List<Fork> proofs) throws IOException {
        file.write(out -> {
            out.accept(new byte[] {(byte) proofs.size()});
            proofs.forEach(proof -> out.accept(GossipCodec.encode(proof)));
            return true;
        });
    }
}
