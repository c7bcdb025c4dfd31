// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;

/** The group keys of a private DAO that somebody holds, and what they open. Immutable. */
public final class GroupKeys {

    /** Of a public DAO, or of somebody who holds none. */
    public static final GroupKeys NONE = new GroupKeys(Map.of());

    private final Map<Cid, byte[]> byName;

    private GroupKeys(Map<Cid, byte[]> byName) {
        this.byName = byName;
    }

    /** A group key that is needed is not held. A value that happens to unwind: no stack trace. */
    public static final class MissingKeyException extends Exception {
        private static final long serialVersionUID = 1L;

        private MissingKeyException(Cid name) {
            super("this node lacks group key " + name + " of the DAO", null, false, false);
        }
    }

    /** These keys, in this order. */
    public static GroupKeys of(List<byte[]> keys) {
        Map<Cid, byte[]> byName = new LinkedHashMap<>();
        keys.forEach(key -> byName.put(Enclosure.name(key), key.clone()));
        return new GroupKeys(byName);
    }

    public Optional<byte[]> find(Cid name) {
        return Optional.ofNullable(byName.get(name)).map(byte[]::clone);
    }

    public boolean has(Cid name) {
        return byName.containsKey(name);
    }

    /** In the order in which they were given. */
    public List<byte[]> all() {
        List<byte[]> all = new ArrayList<>();
        byName.values().forEach(key -> all.add(key.clone()));
        return all;
    }

    /** These keys and some more. */
    public GroupKeys with(List<byte[]> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<byte[]> all = all();
        all.addAll(more);
        return of(all);
    }

    /**
     * Opens an entry, as everybody who folds it must.
     *
     * @param named names of the group keys that the DAO has named by the seal before the entry
     * @param entry may be opened already
     * @return the entry with what is in it; as it was signed if it is in clear, or if it opens for nobody
     * @throws MissingKeyException if others can open it
     */
    public Entry open(Entry entry, List<Cid> named) throws MissingKeyException {
        if (!(entry.signedBody() instanceof Body.Enclosed enclosed)) {
            return entry;
        }
        if (!named.contains(enclosed.group())) {
            return entry.shut();
        }
        if (entry.enclosed() != null) {
            return entry;
        }
        byte[] key = byName.get(enclosed.group());
        if (key == null) {
            throw new MissingKeyException(enclosed.group());
        }
        return Enclosure.open(entry, key).orElse(entry);
    }

    /** As {@link #open} for each. */
    public List<Entry> openAll(List<Entry> entries, List<Cid> named) throws MissingKeyException {
        if (named.isEmpty()) {
            return entries;
        }
        List<Entry> opened = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            opened.add(open(entry, named));
        }
        return opened;
    }

    /** Opens an entry for showing it, whatever the DAO has named. */
    public Entry show(Entry entry) {
        return entry.body() instanceof Body.Enclosed enclosed
                ? find(enclosed.group())
                        .flatMap(key -> Enclosure.open(entry, key))
                        .orElse(entry)
                : entry;
    }

    /** How many there are; never the keys. */
    @Override
    public String toString() {
        return byName.size() + " group keys";
    }
}
