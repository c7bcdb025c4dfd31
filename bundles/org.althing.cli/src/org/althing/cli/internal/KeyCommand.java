// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.api.identity.Keystore;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.NodeSettings;
import org.althing.codec.Consent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code althing key ...}. */
@Command(name = "key", description = "Make, show, move and revoke your keys.", synopsisSubcommandLabel = "COMMAND")
final class KeyCommand extends CommandGroup {

    private static ObjectNode json(Keystore.Identity identity, Path file) {
        ObjectNode answer = Json.object()
                .put("name", identity.name())
                .put("root", identity.root().toString());
        answer.put("device", identity.device().toString())
                .put("createdMillis", identity.created().toEpochMilli());
        return answer.put("file", file.toString());
    }

    private static void print(Session session, Keystore.Identity identity, Path file) {
        session.line(session.terminal().style(Terminal.Style.BOLD, Words.clean(identity.name())));
        session.line("  root    " + identity.root());
        session.line("  device  " + identity.device());
        session.line("  file    " + file);
    }

    @Command(
            name = "new",
            description = {
                "Make an identity.",
                "A root key, which is you, and a device key, which signs for you on this machine."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  althing key new --name Asta", "  ALTHING_PASSPHRASE=... althing key new --json      unattended"
            })
    static final class New implements Callable<Integer> {

        private final Session session;

        @Option(names = "--name", paramLabel = "NAME", description = "Your name; default that of your account.")
        @Nullable
        String name;

        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "The passphrase; else $$ALTHING_PASSPHRASE, else you are asked.")
        @Nullable
        Path passphraseFile;

        New(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws Failure, AlthingException, IOException {
            Identities identities = new Identities(session);
            String chosen = name == null ? session.surroundings().user() : name;
            Path file = vacant(identities, chosen);
            char[] passphrase =
                    new Passphrases(session).fresh(passphraseFile, Passphrases.VARIABLE, "'" + chosen + "'");
            Keystore.Created created = identities.keystore().create(file, chosen, passphrase);
            Arrays.fill(passphrase, '\0');
            if (session.json()) {
                ObjectNode answer = json(created.identity(), file);
                session.print(answer.set("words", Json.of(created.words())));
            } else {
                print(session, created.identity(), file);
                session.line("The root key is you, for ever; the device key signs for you on this machine.");
                words(created.words());
            }
            return ExitCode.FINE.code();
        }

        private void words(List<String> words) {
            session.line("");
            session.line("Recovery phrase. Write it down on paper now: it is shown this once and kept");
            session.line("nowhere. Whoever has it is you; without it a lost passphrase is final.");
            session.line("");
            Table table = new Table(session.terminal(), ">", "", ">", "", ">", "", ">", "");
            int rows = (words.size() + 3) / 4;
            for (int row = 0; row < rows; row++) {
                String[] cells = new String[8];
                for (int column = 0; column < 4; column++) {
                    int at = column * rows + row;
                    cells[2 * column] = at < words.size() ? "" + (at + 1) : "";
                    cells[2 * column + 1] = at < words.size() ? words.get(at) : "";
                }
                table.row(cells);
            }
            table.print();
        }
    }

    private static Path vacant(Identities identities, String name) throws Failure {
        Path file = identities.file(name);
        if (Files.exists(file)) {
            throw Failure.usage(file + " exists already; choose another name with --name");
        }
        return file;
    }

    @Command(
            name = "show",
            description = "Show the public keys of your identities.",
            footerHeading = "%nExample:%n",
            footer = "  althing key show --json")
    static final class Show implements Callable<Integer> {

        private final Session session;

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws Failure, AlthingException, IOException {
            Identities identities = new Identities(session);
            ArrayNode all = Json.array();
            for (Path file : identities.list()) {
                Keystore.Identity identity = identities.keystore().inspect(file);
                all.add(json(identity, file));
                if (!session.json()) {
                    print(session, identity, file);
                }
            }
            if (session.json()) {
                session.print(Json.object().set("identities", all));
            } else if (all.isEmpty()) {
                session.line("No identity yet; make one with `althing key new`.");
            }
            return ExitCode.FINE.code();
        }
    }

    @Command(
            name = "export",
            description = {"Write a copy of your root key.", "Under a passphrase of its own, for another device."},
            footerHeading = "%nExample:%n",
            footer = {
                "  althing key export asta.backup",
                "",
                "Unattended, its passphrase comes from $ALTHING_EXPORT_PASSPHRASE."
            })
    static final class Export implements Callable<Integer> {

        private final Session session;

        @Mixin
        final SigningOptions signing = new SigningOptions();

        @Option(names = "--export-passphrase-file", paramLabel = "FILE", description = "The passphrase of the copy.")
        @Nullable
        Path exportPassphraseFile;

        @Parameters(paramLabel = "FILE", description = "Where to; must not exist.")
        Path target = Path.of("");

        Export(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws Failure, AlthingException, IOException {
            OutputFile.vacant(target);
            Identities identities = new Identities(session);
            Path file = identities.choose(signing.identity);
            Passphrases passphrases = new Passphrases(session);
            String name = Identities.name(file);
            char[] own = passphrases.existing(signing.passphraseFile, Passphrases.VARIABLE, "'" + name + "'");
            char[] copy = passphrases.fresh(exportPassphraseFile, Passphrases.EXPORT_VARIABLE, "the copy in " + target);
            identities.keystore().export(file, own, target.toAbsolutePath(), copy);
            if (session.json()) {
                session.print(Json.object()
                        .put("identity", name)
                        .put("file", target.toAbsolutePath().toString()));
            } else {
                session.line("Root key of '" + name + "' written to " + target);
                session.line("  read it elsewhere with `althing key import " + target.getFileName()
                        + "`; keep it as safe as the key itself");
            }
            return ExitCode.FINE.code();
        }
    }

    @Command(
            name = "import",
            description = {
                "Make your identity on this machine.",
                "From a copy, or from the recovery phrase; the device key is new."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  althing key import asta.backup",
                "  althing key import --words --name Asta            asks for the phrase",
                "  althing key import --words-file phrase.txt --name Asta",
                "",
                "Then make the new device known to your DAO with `althing key add`."
            })
    static final class Import implements Callable<Integer> {

        private static final int WORDS_FILE_SIZE_MAX_BYTES = 4 * 1024;

        private final Session session;

        @Parameters(paramLabel = "FILE", arity = "0..1", description = "What `althing key export` wrote.")
        @Nullable
        Path exported;

        @Option(names = "--words", description = "From the recovery phrase; you are asked for it.")
        boolean words;

        @Option(names = "--words-file", paramLabel = "FILE", description = "From the recovery phrase in this file.")
        @Nullable
        Path wordsFile;

        @Option(names = "--name", paramLabel = "NAME", description = "Your name, with a phrase, or for the file.")
        @Nullable
        String name;

        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "The new passphrase; else $$ALTHING_PASSPHRASE, else you are asked.")
        @Nullable
        Path passphraseFile;

        @Option(
                names = "--export-passphrase-file",
                paramLabel = "FILE",
                description = "The passphrase of the copy; else $$ALTHING_EXPORT_PASSPHRASE, else you are asked.")
        @Nullable
        Path exportPassphraseFile;

        Import(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws Failure, AlthingException, IOException {
            boolean phrase = words || wordsFile != null;
            if (phrase == (exported != null)) {
                throw Failure.usage(
                        "name the FILE of a copy, or use --words or --words-file; see `althing key import --help`");
            }
            Identities identities = new Identities(session);
            Keystore.Identity identity = exported != null ? copied(identities, exported) : restored(identities);
            Path file = identities.file(identity.name());
            if (session.json()) {
                session.print(json(identity, file));
            } else {
                print(session, identity, file);
                session.line("  make this device known to your DAO with `althing key add`");
            }
            return ExitCode.FINE.code();
        }

        private Keystore.Identity copied(Identities identities, Path source)
                throws Failure, AlthingException, IOException {
            String own = inspected(identities, InputFile.regular(source)).name();
            Passphrases passphrases = new Passphrases(session);
            String chosen = name != null ? name : own;
            Path file = vacant(identities, chosen);
            char[] opening = passphrases.existing(exportPassphraseFile, Passphrases.EXPORT_VARIABLE, source.toString());
            char[] fresh = passphrases.fresh(passphraseFile, Passphrases.VARIABLE, "'" + chosen + "'");
            return identities.keystore().importFrom(source, opening, file, fresh);
        }

        private static Keystore.Identity inspected(Identities identities, Path source) throws Failure {
            try {
                return identities.keystore().inspect(source);
            } catch (AlthingException e) {
                throw Failure.usage(String.valueOf(e.getMessage()));
            }
        }

        private Keystore.Identity restored(Identities identities) throws Failure, AlthingException, IOException {
            String chosen = name == null ? session.surroundings().user() : name;
            Path file = vacant(identities, chosen);
            List<String> phrase =
                    List.of(phrase().strip().toLowerCase(java.util.Locale.ROOT).split("\\s+"));
            char[] own = new Passphrases(session).fresh(passphraseFile, Passphrases.VARIABLE, "'" + chosen + "'");
            return identities.keystore().restore(file, chosen, phrase, own);
        }

        private String phrase() throws Failure, IOException {
            if (wordsFile == null) {
                return new String(session.terminal()
                        .prompt()
                        .secret("Recovery phrase")
                        .orElseThrow(() ->
                                Failure.usage("there is no terminal to ask for the phrase; use --words-file FILE")));
            }
            return InputFile.text(wordsFile, WORDS_FILE_SIZE_MAX_BYTES);
        }
    }

    @Command(
            name = "card",
            description = {
                "Print your member card.",
                "Public keys and proofs, for whoever proposes your admission. Nothing in it is secret."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  althing key card --dao bafyreic4xkz7mqpaw3... > asta.card",
                "  althing key card --founding Ferry --convener did:key:z6MkhaXg... > asta.card"
            })
    static final class Card implements Callable<Integer> {

        private final Session session;

        @Mixin
        final SigningOptions signing = new SigningOptions();

        @Option(names = "--dao", paramLabel = "CID", description = "The full CID of the DAO that you want to join.")
        @Nullable
        String dao;

        @Option(
                names = "--founding",
                paramLabel = "NAME",
                description = "For a DAO of this name that is still to be founded.")
        @Nullable
        String founding;

        @Option(
                names = "--convener",
                paramLabel = "KEY",
                description = "Root key of the member who will found it, did:key:z6Mk...")
        @Nullable
        String convener;

        @Option(
                names = "--private",
                description =
                        "For a private DAO: with the reading key of your running node, by which it reads the DAO.")
        boolean forPrivate;

        @Mixin
        final NodeOptions node = new NodeOptions();

        @Mixin
        final CardOutput output = new CardOutput();

        Card(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws Failure, AlthingException, IOException {
            Cid chosen = chosen();
            ObjectNode card;
            Optional<ReadingKey> reader = reader();
            try (Keystore.Unlocked identity = signing.unlock(session)) {
                card = MemberCard.of(identity, chosen, reader).json();
            }
            return output.hand(session, card, dao == null ? "dao create NAME --founder" : "propose TITLE --admit");
        }

        private Optional<ReadingKey> reader() throws Failure, AlthingException, IOException {
            if (!forPrivate) {
                return Optional.empty();
            }
            try (AssemblyClients.Connection assembly = session.connect(node)) {
                return Optional.of(ReadingKey.parse(assembly.readingKey()));
            }
        }

        private Cid chosen() throws Failure {
            boolean forFounding = founding != null && convener != null;
            if ((founding != null || convener != null) && !forFounding || forFounding == (dao != null)) {
                throw Failure.usage("say which DAO the card is for: --dao CID or, for one that is still to be founded,"
                        + " --founding NAME --convener KEY");
            }
            if (dao != null) {
                return parse(dao);
            }
            try {
                return Consent.founding(PublicKey.parse(convener), founding);
            } catch (IllegalArgumentException e) {
                throw Failure.usage("--convener: " + e.getMessage());
            }
        }
    }

    @Command(
            name = "notary",
            description = {
                "Print the notary card of this data folder's node.",
                "Its key and its consent to serve a DAO, for whoever proposes it. Nothing in it is secret."
            },
            footerHeading = "%nExample:%n",
            footer = "  althing key notary --dao bafyreic4xkz7mqpaw3... --out harbour.notary")
    static final class Notary implements Callable<Integer> {

        private final Session session;

        @Option(names = "--dao", paramLabel = "CID", required = true, description = "The full CID of the DAO to serve.")
        String dao = "";

        @Mixin
        final CardOutput output = new CardOutput();

        Notary(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws Failure, AlthingException, IOException {
            Cid chosen = parse(dao);
            Path file = session.data().resolve(NodeSettings.NOTARY_KEY_FILE);
            if (!Files.exists(file)) {
                throw Failure.usage(
                        "there is no notary key " + file + ": a node makes it when it first runs on its folder;"
                                + " start it once, or name its folder with --data");
            }
            Keystore keystore = session.services().require(Keystore.class, "the keystore");
            ObjectNode card = NotaryCard.of(keystore.notaryKey(file), chosen).json();
            return output.hand(session, card, "propose TITLE --set-notary");
        }
    }

    private static Cid parse(String text) throws Failure {
        try {
            return Cid.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--dao: '" + text + "' is no full CID: " + e.getMessage());
        }
    }

    @Command(
            name = "add",
            description = {"Make this device known to your DAO.", "Needed after `althing key import`."},
            footerHeading = "%nExample:%n",
            footer = "  althing key add")
    static final class Add extends EntryCommand {

        @Option(names = "--dao", paramLabel = "DAO", description = "Which DAO, if the node has several.")
        @Nullable
        String dao;

        Add(Session session) {
            super(session);
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
            String chosen = dao(assembly, dao);
            try (Keystore.Unlocked identity = signing.unlock(session)) {
                PublicKey device = identity.identity().device();
                Body body = new Body.KeyAdded(
                        device,
                        Consent.ofDevice(Cid.parse(chosen), identity.identity().root(), identity.device()));
                ObjectNode details = Json.object().put("dao", chosen).put("device", device.toString());
                return publish(assembly, chosen, identity.root(), body, "key change", details);
            }
        }
    }

    @Command(
            name = "reader",
            description = {
                "Say with which node you read a private DAO.",
                "Needed when your node is another than the one that you were admitted with."
                        + " The new node reads once this is sealed."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  althing key reader --show                         on the new node: its reading key",
                "  althing key reader --reader did:key:z6LSbysY2...  where a member's node serves the DAO",
                "  althing key reader                                this node, which serves the DAO already"
            })
    static final class Reader extends EntryCommand {

        @Option(names = "--dao", paramLabel = "DAO", description = "Which DAO, if the node has several.")
        @Nullable
        String dao;

        @Option(
                names = "--reader",
                paramLabel = "KEY",
                description = "The reading key of the node to read with, did:key:z6LS...; default: that of this node.")
        @Nullable
        String reader;

        @Option(names = "--show", description = "Print the reading key of this node, and change nothing.")
        boolean show;

        Reader(Session session) {
            super(session);
        }

        @Override
        void check() throws Failure {
            if (show && (reader != null || dao != null)) {
                throw Failure.usage("--show prints the reading key of this node; leave out --reader and --dao");
            }
            if (reader != null) {
                parse(reader);
            }
        }

        private static ReadingKey parse(String text) throws Failure {
            try {
                return ReadingKey.parse(text);
            } catch (IllegalArgumentException e) {
                throw Failure.usage("--reader: " + e.getMessage()
                        + "; the new node prints its own with `althing key reader --show`");
            }
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
            if (show) {
                String own = assembly.readingKey();
                if (session.json()) {
                    session.print(Json.object().put("reader", own));
                } else {
                    session.line(own);
                }
                return ExitCode.FINE.code();
            }
            String chosen = dao(assembly, dao);
            ReadingKey next = parse(reader == null ? assembly.readingKey() : reader);
            try (Keystore.Unlocked identity = signing.unlock(session)) {
                Body body = new Body.ReaderChanged(next);
                ObjectNode details = Json.object().put("dao", chosen).put("reader", next.toString());
                return publish(assembly, chosen, identity.root(), body, "reading key", details);
            }
        }
    }

    @Command(
            name = "revoke",
            description = {"Revoke a device key of yours.", "Say, of a lost machine. What it signed before stands."},
            footerHeading = "%nExample:%n",
            footer = "  althing key revoke did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
    static final class Revoke extends EntryCommand {

        @Parameters(
                paramLabel = "DEVICE",
                description = "The device key, did:key:z6Mk...; `althing dao show --json` lists yours.")
        String device = "";

        @Option(names = "--dao", paramLabel = "DAO", description = "Which DAO, if the node has several.")
        @Nullable
        String dao;

        Revoke(Session session) {
            super(session);
        }

        @Override
        void check() throws Failure {
            parse();
        }

        @Override
        int run(Assembly assembly) throws Failure, RefusedException, AlthingException, IOException {
            String chosen = dao(assembly, dao);
            try (Keystore.Unlocked identity = signing.unlock(session)) {
                ObjectNode details = Json.object().put("dao", chosen).put("device", device);
                return publish(assembly, chosen, identity.root(), new Body.KeyRevoked(parse()), "key change", details);
            }
        }

        private PublicKey parse() throws Failure {
            try {
                return PublicKey.parse(device);
            } catch (IllegalArgumentException e) {
                throw Failure.usage("DEVICE: '" + device + "' is no key: " + e.getMessage());
            }
        }
    }
}
