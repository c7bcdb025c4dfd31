// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.Authoring;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;
import org.jspecify.annotations.Nullable;

/** Signs entries in this process and hands them to the node, or into a file for later. */
final class Author {

    private final Session session;
    private final Assembly assembly;
    private final SubmitOptions options;
    private final Path identity;
    private final OfflineChain offline;

    Author(Session session, Assembly assembly, SubmitOptions options, Path identity) {
        this.session = session;
        this.assembly = assembly;
        this.options = options;
        this.identity = identity;
        offline = new OfflineChain(identity);
    }

    /**
     * Signs the next entry of a key and hands it in, or writes it to the file that the options name.
     *
     * @param dao CID of the DAO
     * @param what the kind of entry, for messages
     */
    Published publish(String dao, Signer signer, Body body, String what)
            throws Failure, RefusedException, AlthingException, IOException {
        try (Turn turn = Turn.take(identity)) {
            return publishInTurn(dao, signer, body, what);
        }
    }

    private Published publishInTurn(String dao, Signer signer, Body body, String what)
            throws Failure, RefusedException, AlthingException, IOException {
        long waitMillis = options.waitMillis();
        Authoring authoring = assembly.authoring(dao, signer.key().toString());
        if (authoring.member().isEmpty()) {
            throw Failure.usage(
                    "your key " + signer.key() + " is not known to DAO " + Words.shortCid(dao)
                            + "; have a member propose your admission with the card that `althing key card` prints, or add this device with `althing key add`");
        }
        Optional<OfflineChain.Last> last = offline.last(authoring);
        if (options.offline != null) {
            return keep(authoring, last, signer, body, options.offline);
        }
        if (last.isPresent()) {
            throw Failure.usage("this key has signed entries that no node has seen, in "
                    + last.get().target() + "; hand them in first with `althing import`");
        }
        byte[] entry = sign(authoring, authoring.sequence(), authoring.previous(), signer, body);
        return new Published(accepted(assembly.submit(entry, waitMillis), what), null);
    }

    /** The answer of a node, unless it refused. */
    static Submission accepted(Submission submission, String what) throws Failure {
        if (submission.state().equals("refused")) {
            throw Failure.usage("the " + what + " was refused: " + submission.reason());
        }
        return submission;
    }

    private Published keep(Authoring authoring, Optional<OfflineChain.Last> last, Signer signer, Body body, Path target)
            throws Failure, RefusedException, AlthingException, IOException {
        long sequence = last.map(l -> l.sequence() + 1).orElse(authoring.sequence());
        byte[] entry = sign(
                authoring, sequence, last.map(OfflineChain.Last::entry).orElse(authoring.previous()), signer, body);
        String cid = Cid.hash(entry).toString();
        try (EntryFile.Target file = EntryFile.append(target)) {
            offline.remember(
                    authoring,
                    new OfflineChain.Last(
                            sequence, cid, target.toAbsolutePath().normalize().toString()));
            try {
                file.add(entry);
            } catch (IOException e) {
                offline.forget(authoring, last);
                throw OutputFile.unwritable(target, e);
            }
        }
        return new Published(new Submission(cid, "offline", "", -1), target);
    }

    /** What is said in a private DAO is enclosed here, so that who signs it sees it. */
    private EntryCodec.Draft enclosed(EntryCodec.Draft draft, String dao) throws RefusedException, AlthingException {
        List<byte[]> groupKeys = assembly.groupKeys(dao);
        if (groupKeys.isEmpty()) {
            return draft;
        }
        byte[] salt = new byte[Body.Enclosed.SALT_SIZE_BYTES];
        session.surroundings().random().nextBytes(salt);
        return Enclosure.enclose(draft, groupKeys.getLast(), salt);
    }

    private byte[] sign(Authoring authoring, long sequence, String previous, Signer signer, Body body)
            throws Failure, RefusedException, AlthingException {
        EntryCodec.Draft draft = new EntryCodec.Draft(
                Cid.parse(authoring.dao()),
                signer.key(),
                sequence,
                previous.isEmpty() ? null : Cid.parse(previous),
                Cid.parse(authoring.seen()),
                session.surroundings().clock().millis(),
                body);
        try {
            return EntryCodec.sign(enclosed(draft, authoring.dao()), signer);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What became of an entry.
     *
     * @param file where it waits to be handed in, if it does
     */
    record Published(Submission submission, @Nullable Path file) {

        /** Tells the user; the exit code is that of the command. */
        int report(Session session, String what, ObjectNode details) {
            ExitCode exit = submission.state().equals("void") ? ExitCode.NO : ExitCode.FINE;
            if (session.json()) {
                ObjectNode answer = details.put("entry", submission.entry()).put("state", submission.state());
                answer.put("reason", submission.reason()).put("height", submission.height());
                session.print(file == null ? answer : answer.put("file", file.toString()));
            } else {
                session.line(sentence(session.terminal(), what));
            }
            return exit.code();
        }

        private String sentence(Terminal terminal, String what) {
            String subject = Character.toUpperCase(what.charAt(0)) + what.substring(1) + " " + submission.entry();
            return switch (submission.state()) {
                case "sealed" ->
                    subject + "\n  " + terminal.style(Terminal.Style.GOOD, "sealed") + " at height "
                            + submission.height();
                case "void" ->
                    subject + "\n  " + terminal.style(Terminal.Style.BAD, "void") + ", sealed without effect: "
                            + Words.clean(submission.reason());
                case "offline" ->
                    subject + "\n  signed into " + file + "; hand it in with `althing import " + file + "`";
                default -> subject + "\n  pending: durable, not sealed yet";
            };
        }
    }
}
