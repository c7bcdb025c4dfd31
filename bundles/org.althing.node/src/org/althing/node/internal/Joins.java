// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.Invite;
import org.althing.api.files.PrivateFiles;
import org.althing.api.net.Multiaddr;

/**
 * The DAOs that a node has joined, in a file of its folder: with whom it was told to connect, and which seal their chain must have. Safe for use by many
 * threads.
 */
final class Joins {

    static final String FILE = "joined.json";

    private static final int FORMAT = 1;
    private static final int FILE_SIZE_MAX_BYTES = 4 << 20;

    private final Path file;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<Cid, Join> all = new LinkedHashMap<>();

    /** A seal that a chain must have; of which the height may not be known. */
    record Pin(Cid seal, long height) {}

    /** A DAO that was joined. */
    record Join(Cid dao, Optional<Pin> pin, List<Multiaddr> peers) {

        Join {
            peers = List.copyOf(peers);
        }

        /**
         * What an invite says.
         *
         * @throws IllegalArgumentException if a part of it cannot be understood; the message says which
         */
        static Join of(Invite invite) {
            Optional<Pin> pin = invite.seal().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Pin(Cid.parse(invite.seal()), Math.max(-1, invite.height())));
            if (invite.peers().size() > Invite.PEERS_MAX) {
                throw new IllegalArgumentException("more than " + Invite.PEERS_MAX + " peers");
            }
            List<Multiaddr> peers = new ArrayList<>();
            for (String text : invite.peers()) {
                Multiaddr peer = Multiaddr.parse(text);
                if (peer.peer().isEmpty()) {
                    throw new IllegalArgumentException("peer " + text + " does not end in /p2p/ and a peer id");
                }
                peers.add(peer);
            }
            return new Join(Cid.parse(invite.dao()), pin, peers);
        }
    }

    private Joins(Path file) {
        this.file = file;
    }

    static Joins open(Path data) throws AlthingException {
        Joins joins = new Joins(data.resolve(FILE));
        try {
            if (Files.exists(joins.file)) {
                joins.read();
            }
            return joins;
        } catch (IOException | IllegalArgumentException e) {
            throw new AlthingException(
                    joins.file + " cannot be read (" + e.getMessage()
                            + "); restore it, or delete it and join the DAOs again",
                    e);
        }
    }

    private void read() throws IOException {
        if (Files.size(file) > FILE_SIZE_MAX_BYTES) {
            throw new IOException("it has more than " + FILE_SIZE_MAX_BYTES + " bytes");
        }
        JsonNode root = mapper.readTree(Files.readAllBytes(file));
        if (root.path("format").asInt() != FORMAT || !root.path("daos").isArray()) {
            throw new IOException("it is not of format " + FORMAT);
        }
        for (JsonNode each : root.path("daos")) {
            List<String> peers = new ArrayList<>();
            each.path("peers").forEach(peer -> peers.add(peer.asText()));
            Join join = Join.of(new Invite(
                    each.path("dao").asText(),
                    each.path("seal").asText(),
                    each.path("height").asLong(-1),
                    peers));
            all.put(join.dao(), join);
        }
    }

    synchronized List<Join> all() {
        return List.copyOf(all.values());
    }

    /** Keeps what an invite says beside what others said before; on return it is durable. */
    synchronized Join add(Join join) throws AlthingException {
        Join before = all.get(join.dao());
        Join merged = before == null ? join : merge(before, join);
        if (!merged.equals(before)) {
            all.put(join.dao(), merged);
            write();
        }
        return merged;
    }

    private static Join merge(Join before, Join join) {
        Set<Multiaddr> peers = new LinkedHashSet<>(join.peers());
        before.peers().stream()
                .takeWhile(peer -> peers.size() < Invite.PEERS_MAX)
                .forEach(peers::add);
        return new Join(join.dao(), join.pin().or(before::pin), List.copyOf(peers));
    }

    /** The seal was found where it must be: it need not be looked for again. */
    synchronized void pinned(Cid dao) throws AlthingException {
        Join join = all.get(dao);
        if (join != null && join.pin().isPresent()) {
            all.put(dao, new Join(dao, Optional.empty(), join.peers()));
            write();
        }
    }

    private void write() throws AlthingException {
        ObjectNode root = mapper.createObjectNode().put("format", FORMAT);
        ArrayNode daos = root.putArray("daos");
        for (Join join : all.values()) {
            ObjectNode each = daos.addObject().put("dao", join.dao().toString());
            join.pin().ifPresent(pin -> each.put("seal", pin.seal().toString()).put("height", pin.height()));
            ArrayNode peers = each.putArray("peers");
            join.peers().forEach(peer -> peers.add(peer.toString()));
        }
        try {
            PrivateFiles.replace(file, mapper.writeValueAsBytes(root));
        } catch (IOException e) {
            throw new AlthingException("cannot write " + file + " (" + e + "); make it writable", e);
        }
    }
}
