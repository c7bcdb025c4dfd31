// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.net.PeerId;
import org.althing.api.node.NodeSettings;
import org.althing.codec.Enclosure;
import org.althing.codec.GroupKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group keys of one DAO that this node holds, in a file of its data folder; of a public DAO there is no file. Safe for use by many threads. */
final class KeyRing {

    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

    private final SecretFile file;
    private volatile GroupKeys keys;
    /** What peers gave last and the DAO has not named, or not yet: of each apart, so that nobody replaces what another gave. */
    private final Map<PeerId, GroupKeys> spare = new LinkedHashMap<>();

    private KeyRing(SecretFile file, GroupKeys keys) {
        this.file = file;
        this.keys = keys;
    }

    static KeyRing open(Path data, Cid dao) throws AlthingException {
        SecretFile file = new SecretFile(
                data.resolve(NodeSettings.GROUPS_FOLDER).resolve(dao + ".keys"),
                "althing-group-keys",
                Limits.GROUP_KEYS_KEPT_MAX);
        return new KeyRing(file, GroupKeys.of(file.read().orElse(List.of())));
    }

    GroupKeys keys() {
        return keys;
    }

    /** An entry of the ledger for showing it: what is enclosed is opened, if it can be. */
    Entry read(DaoLedger ledger, Cid entry) throws AlthingException {
        return keys.show(Replay.decode(ledger, entry));
    }

    /** A key of this node that the DAO has not named: one made earlier, else the one given; on return it is durable. */
    synchronized byte[] unnamed(List<Cid> named, Supplier<byte[]> fresh) throws AlthingException {
        Set<Cid> known = Set.copyOf(named);
        for (byte[] key : keys.all()) {
            if (!known.contains(Enclosure.name(key))) {
                return key;
            }
        }
        byte[] key = fresh.get();
        add(key);
        return key;
    }

    /** Keeps a key that this node has made or was handed by its own face; on return it is durable. */
    synchronized void add(byte[] key) throws AlthingException {
        keep(List.of(key));
    }

    /**
     * Takes keys that a peer gave. What the DAO has not named yet is kept in memory, until the peer gives others, or many peers have given some.
     *
     * @param named names of the group keys of the DAO
     */
    synchronized void bring(PeerId from, List<byte[]> given, List<Cid> named) throws AlthingException {
        spare.remove(from);
        if (spare.size() == Limits.GROUP_KEY_GIVERS_MAX) {
            spare.remove(spare.keySet().iterator().next());
        }
        spare.put(from, GroupKeys.of(given.subList(0, Math.min(given.size(), Body.GROUP_KEYS_MAX))));
        claim(named);
    }

    /**
     * Opens entries, as {@link GroupKeys#openAll}; what peers gave and the DAO has named since is made durable before.
     *
     * @throws GroupKeys.MissingKeyException if a key has not come yet, or cannot be kept
     */
    List<Entry> openAll(List<Entry> entries, List<Cid> named) throws GroupKeys.MissingKeyException {
        if (lacksAny(named)) {
            try {
                claim(named);
            } catch (AlthingException e) {
                // Peers give it again. What it opens is not at fault.
                LOG.warn("a group key that a peer gave is not kept: {}", e.getMessage());
            }
        }
        return keys.openAll(entries, named);
    }

    private synchronized void claim(List<Cid> named) throws AlthingException {
        List<byte[]> found = new ArrayList<>();
        for (Cid name : named) {
            if (!keys.has(name)) {
                spare.values().stream()
                        .flatMap(given -> given.find(name).stream())
                        .findFirst()
                        .ifPresent(found::add);
            }
        }
        keep(found);
    }

    private void keep(List<byte[]> more) throws AlthingException {
        GroupKeys next = keys.with(more);
        List<byte[]> all = next.all();
        if (all.size() > Limits.GROUP_KEYS_KEPT_MAX) {
            throw new AlthingException("this node holds " + Limits.GROUP_KEYS_KEPT_MAX
                    + " group keys of the DAO and keeps no more; move its file in " + NodeSettings.GROUPS_FOLDER
                    + " away and start the node again: other members' nodes give it those that are in use");
        }
        if (all.size() > keys.all().size()) {
            file.write(all);
            keys = next;
        }
    }

    /** Whether the key of one of these names is not here. */
    boolean lacksAny(List<Cid> named) {
        GroupKeys now = keys;
        return named.stream().anyMatch(name -> !now.has(name));
    }
}
