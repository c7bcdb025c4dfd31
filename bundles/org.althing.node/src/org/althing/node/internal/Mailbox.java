// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.entry.Message;
import org.althing.api.files.FileMessages;
import org.althing.api.files.PrivateFiles;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.Timer;
import org.althing.api.sync.Membership;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.MessageCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages between members of one private DAO that this node keeps, a file each, for whomever they are, so that an addressee whose node was away gets
 * them when it is back. Safe for use by many threads.
 */
final class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final Cid dao;
    private final Path folder;
    private final Timer timer;
    private final Ed25519 signatures;
    private final Map<Cid, Kept> all = new LinkedHashMap<>();
    /** The same by the places in which they came. */
    private final NavigableMap<Long, Kept> byPlace = new TreeMap<>();

    private long nextPlace;
    private @Nullable Counted counted;

    private record Kept(long place, Message message, byte[] bytes) {}

    /**
     * What a message is judged by, made once for each state.
     *
     * @param readers with which members read
     * @param byAuthor how many of each member are kept
     */
    private record Counted(DaoState state, Set<ReadingKey> readers, Map<PublicKey, Integer> byAuthor) {}

    /** What became of a message. */
    sealed interface Outcome {

        /** It is durable, and was not known before. */
        record New() implements Outcome {}

        /** It was here. */
        record Known() implements Outcome {}

        /** A fault visible in the bytes. */
        record Bad(String reason) implements Outcome {}

        /** It depends on what is known here. */
        record Refused(String reason) implements Outcome {}
    }

    private Mailbox(Path folder, Cid dao, Timer timer, Ed25519 signatures) {
        this.dao = dao;
        this.folder = folder;
        this.timer = timer;
        this.signatures = signatures;
    }

    /** Opens the mailbox of a DAO; what is damaged or too old in it is left out. */
    static Mailbox open(Path data, Cid dao, Timer timer, Ed25519 signatures) throws AlthingException {
        Path folder = data.resolve(NodeSettings.MESSAGES_FOLDER).resolve(dao.toString());
        Mailbox mailbox = new Mailbox(folder, dao, timer, signatures);
        try {
            mailbox.load();
            return mailbox;
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot read " + folder + " (" + FileMessages.of(e) + "); check who may read it", e);
        }
    }

    private void load() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (all.size() < Limits.MESSAGES_MAX && Files.size(file) <= Message.SIZE_MAX_BYTES) {
                    load(file);
                }
            }
        }
        dropOld();
    }

    private void load(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            Message message = MessageCodec.decode(bytes);
            if (message.cid().toString().equals(file.getFileName().toString())) {
                add(message, bytes);
            }
        } catch (MalformedException e) {
            LOG.warn("{} is no message: {}", file, e.getMessage());
        }
    }

    /** Takes a message; if it is {@link Outcome.New}, it is durable on return. */
    Outcome take(byte[] bytes, DaoState state) throws AlthingException {
        Message message;
        try {
            message = MessageCodec.decode(bytes);
        } catch (MalformedException e) {
            return new Outcome.Bad("not a message: " + e.getMessage());
        }
        if (!message.dao().equals(dao)) {
            return new Outcome.Bad("it belongs to another DAO");
        }
        if (has(message.cid())) {
            return new Outcome.Known();
        }
        if (!MessageCodec.isSigned(message, signatures)) {
            return new Outcome.Bad("its signature is not by " + message.key());
        }
        return keep(message, bytes.clone(), state);
    }

    private synchronized boolean has(Cid message) {
        return all.containsKey(message);
    }

    private synchronized Outcome keep(Message message, byte[] bytes, DaoState state) throws AlthingException {
        if (all.containsKey(message.cid())) {
            return new Outcome.Known();
        }
        Optional<String> reason = refuse(message, state);
        if (reason.isPresent()) {
            return new Outcome.Refused(reason.get());
        }
        try {
            PrivateFiles.create(folder.resolve(message.cid().toString()), bytes);
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot write into " + folder + " (" + FileMessages.of(e) + "); check the disk", e);
        }
        add(message, bytes);
        author(message, state).ifPresent(author -> counted(state).byAuthor().merge(author, 1, Integer::sum));
        return new Outcome.New();
    }

    private void add(Message message, byte[] bytes) {
        Kept kept = new Kept(nextPlace++, message, bytes);
        all.put(message.cid(), kept);
        byPlace.put(kept.place(), kept);
    }

    private Optional<String> refuse(Message message, DaoState state) {
        dropOld();
        long now = timer.millis();
        if (message.timeMillis() + Message.KEPT_MILLIS <= now) {
            return Optional.of("it is older than nodes keep messages");
        }
        if (message.timeMillis() > now + Limits.MESSAGE_AHEAD_MAX_MILLIS) {
            return Optional.of(
                    "it claims a time more than an hour ahead; check the clock of the device that signed it");
        }
        Optional<PublicKey> author = author(message, state);
        if (author.isEmpty()) {
            return Optional.of("its author is no member");
        }
        Counted known = counted(state);
        if (!known.readers().contains(message.to())) {
            return Optional.of("its addressee is no member, or reads with another key by now");
        }
        if (all.size() >= Limits.MESSAGES_MAX) {
            return Optional.of("this node keeps " + Limits.MESSAGES_MAX + " messages of this DAO, and no more");
        }
        return known.byAuthor().getOrDefault(author.get(), 0) < Limits.MESSAGES_PER_MEMBER_MAX
                ? Optional.empty()
                : Optional.of("a member has at most " + Limits.MESSAGES_PER_MEMBER_MAX + " messages in a week");
    }

    private Counted counted(DaoState state) {
        Counted known = counted;
        if (known == null || known.state() != state) {
            Map<PublicKey, Integer> byAuthor = new HashMap<>();
            all.values()
                    .forEach(kept ->
                            author(kept.message(), state).ifPresent(author -> byAuthor.merge(author, 1, Integer::sum)));
            known = new Counted(state, readers(state), byAuthor);
            counted = known;
        }
        return known;
    }

    /** With which keys the members read who are so now. */
    static Set<ReadingKey> readers(DaoState state) {
        return state.members().stream()
                .filter(Member::active)
                .flatMap(member -> member.reader().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The member who has signed it, if it is one. */
    static Optional<PublicKey> author(Message message, DaoState state) {
        return state.key(message.key())
                .filter(key -> key.kind() == KeyState.Kind.DEVICE && key.status() == KeyState.Status.ACTIVE)
                .map(KeyState::owner)
                .filter(owner -> state.member(owner).filter(Member::active).isPresent());
    }

    private void dropOld() {
        long oldest = timer.millis() - Message.KEPT_MILLIS;
        all.values().removeIf(kept -> {
            boolean old = kept.message().timeMillis() <= oldest;
            if (old) {
                byPlace.remove(kept.place());
                counted = null;
                delete(kept.message().cid());
            }
            return old;
        });
    }

    private void delete(Cid message) {
        try {
            Files.deleteIfExists(folder.resolve(message.toString()));
        } catch (IOException e) {
            LOG.warn("message {} stays on the disk: {}", message, e.toString());
        }
    }

    /** As {@link Membership#mail}. */
    synchronized Membership.Mail mail(long from, int max) {
        dropOld();
        List<Kept> some =
                byPlace.tailMap(from, true).values().stream().limit(max).toList();
        return new Membership.Mail(
                some.isEmpty() ? from : some.getLast().place() + 1,
                some.stream().map(kept -> kept.message().cid()).toList());
    }

    /** The bytes of those of these messages that are here. */
    synchronized List<byte[]> bytes(List<Cid> names) {
        List<byte[]> found = new ArrayList<>();
        for (Cid name : names) {
            Kept kept = all.get(name);
            if (kept != null) {
                found.add(kept.bytes().clone());
            }
        }
        return found;
    }

    /** Those of these messages that are not here. */
    synchronized List<Cid> lacking(List<Cid> names) {
        return names.stream().filter(name -> !all.containsKey(name)).toList();
    }

    /** The messages for one reading key. */
    synchronized List<Message> messagesFor(ReadingKey reader) {
        dropOld();
        return all.values().stream()
                .map(Kept::message)
                .filter(message -> message.to().equals(reader))
                .toList();
    }
}
