// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.althing.api.PublicKey;
import org.althing.api.assembly.Assembly;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.identity.Keystore;
import org.althing.api.node.AssemblyClients;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members type, from the command line to the signed entry. */
class MemberCommandsTest {

    private static final String PROPOSAL = FakeAssembly.PROPOSAL.toString().substring(0, 16);

    private static final String DAO = FakeAssembly.DAO.toString();

    @TempDir
    Path folder;

    private final FakeAssembly assembly = new FakeAssembly();
    private CommandRun run = new CommandRun(Path.of(""));

    @BeforeEach
    void makeIdentity() {
        run = new CommandRun(folder)
                .with(Keystore.class, new FakeKeystore())
                .with(TallyEngine.class, new FakeMethods())
                .with(AssemblyClients.class, (Nearby) data -> assembly);
        run.variables.put("ALTHING_PASSPHRASE", "correct horse");
        run.variables.put("ALTHING_HOME", folder.toString());
        assertThat(run.run("key", "new", "--name", "Asta").exit()).isZero();
    }

    @Test
    void aVoteIsSignedByTheDeviceKeyAndNamesTheProposal() {
        CommandRun.Printed printed = run.run("vote", PROPOSAL, "against");
        assertThat(printed.err()).isEmpty();
        assertThat(printed.exit()).isZero();
        assertThat(printed.out()).contains("sealed at height 4", "you chose: Against");
        Entry entry = assembly.entries.getFirst();
        assertThat(entry.body()).isEqualTo(new Body.Ballot(FakeAssembly.PROPOSAL, 0, new Choice.Single(1)));
        assertThat(entry.dao()).isEqualTo(FakeAssembly.DAO);
        assertThat(entry.seen()).isEqualTo(FakeAssembly.SEAL);
        assertThat(Ed25519.fastest()
                        .verify(
                                entry.key(),
                                org.althing.codec.EntryCodec.signedMessage(
                                        assembly.entry(entry.cid().toString())),
                                entry.signature()))
                .isTrue();
        assertThat(assembly.closed).isTrue();
    }

    @Test
    void votingAgainRaisesTheRevisionAndContinuesTheChain() {
        run.run("vote", PROPOSAL, "For");
        JsonNode second = run.run("vote", PROPOSAL, "--blank", "--json").json();
        assertThat(second.path("revision").asLong()).isEqualTo(1);
        assertThat(second.path("choice").asText()).isEqualTo("blank");
        assertThat(second.path("state").asText()).isEqualTo("sealed");
        assertThat(assembly.entries.get(1).sequence()).isEqualTo(1);
        assertThat(assembly.entries.get(1).previous())
                .isEqualTo(assembly.entries.get(0).cid());
    }

    @Test
    void badVotesAreOneLineAndNothingIsSubmitted() {
        refused("no option 'Maybe'; the options are 1 For, 2 Against, 3 Abstain", "vote", PROPOSAL, "Maybe");
        refused("no option '4'", "vote", PROPOSAL, "4");
        refused("no proposal begins with 'bafyunknown'", "vote", "bafyunknown", "For");
        assembly.method = "weighted";
        refused("'NaN' is no weight", "vote", PROPOSAL, "For=NaN");
        refused("'-1' is no weight", "vote", PROPOSAL, "For=-1");
        assembly.proposalStatus = "rejected";
        refused("is not open for votes: it is rejected", "vote", PROPOSAL, "For");
        assertThat(assembly.entries).isEmpty();
    }

    @Test
    void whoIsNoMemberIsToldHowToBecomeOne() {
        assembly.member = "";
        refused("is not known to DAO", "vote", PROPOSAL, "For");
    }

    @Test
    void aRefusalOfTheNodeIsBadInput() {
        assembly.refusal = "the proposal is closed";
        refused("the ballot was refused: the proposal is closed", "vote", PROPOSAL, "For");
    }

    @Test
    void anUninstalledMethodIsTheEnvironmentsFault() {
        assembly.method = "liquid:v2";
        CommandRun.Printed printed = run.run("vote", PROPOSAL, "For");
        assertThat(printed.exit()).isEqualTo(3);
        assertThat(printed.err())
                .contains("'liquid:v2', which the node does not have now")
                .hasLineCount(1);
    }

    /** The node has a plugin, of which this process has no bundle. */
    @Test
    void aMethodOfThePluginOfANodeMayBeUsedThere() {
        List<Assembly.MethodView> methods = new ArrayList<>(assembly.methods);
        methods.add(new Assembly.MethodView("liquid", 7, List.of("v2"), "ranking", "None."));
        assembly.methods = methods;
        assertThat(run.run("propose", "Colour", "--option", "Red", "--option", "Blue", "--method", "liquid:v2")
                        .exit())
                .isZero();
        Body.Proposal proposal = (Body.Proposal) assembly.entries.getFirst().body();
        assertThat(proposal.method()).isEqualTo("liquid:v2");
        assertThat(proposal.methodVersion()).isEqualTo(7);
        refused("liquid has no variant 'v3'; it has v2", "propose", "x", "--method", "liquid:v3");
        assertThat(run.run("propose", "Rules", "--set-rule", "methods=basic,liquid")
                        .exit())
                .isZero();
        assembly.method = "liquid:v2";
        assertThat(run.run("vote", PROPOSAL, "Against > For").exit()).isZero();
        assertThat(((Body.Ballot) assembly.entries.getLast().body()).choice())
                .isEqualTo(new Choice.Ranking(List.of(List.of(1), List.of(0))));
        assertThat(run.run("dao", "create", "Ferry", "--methods", "basic,liquid")
                        .exit())
                .isZero();
        assertThat(((Body.Charter) assembly.entries.getLast().body()).rules().methods())
                .containsExactly("basic", "liquid");
    }

    /** Who asks an old node must not sign what it cannot count. */
    @Test
    void aMethodThatTheNodeLacksIsRefusedThoughThisProcessHasIt() {
        assembly.methods = List.of();
        refused("no voting method 'basic'; there is none at the moment", "propose", "x");
    }

    @Test
    void offlineEntriesChainInTheirFileAndBarOthersUntilHandedIn() {
        String file = folder.resolve("ballots.entry").toString();
        assertThat(run.run("vote", PROPOSAL, "For", "--offline", file).out()).contains("signed into " + file);
        assertThat(run.run("comment", PROPOSAL, "well", "--offline", file, "--json")
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("offline");
        assertThat(assembly.entries).isEmpty();
        refused("signed entries that no node has seen, in " + file, "comment", PROPOSAL, "again");
        CommandRun.Printed imported = run.run("import", file);
        assertThat(imported.out()).isEqualTo("2 entries: 2 sealed, 0 pending, 0 without effect\n");
        assertThat(assembly.entries).extracting(Entry::sequence).containsExactly(0L, 1L);
        assertThat(assembly.entries.get(1).previous())
                .isEqualTo(assembly.entries.get(0).cid());
        assertThat(run.run("comment", PROPOSAL, "again").exit()).isZero();
        assertThat(assembly.entries.get(2).sequence()).isEqualTo(2);
    }

    @Test
    void whatCouldNotBeWrittenOfflineWasNotSigned() throws Exception {
        refused(folder + " is a folder", "vote", PROPOSAL, "For", "--offline", folder.toString());
        refused("is no folder; make it first", "vote", PROPOSAL, "For", "--offline", folder + "/no/x");
        refused("/dev/full is no regular file", "vote", PROPOSAL, "For", "--offline", "/dev/full");
        assertThat(run.run("vote", PROPOSAL, "For").exit()).isZero();
        assertThat(assembly.entries).extracting(Entry::sequence).containsExactly(0L);
    }

    @Test
    void aDamagedRecordOfWhatWasSignedOfflineStopsTheKey() throws Exception {
        Path record = folder.resolve("identity/asta.offline");
        run.run("vote", PROPOSAL, "For", "--offline", folder.resolve("o").toString());
        String good = Files.readString(record);
        for (String bad : List.of(
                good.replace("\"sequence\":0", "\"sequence\":0.5"),
                good.replace("\"sequence\":0", "\"sequence\":\"0\""),
                good.replace("sequence", "sequences"),
                good + good,
                "[]",
                "")) {
            Files.writeString(record, bad);
            refused("says what this key signed offline", 3, "vote", PROPOSAL, "For");
        }
        assertThat(assembly.entries).isEmpty();
    }

    @Test
    void anImportThatHasNoEffectExitsWith1AndRubbishWith2() throws Exception {
        String file = folder.resolve("ballots.entry").toString();
        run.run("vote", PROPOSAL, "For", "--offline", file);
        assembly.refusal = "not a member";
        CommandRun.Printed printed = run.run("import", file);
        assertThat(printed.exit()).isEqualTo(1);
        assertThat(printed.out()).contains("refused: not a member");
        Path rubbish = Files.write(folder.resolve("rubbish"), new byte[] {1, 2, 3});
        refused("holds no signed entries", "import", rubbish.toString());
        refused(folder + " is a folder; name a file", "import", folder.toString());
        refused("/dev/zero is no regular file", "import", "/dev/zero");
        refused("/dev/zero is larger than", "propose", "x", "--text-file", "/dev/zero");
        refused("/dev/zero is larger than", "key", "new", "--name", "Other", "--passphrase-file", "/dev/zero");
        refused("is empty", "import", Files.createFile(folder.resolve("empty")).toString());
        refused("does not exist", "import", folder.resolve("none").toString());
    }

    @Test
    void aMotionIsBasicAndAQuestionIsSingleChoice() {
        run.run("propose", "Buy the ferry", "--text", "Now.", "--voting", "3d", "--quorum", "0.5");
        Body.Proposal motion = (Body.Proposal) assembly.entries.getFirst().body();
        assertThat(motion.options()).containsExactly("For", "Against", "Abstain");
        assertThat(motion.method()).isEqualTo("basic");
        assertThat(motion.methodVersion()).isEqualTo(3);
        assertThat(motion.terms().votingMillis()).hasValue(3 * 24 * 3_600_000L);
        assertThat(motion.terms().quorum().orElseThrow()).hasToString("1/2");
        run.run("propose", "Colour", "--option", "Red", "--option", "Blue");
        assertThat(((Body.Proposal) assembly.entries.get(1).body()).method()).isEqualTo("single-choice");
        refused("no voting method 'dice'", "propose", "x", "--method", "dice");
        refused("basic takes exactly three options", "propose", "x", "--method", "basic", "--option", "A");
        refused("--seats: 2 is out of range; write 1 to 1", "propose", "x", "--option", "A", "--seats", "2");
        refused("a name is given twice", "propose", "x", "--option", "A", "--option", "A");
        refused("--voting: 'soon' is no span of time", "propose", "x", "--voting", "soon");
    }

    @Test
    void aCardProvesBothKeysAndBecomesAnAdmission() throws Exception {
        Path card = folder.resolve("asta.card");
        assertThat(run.run("key", "card", "--dao", FakeAssembly.DAO.toString(), "--out", card.toString())
                        .exit())
                .isZero();
        assertThat(run.run("propose", "Admit Asta", "--admit", card.toString(), "--votes", "2.5")
                        .err())
                .isEmpty();
        Body.Proposal proposal = (Body.Proposal) assembly.entries.getFirst().body();
        Action.Admit admit = (Action.Admit) proposal.actions().getFirst();
        assertThat(admit.name()).isEqualTo("Asta");
        assertThat(admit.power())
                .isEqualTo(Tally.VOTE.multiply(java.math.BigInteger.valueOf(5)).divide(java.math.BigInteger.TWO));
        Ed25519 signatures = Ed25519.fastest();
        assertThat(Consent.isByDevice(signatures, FakeAssembly.DAO, admit.root(), admit.device(), admit.deviceProof()))
                .isTrue();
        assertThat(Consent.isByMember(
                        signatures, FakeAssembly.DAO, admit.root(), admit.device(), admit.reader(), admit.rootProof()))
                .isTrue();
    }

    @Test
    void aReadingKeyIsToldFromOtherKeys() {
        refused(
                "--reader: not a reading key: these are written did:key:z6LS...; the new node prints its own with"
                        + " `althing key reader --show`",
                "key",
                "reader",
                "--reader",
                "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
        refused("leave out --reader and --dao", "key", "reader", "--show", "--dao", "x");
    }

    @Test
    void cardsOfOthersAreReadWithCare() throws Exception {
        Path card = folder.resolve("x.card");
        Files.writeString(card, "{\"card\":\"althing-member-card-1\",\"name\":\"X\",\"root\":\"did:key:zNonsense\"}");
        refused(card + ", line 1, field 'root': a key has", "propose", "x", "--admit", card.toString());
        Files.writeString(card, "not json");
        refused(
                card + ", line 1: this is not JSON; this is no member card",
                "propose",
                "x",
                "--admit",
                card.toString());
        Files.write(card, new byte[] {(byte) 0xff, (byte) 0xfe, '{'});
        refused("is not UTF-8 text", "propose", "x", "--admit", card.toString());
        Files.writeString(card, "{\"card\":\"althing-member-card-1\",\"name\":\"X\"} more");
        refused(card + ", line 1: this is not JSON", "propose", "x", "--admit", card.toString());
        Files.writeString(card, "{\"card\":\"althing-member-card-1\",\"colour\":\"X\"}");
        refused("field 'colour': there is no such field", "propose", "x", "--admit", card.toString());
        Files.writeString(card, "{\"card\":\"althing-member-card-1\",\"card\":\"althing-member-card-1\"}");
        refused("field 'card': it is there twice", "propose", "x", "--admit", card.toString());
        Files.writeString(card, "{\"card\":\"althing-member-card-1\",\"name\":\" \"}");
        refused("field 'name' is empty", "propose", "x", "--admit", card.toString());
        Path founding = folder.resolve("founding.card");
        String me = run.run("key", "show", "--json")
                .json()
                .path("identities")
                .path(0)
                .path("root")
                .asText();
        assertThat(run.run("key", "card", "--founding", "Ferry", "--convener", me, "--out", founding.toString())
                        .exit())
                .isZero();
        refused("is a card for another DAO", "dao", "create", "Bridge", "--founder", founding.toString());
        refused("say which DAO the card is for", "key", "card", "--founding", "Ferry");
        refused("--convener: ", "key", "card", "--founding", "Ferry", "--convener", "me");
        refused("is a card for another DAO", "propose", "x", "--admit", founding.toString());
        assertThat(assembly.entries).isEmpty();
    }

    @Test
    void aCardWhoseKeysDoNotConsentIsRefused() throws Exception {
        Path card = folder.resolve("asta.card");
        Path elsewhere = folder.resolve("elsewhere.card");
        run.run("key", "card", "--dao", FakeAssembly.DAO.toString(), "--out", card.toString());
        run.run("key", "card", "--dao", FakeAssembly.SEAL.toString(), "--out", elsewhere.toString());
        for (String field : List.of("deviceProof", "rootProof")) {
            ObjectNode bad = (ObjectNode) Json.parse(Files.readString(card));
            bad.set(field, Json.parse(Files.readString(elsewhere)).path(field));
            Path forged = Files.writeString(folder.resolve(field + ".card"), bad.toString());
            refused("field '" + field + "' is not by this", "propose", "x", "--admit", forged.toString());
        }
        assertThat(assembly.entries).isEmpty();
    }

    @Test
    void aDraftIsKeptAndProposedLater() throws Exception {
        Path draft = folder.resolve("ferry.draft");
        Path card = folder.resolve("asta.card");
        run.run("key", "card", "--dao", FakeAssembly.DAO.toString(), "--out", card.toString());
        CommandRun.Printed saved = run.run(
                "propose",
                "Buy the ferry",
                "--text",
                "Now.\nReally.",
                "--voting",
                "3d",
                "--admit",
                card.toString(),
                "--set-rule",
                "quorum=1/3",
                "--save",
                draft.toString());
        assertThat(saved.err()).isEmpty();
        assertThat(saved.out()).contains("propose --from " + draft);
        assertThat(assembly.entries).isEmpty();
        assertThat(Files.readString(draft)).startsWith("// A draft").contains("\"voting\" : \"3d\"");
        refused("exists already", "propose", "x", "--save", draft.toString());
        refused("is no folder; make it first", "propose", "x", "--save", folder + "/no/x");
        Files.writeString(
                draft,
                Files.readString(draft)
                        .replace(card.toString(), "asta.card")
                        .replace("\"set-rule\" : {\n    \"quorum\" : \"1/3\"\n  }", "\"seats\" : 1"));
        assertThat(run.run("propose", "--from", draft.toString(), "--voting", "5d")
                        .err())
                .isEmpty();
        Body.Proposal proposal = (Body.Proposal) assembly.entries.getFirst().body();
        assertThat(proposal.title()).isEqualTo("Buy the ferry");
        assertThat(proposal.text()).isEqualTo("Now.\nReally.");
        assertThat(proposal.terms().votingMillis()).hasValue(5 * 24 * 3_600_000L);
        assertThat(proposal.actions()).singleElement().isInstanceOf(Action.Admit.class);
        Path text = Files.writeString(folder.resolve("ferry.md"), "Later.");
        run.run("propose", "Buy a raft", "--from", draft.toString(), "--text-file", text.toString());
        proposal = (Body.Proposal) assembly.entries.get(1).body();
        assertThat(proposal.title()).isEqualTo("Buy a raft");
        assertThat(proposal.text()).isEqualTo("Later.");
    }

    @Test
    void badDraftsNameFileLineAndField() throws Exception {
        Path draft = folder.resolve("bad.draft");
        badDraft(draft, "{\n \"title\": \"x\",\n \"colour\": 1\n}", "line 3, field 'colour': there is no such field");
        badDraft(draft, "{\n \"title\": 7}", "line 2, field 'title': write a text");
        badDraft(draft, "{\"title\": \"x\",\n\"seats\": \"two\"}", "line 2, field 'seats': write a whole number");
        badDraft(draft, "{\"title\": \"x\",\n\"option\": \"A\"}", "line 2, field 'option': write a list");
        badDraft(draft, "{\"title\": \"x\",\n\"set-rule\": []}", "line 2, field 'set-rule': write an object");
        badDraft(draft, "{\"title\": \"x\", \"title\": \"y\"}", "field 'title': it is there twice");
        badDraft(draft, "{\n\n  oops", "line 3: this is not JSON");
        badDraft(draft, "[]", "bad.draft: it holds no JSON object");
        badDraft(draft, "", "bad.draft: it holds no JSON object");
        badDraft(draft, "{\"title\": \"x\",\n\"seats\": 1.9}", "line 2, field 'seats': write a whole number");
        badDraft(draft, "{\"title\": \"x\", \"seats\": 9223372036854775808}", "field 'seats': write a whole number");
        badDraft(draft, "{\"title\": \"x\", \"seats\": 2147483648}", "write a whole number from -2147483648");
        badDraft(draft, "{\"title\": \"x\", \"seats\": NaN}", "line 1: this is not JSON");
        badDraft(draft, "{\"title\": \"x\"}\n{}", "line 2: something follows the closing brace");
        badDraft(draft, "{\"title\": \"x\"} oops", "line 1: this is not JSON");
        badDraft(draft, "{\"title\": \"x\"", "line 1: this is not JSON");
        badDraft(draft, "{\"title\": \"\\ud800\"}", "field 'title': it holds half a character");
        badDraft(draft, "{\"text-file\": \"a\\u0000b\"}", "field 'text-file': 'a\uFFFDb' is no name of a file");
        badDraft(draft, "{\"set-notary\": [\"\\u0000\"]}", "field 'set-notary': '\uFFFD' is no name of a file");
        badDraft(draft, "{\"admit\": [\"\"]}", "field 'admit': the name of the file is empty");
        badDraft(draft, "{\"set-rule\": {\"quorum\": 1}}", "field 'set-rule', 'quorum': write a text");
        badDraft(draft, "{\n\"set-rule\": {\"a\": \"1\", \"a\": \"2\"}}", "line 2: a name is there twice");
        badDraft(draft, "[".repeat(2000), "bad.draft: it holds no JSON object");
        badDraft(draft, "{\"title\":" + "[".repeat(2000), "bad.draft: this is not JSON");
        badDraft(draft, "{}", "TITLE is empty");
        badDraft(draft, " ".repeat(256 * 1024 + 1), "is larger than 262144 bytes");
        refused("TITLE is missing", "propose");
        refused("does not exist", "propose", "--from", folder.resolve("none").toString());
        assertThat(assembly.entries).isEmpty();
    }

    private void badDraft(Path draft, String text, String message) throws Exception {
        Files.writeString(draft, text);
        refused(message, "propose", "--from", draft.toString());
    }

    @Test
    void theNotariesAreNamedByKeyAndByCard() throws Exception {
        assembly.notaries = List.of(assembly.member);
        assembly.notaryAddresses = Map.of(assembly.member, List.of("/ip4/192.0.2.1/tcp/4001"));
        Path card = folder.resolve("n.notary");
        refused("there is no notary key " + folder.resolve("notary.key"), "key", "notary", "--dao", DAO);
        assertThat(folder.resolve("notary.key")).doesNotExist();
        Files.createFile(folder.resolve("notary.key"));
        assertThat(run.run("key", "notary", "--dao", FakeAssembly.DAO.toString(), "--out", card.toString())
                        .out())
                .contains("--set-notary n.notary");
        assertThat(run.run("propose", "Two notaries", "--set-notary", assembly.member, "--set-notary", card.toString())
                        .err())
                .isEmpty();
        Body.Proposal proposal = (Body.Proposal) assembly.entries.getFirst().body();
        Action.SetNotaries set = (Action.SetNotaries) proposal.actions().getFirst();
        PublicKey joining = set.consents().firstKey();
        assertThat(set.notaries())
                .extracting(org.althing.api.governance.Notary::key)
                .containsExactlyInAnyOrder(PublicKey.parse(assembly.member), joining)
                .isSorted();
        assertThat(set.notaries())
                .filteredOn(notary -> !notary.key().equals(joining))
                .singleElement()
                .satisfies(staying -> assertThat(staying.addresses()).containsExactly("/ip4/192.0.2.1/tcp/4001"));
        assertThat(Consent.isByNotary(
                        Ed25519.fastest(),
                        FakeAssembly.DAO,
                        joining,
                        set.consents().get(joining)))
                .isTrue();
        refused("is no notary now", "propose", "x", "--set-notary", joining.toString());
        refused("is named twice", "propose", "x", "--set-notary", assembly.member, "--set-notary", assembly.member);
        refused("is no key", "propose", "x", "--set-notary", "did:key:nonsense");
        refused("does not exist", "propose", "x", "--set-notary", "nowhere");
        String text = Files.readString(card);
        Files.writeString(card, text.replace(FakeAssembly.DAO.toString(), FakeAssembly.SEAL.toString()));
        refused("field 'consent' is not by this notary", "propose", "x", "--set-notary", card.toString());
        Files.delete(card);
        run.run("key", "notary", "--dao", FakeAssembly.SEAL.toString(), "--out", card.toString());
        refused("is a card for another DAO", "propose", "x", "--set-notary", card.toString());
        refused("this is no member card", "propose", "x", "--admit", card.toString());
    }

    @Test
    void keysAreShownAndThePhraseOnce() {
        CommandRun.Printed made = run.run("key", "new", "--name", "Brynja");
        assertThat(made.out()).contains("Write it down", "sausage");
        JsonNode json = run.run("key", "new", "--name", "Ösp Karl", "--json").json();
        assertThat(json.path("words")).hasSize(12);
        assertThat(json.path("file").asText()).endsWith("identity/osp-karl.key");
        assertThat(run.run("key", "show").out()).contains("Asta", "Brynja").doesNotContain("sausage");
        assertThat(run.run("key", "show", "--json").json().path("identities")).hasSize(3);
        refused("exists already", "key", "new", "--name", "Asta");
        refused("choose one with --identity NAME", "vote", PROPOSAL, "For");
        assertThat(run.run("vote", PROPOSAL, "For", "--identity", "brynja").exit())
                .isZero();
    }

    @Test
    void passphrasesComeFromThePromptOrTheEnvironmentOrAFile() throws Exception {
        run.variables.remove("ALTHING_PASSPHRASE");
        refused("the passphrase of 'asta' is missing", "vote", PROPOSAL, "For");
        run.typed.add("wrong horse");
        refused("wrong passphrase", 3, "vote", PROPOSAL, "For");
        run.typed.add("correct horse");
        assertThat(run.run("vote", PROPOSAL, "For").exit()).isZero();
        Path file = Files.writeString(folder.resolve("pass"), "correct horse\n");
        assertThat(run.run("vote", PROPOSAL, "For", "--passphrase-file", file.toString())
                        .exit())
                .isZero();
        Files.writeString(file, "correct horse\ncorrect hose\n");
        refused("has several lines", "vote", PROPOSAL, "For", "--passphrase-file", file.toString());
        Files.write(file, new byte[] {(byte) 0xff, 'x'});
        refused(file + " is not UTF-8 text", "vote", PROPOSAL, "For", "--passphrase-file", file.toString());
        run.typed.addAll(List.of("correct horse", "correct hose"));
        refused("the two passphrases differ", "key", "new", "--name", "Brynja");
        run.typed.add("short");
        refused("8 to 1024 characters, not 5", "key", "new", "--name", "Brynja");
    }

    @Test
    void anExportedKeyIsImportedAndTheDeviceMadeKnown() {
        Path copy = folder.resolve("asta.backup");
        run.variables.put("ALTHING_EXPORT_PASSPHRASE", "battery staple");
        assertThat(run.run("key", "export", copy.toString()).exit()).isZero();
        assertThat(run.run("key", "import", copy.toString(), "--name", "laptop").exit())
                .isZero();
        refused("name the FILE of a copy", "key", "import");
        assertThat(run.run("key", "add", "--identity", "asta").err()).isEmpty();
        assertThat(assembly.entries.getFirst().body()).isInstanceOf(Body.KeyAdded.class);
        PublicKey device = ((Body.KeyAdded) assembly.entries.getFirst().body()).device();
        assertThat(run.run("key", "revoke", device.toString(), "--identity", "asta")
                        .exit())
                .isZero();
        assertThat(assembly.entries.get(1).body()).isEqualTo(new Body.KeyRevoked(device));
        refused("is no key", "key", "revoke", "nonsense");
    }

    @Test
    void aCharterNamesTheFounderTheNotaryAndTheRules() {
        JsonNode json = run.run(
                        "dao",
                        "create",
                        "Ferry",
                        "--voting",
                        "2d",
                        "--quorum",
                        "1/3",
                        "--role",
                        "member",
                        "--role",
                        "guardian",
                        "--json")
                .json();
        Entry entry = assembly.entries.getFirst();
        assertThat(json.path("dao").asText()).isEqualTo(entry.cid().toString());
        Body.Charter charter = (Body.Charter) entry.body();
        assertThat(charter.founders()).hasSize(1);
        assertThat(charter.founders().getFirst().root()).isEqualTo(entry.key());
        assertThat(charter.founders().getFirst().roles()).containsExactly("guardian", "member");
        assertThat(charter.notaries().getFirst().key()).hasToString(assembly.member);
        assertThat(charter.rules().votingMillis()).isEqualTo(2 * 24 * 3_600_000L);
        assertThat(charter.rules().quorum()).hasToString("1/3");
        refused("--voting: 10ms is out of range", "dao", "create", "x", "--voting", "10ms");
    }

    @Test
    void whatOthersWroteCannotSteerTheTerminal() {
        assembly.title = "Free\u001b[2J beer\u202e";
        for (String command : List.of("show", "proposals")) {
            String out = (command.equals("show") ? run.run(command, PROPOSAL) : run.run(command)).out();
            assertThat(out).contains("Free\uFFFD[2J beer\uFFFD").doesNotContain("\u001b", "\u202e");
        }
    }

    @Test
    void sponsoringWithdrawingAndVetoingNameTheProposal() {
        run.run("sponsor", PROPOSAL);
        run.run("withdraw", PROPOSAL);
        run.run("veto", PROPOSAL, "Breaks the lease");
        assertThat(assembly.entries)
                .extracting(Entry::body)
                .containsExactly(
                        new Body.Sponsorship(FakeAssembly.PROPOSAL),
                        new Body.Withdrawal(FakeAssembly.PROPOSAL),
                        new Body.Veto(FakeAssembly.PROPOSAL, "Breaks the lease"));
    }

    @Test
    void anExportDoesNotOverwrite() throws Exception {
        Path file = Files.createFile(folder.resolve("e.car"));
        refused("exists already", "export", PROPOSAL, file.toString());
        refused("is no folder", "export", PROPOSAL, folder.resolve("no/e.car").toString());
        refused(
                "is not decided yet but voting",
                "export",
                PROPOSAL,
                folder.resolve("f.car").toString());
        assembly.decidedAt = 9;
        JsonNode json = run.run("export", PROPOSAL, folder.resolve("f.car").toString(), "--json")
                .json();
        assertThat(json.path("file").asText()).isEqualTo(folder.resolve("f.car").toString());
    }

    @Test
    void whatIsOutOfRangeIsSaidBeforeAnythingIsSigned() {
        refused(
                "--wait: 9223372036854775807 is out of range",
                "vote",
                PROPOSAL,
                "For",
                "--wait",
                "9223372036854775807");
        refused("'2147483648' is no whole number from", "propose", "x", "--seats", "2147483648");
        refused("--seats: 0 is out of range; write 1 to 3", "propose", "x", "--seats", "0");
        refused("'basic:' names no variant", "propose", "x", "--method", "basic:");
        refused("--voting: 0s is out of range; write 1s to ten years", "propose", "x", "--voting", "0s");
        refused("--review: 999999999w is out of range; write 0s", "propose", "x", "--review", "999999999w");
        refused("--quorum: 1/9223372036854775808 is finer", "propose", "x", "--quorum", "1/9223372036854775808");
        refused("--threshold: nothing can exceed 1", "propose", "x", "--threshold", "1");
        refused("--set-notary: the name of the file is empty", "propose", "x", "--set-notary", "");
        refused("for option '--set-power'", "propose", "x", "--set-power", "me");
        refused("--set-rule methods: no voting method 'dice'", "propose", "x", "--set-rule", "methods=basic,dice");
        refused("the name is empty", "status", "--data", "");
        refused("--time-lock: 999999999w is out of range", "dao", "create", "x", "--time-lock", "999999999w");
        refused("--threshold: nothing can exceed 1", "dao", "create", "x", "--threshold", "1");
        refused("--methods: no voting method 'dice'", "dao", "create", "x", "--methods", "basic,dice");
        refused("--role: no role 'king'; write guardian or member", "dao", "create", "x", "--role", "king");
        refused(folder + " is a folder", "key", "import", folder.toString());
        assertThat(assembly.entries).isEmpty();
    }

    private void refused(String message, String... line) {
        refused(message, 2, line);
    }

    private void refused(String message, int exit, String... line) {
        CommandRun.Printed printed = run.run(line);
        assertThat(printed.err()).contains(message).hasLineCount(1);
        assertThat(printed.exit()).isEqualTo(exit);
    }
}
