// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.Plugins;
import org.althing.api.node.Plugins.Plugin;
import org.althing.api.node.RunningNode;
import org.althing.itest.cli.Typed;
import org.althing.itest.plugin.FewestVotes;
import org.althing.itest.plugin.SlowStart;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Bundles that an operator adds to a running node. */
@Timeout(120)
class PluginsTest {

    private static final int BACKUPS = 20;

    @TempDir
    Path temporary;

    private Path data() {
        return temporary.resolve("a data folder");
    }

    private Path folder() {
        return data().resolve(Plugins.FOLDER);
    }

    private static Plugin add(Community community, byte[] jar) throws Exception {
        return community.node().plugins().add(jar, PluginJars.sha256(jar));
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> filesOf(byte[]... jars) {
        return Stream.concat(Stream.of(jars).map(jar -> PluginJars.sha256(jar) + ".jar"), Stream.of("accepted.json"))
                .sorted()
                .toList();
    }

    private static void assertRuns(Community community, String version) throws Exception {
        assertThat(community.node().plugins().plugins()).singleElement().satisfies(plugin -> {
            assertThat(plugin.version()).isEqualTo(version);
            assertThat(plugin.state()).isEqualTo("running");
        });
        Bundle bundle = Providers.find(PluginJars.NAME).orElseThrow();
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(bundle.getVersion()).hasToString(version);
        assertThat(community.assembly().status().methods()).containsOnlyOnce(FewestVotes.ID);
        assertThat(community.problems()).isEmpty();
    }

    private static void assertDoesNotRun(Community community, String why) throws Exception {
        assertThat(community.assembly().status().methods()).doesNotContain(FewestVotes.ID);
        assertThat(Providers.find(PluginJars.NAME)).isEmpty();
        assertThat(community.problems())
                .singleElement()
                .asString()
                .contains(why)
                .doesNotContain("\n");
    }

    @Test
    void givenAVotingMethod_thenItIsAddedCountedWithRemovedAndAddedAgain() throws Exception {
        byte[] jar = PluginJars.method("1.0.0");
        try (Community community = Community.founded(
                        data(), 3, new TestRules().methods(FewestVotes.ID).build());
                AssemblyClients.Connection far =
                        Installed.service(AssemblyClients.class).connect(data())) {
            Plugin seen = far.plugins().inspect(jar);
            assertThat(seen)
                    .isEqualTo(new Plugin(
                            PluginJars.NAME,
                            "1.0.0",
                            List.of("org.althing.api.tally.VotingMethod"),
                            PluginJars.sha256(jar),
                            jar.length,
                            "new",
                            ""));
            assertThat(far.plugins().plugins()).isEmpty();
            assertThat(Providers.find(PluginJars.NAME)).isEmpty();
            assertThat(far.plugins().add(jar, seen.sha256()).state()).isEqualTo("running");
            assertRuns(community, "1.0.0");
            assertThat(files()).isEqualTo(filesOf(jar));

            Cid proposal = community.open(TestDao.question(FewestVotes.ID, 1, "A", "B"));
            for (int i = 0; i < 3; i++) {
                community.say(community.device(i), TestDao.ballot(proposal, 0, i == 0 ? 1 : 0));
            }
            assertThat(far.plugins().remove(PluginJars.NAME).sha256()).isEqualTo(seen.sha256());
            assertThat(far.plugins().plugins()).isEmpty();
            assertDoesNotRun(community, "voting method " + FewestVotes.ID + " version 1");
            assertThat(files()).containsExactly("accepted.json");
            assertThatThrownBy(() -> far.plugins().remove(PluginJars.NAME))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("no plugin " + PluginJars.NAME);

            far.plugins().add(jar, seen.sha256());
            assertThat(community.decided(proposal).tally().orElseThrow().winners())
                    .containsExactly("B");
        }
        assertThat(Providers.find(PluginJars.NAME)).isEmpty();
    }

    @Test
    void givenARestartOrAKill_thenWhatWasAcceptedIsStartedAgain() throws Exception {
        try (Community community = Community.founded(data(), 1)) {
            add(community, PluginJars.method("1.0.0"));
            community.restart();
            assertRuns(community, "1.0.0");
            community.kill(temporary.resolve("copy"));
            assertRuns(community, "1.0.0");
        }
    }

    @Test
    void givenABackup_thenThePluginIsInItAndRunsWhereItIsRestored() throws Exception {
        Path backup = temporary.resolve("backup");
        try (Community community = Community.founded(data(), 1)) {
            add(community, PluginJars.method("1.0.0"));
            Typed.type("backup", backup.toString(), "--data", data().toString()).fine();
        }
        Path restored = temporary.resolve("restored");
        assertThat(Typed.type("restore", backup.toString(), "--data", restored.toString())
                        .exit())
                .isZero();
        try (RunningNode node = Installed.service(NodeLauncher.class).start(NodeSettings.of(restored))) {
            assertThat(node.plugins().plugins())
                    .singleElement()
                    .extracting(Plugin::state)
                    .isEqualTo("running");
            assertThat(node.assembly().status().methods()).contains(FewestVotes.ID);
        }
    }

    @Test
    void givenBackupsWhileThePluginIsUpgraded_thenEachHoldsTheJarThatItNames() throws Exception {
        try (Community community = Community.founded(data(), 1)) {
            add(community, PluginJars.method("1.0.0"));
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Integer> upgrades = CompletableFuture.supplyAsync(() -> upgrade(community, stop));
            for (int i = 0; i < BACKUPS; i++) {
                Path backup = temporary.resolve("backup-" + i);
                Typed.type("backup", backup.toString(), "--data", data().toString())
                        .fine();
                try (ZipFile zip = new ZipFile(backup.toFile())) {
                    byte[] record = zip.getInputStream(zip.getEntry("plugins/" + Plugins.ACCEPTED_FILE))
                            .readAllBytes();
                    String sha256 = new ObjectMapper()
                            .readTree(record)
                            .findValue("sha256")
                            .textValue();
                    assertThat(zip.getEntry("plugins/" + sha256 + ".jar"))
                            .as("backup %s, jar %s", i, sha256)
                            .isNotNull();
                }
            }
            stop.set(true);
            assertThat(upgrades.join()).isGreaterThan(1);
        }
    }

    private static int upgrade(Community community, AtomicBoolean stop) {
        int done = 0;
        try {
            while (!stop.get()) {
                done++;
                add(community, PluginJars.method("1.0." + done));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return done;
    }

    /** The framework lets nobody uninstall a bundle that is being started; so the plugin's own thread does it. */
    @Test
    void givenAPluginThatIsTooSlowToStart_thenItIsRefusedAndUninstalledOnceItHasStarted() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        System.getProperties().put(SlowStart.GATE, gate);
        byte[] jar = PluginJars.slow("1.0.0");
        try (Community community = Community.founded(data(), 1)) {
            assertRefused(community, jar, "has not started within");
            assertThat(community.node().plugins().plugins()).isEmpty();
            assertHangs(community);
            assertThatThrownBy(() -> add(community, PluginJars.method("1.0.0")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("still hangs in its start or stop; restart the node");
            assertThat(community
                            .say(community.device(0), TestDao.question("single-choice", 1, "A", "B"))
                            .state())
                    .isEqualTo("sealed");
            gate.countDown();
            Community.await(() -> community.problems().isEmpty());
            assertThat(Providers.find(PluginJars.NAME)).isEmpty();
            add(community, PluginJars.method("1.0.0"));
            assertRuns(community, "1.0.0");
        } finally {
            gate.countDown();
            System.getProperties().remove(SlowStart.GATE);
        }
    }

    private static void assertHangs(Community community) throws Exception {
        assertThat(community.problems()).singleElement().asString().contains("hangs in its start or stop");
    }

    @Test
    void givenAHigherVersionThatIsTooSlowToStart_thenTheLowerGoesOnAtOnce() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        System.getProperties().put(SlowStart.GATE, gate);
        try (Community community = Community.founded(data(), 1)) {
            add(community, PluginJars.method("1.0.0"));
            assertThatThrownBy(() -> add(community, PluginJars.slow("2.0.0")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("has not started within")
                    .hasMessageContaining("version 1.0.0 stays");
            assertThat(community.assembly().status().methods()).containsOnlyOnce(FewestVotes.ID);
            assertHangs(community);
        } finally {
            gate.countDown();
            System.getProperties().remove(SlowStart.GATE);
        }
        Community.await(() -> Providers.find(PluginJars.NAME).isEmpty());
    }

    @Test
    void givenAPluginThatIsTooSlowToStop_thenOthersAreAddedAndRemovedAllTheSame() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        System.getProperties().put(SlowStart.STOP_GATE, gate);
        try (Community community = Community.founded(data(), 1)) {
            add(community, PluginJars.slow("1.0.0"));
            assertThatThrownBy(() -> add(community, PluginJars.method("2.0.0")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("version 1.0.0 has not stopped within");
            assertThat(community.problems())
                    .hasSize(2)
                    .anySatisfy(problem -> assertThat(problem).contains("restart the node, and add it again"))
                    .anySatisfy(problem -> assertThat(problem).contains("hangs in its start or stop"));
            assertThat(community.node().plugins().remove(PluginJars.NAME).version())
                    .isEqualTo("1.0.0");
            assertThat(files()).containsExactly("accepted.json");
            assertHangs(community);
            gate.countDown();
            Community.await(() -> community.problems().isEmpty());
            assertThat(Providers.find(PluginJars.NAME)).isEmpty();
            add(community, PluginJars.method("2.0.0"));
            assertRuns(community, "2.0.0");
        } finally {
            gate.countDown();
            System.getProperties().remove(SlowStart.STOP_GATE);
        }
    }

    @Test
    void givenAHigherVersion_thenItReplacesTheLower() throws Exception {
        byte[] two = PluginJars.method("2.0.0");
        try (Community community = Community.founded(data(), 1)) {
            add(community, PluginJars.method("1.0.0"));
            add(community, two);
            assertRuns(community, "2.0.0");
            assertThat(files()).isEqualTo(filesOf(two));
            assertThatThrownBy(() -> add(community, PluginJars.method("1.5.0")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("is here in version 2.0.0");
            assertThat(add(community, two).state()).isEqualTo("running");
            community.restart();
            assertRuns(community, "2.0.0");
        }
    }

    @Test
    void givenAHigherVersionThatDoesNotStart_thenTheLowerGoesOn() throws Exception {
        byte[] one = PluginJars.method("1.0.0");
        try (Community community = Community.founded(data(), 1)) {
            add(community, one);
            for (byte[] broken : List.of(PluginJars.hollow("2.0.0"), PluginJars.unresolvable("3.0.0"))) {
                assertThatThrownBy(() -> add(community, broken))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("version 1.0.0 stays")
                        .message()
                        .doesNotContain("\n");
                assertRuns(community, "1.0.0");
                assertThat(files()).isEqualTo(filesOf(one));
            }
            community.restart();
            assertRuns(community, "1.0.0");
        }
    }

    @Test
    void givenAJarThatIsNoGoodPlugin_thenItIsRefusedAndNothingIsLeft() throws Exception {
        try (Community community = Community.founded(data(), 1)) {
            assertRefused(community, new byte[] {1, 2, 3}, "no readable jar");
            assertRefused(community, Providers.jar(Map.of(), Map.of()), "no OSGi bundle");
            assertRefused(community, PluginJars.method("../x", "1", "", "X"), "Bundle-SymbolicName");
            assertRefused(community, PluginJars.method("x;singleton:=true", "1", "", "X"), "singleton");
            assertRefused(community, PluginJars.method("x", "one", "", "X"), "Bundle-Version");
            assertRefused(community, PluginJars.method("x", "1", "a b;;=", "X"), "cannot be installed");
            assertRefused(community, PluginJars.method("org.althing.tally", "9", "org.althing.api", "X"), "already");
            assertRefused(community, PluginJars.unresolvable("1.0.0"), "org.example.nowhere");
            assertRefused(community, PluginJars.hollow("1.0.0"), "cannot be made");
            assertRefused(
                    community,
                    Providers.jar(
                            PluginJars.headers("x", "1", "org.althing.api"),
                            Map.of("OSGI-INF/x.xml", new byte[] {'<'})),
                    "no XML");
            var inactive = PluginJars.headers("x", "1", "org.althing.api");
            inactive.put("Bundle-Activator", "org.example.Nowhere");
            assertRefused(community, Providers.jar(inactive, Map.of()), "it fails");
            var fragment = PluginJars.headers("x", "1", "org.althing.api");
            fragment.put("Fragment-Host", "org.althing.identity");
            assertRefused(community, Providers.jar(fragment, Map.of()), "fragment");
            assertRefused(community, new byte[Plugins.JAR_SIZE_MAX_BYTES + 1], "at most " + Plugins.JAR_SIZE_MAX_BYTES);
            byte[] fine = PluginJars.method("1.0.0");
            assertThatThrownBy(() -> community.node().plugins().add(fine, "0".repeat(64)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(PluginJars.sha256(fine));
            assertThat(community.node().plugins().plugins()).isEmpty();
            assertThat(community.problems()).isEmpty();
        }
    }

    @Test
    void givenAsManyPluginsAsANodeTakes_thenTheNextIsRefused() throws Exception {
        try (Community community = Community.gathered(data(), 1)) {
            for (int i = 0; i < Plugins.COUNT_MAX; i++) {
                add(community, Providers.jar(PluginJars.headers("test.p" + i, "1", "org.althing.api"), Map.of()));
            }
            assertThatThrownBy(() -> add(community, PluginJars.method("1.0.0")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("has " + Plugins.COUNT_MAX + " plugins");
            community.restart();
            assertThat(community.node().plugins().plugins())
                    .hasSize(Plugins.COUNT_MAX)
                    .allMatch(plugin -> plugin.state().equals("running"));
        }
    }

    private void assertRefused(Community community, byte[] jar, String why) throws Exception {
        assertThatThrownBy(() -> add(community, jar))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("\n");
        if (Files.exists(folder())) {
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void givenAJarThatWasChangedOnTheDisk_thenItIsNotStartedAndStatusSaysSo() throws Exception {
        byte[] jar = PluginJars.method("1.0.0");
        try (Community community = Community.founded(data(), 1)) {
            add(community, jar);
            community.node().close();
            Files.write(folder().resolve(PluginJars.sha256(jar) + ".jar"), PluginJars.method("1.0.1"));
            community.restart();
            assertDoesNotRun(community, "was changed");
            assertThat(community.node().plugins().plugins())
                    .extracting(Plugin::state)
                    .containsExactly("failed");
            // What was accepted may be added again.
            add(community, jar);
            assertRuns(community, "1.0.0");
            community.restart();
            assertRuns(community, "1.0.0");
        }
    }

    @Test
    void givenAJarThatIsMissing_thenTheNodeServesAndItCanBeRemoved() throws Exception {
        byte[] jar = PluginJars.method("1.0.0");
        try (Community community = Community.founded(data(), 1)) {
            add(community, jar);
            community.node().close();
            Files.delete(folder().resolve(PluginJars.sha256(jar) + ".jar"));
            community.restart();
            assertDoesNotRun(community, "is missing");
            assertThat(community
                            .say(community.device(0), TestDao.question("single-choice", 1, "A", "B"))
                            .state())
                    .isEqualTo("sealed");
            community.node().plugins().remove(PluginJars.NAME);
            assertThat(community.problems()).isEmpty();
        }
    }

    /** An upgrade writes the new jar's part, the new jar, the record's part, the record, and then deletes the older jar. */
    @Test
    void givenAKillBetweenAnyTwoStepsOfAnUpgrade_thenTheOldOrTheNewSetIsComplete() throws Exception {
        byte[] one = PluginJars.method("1.0.0");
        byte[] two = PluginJars.method("2.0.0");
        Path jarOne = folder().resolve(PluginJars.sha256(one) + ".jar");
        Path jarTwo = folder().resolve(PluginJars.sha256(two) + ".jar");
        Path record = folder().resolve(Plugins.ACCEPTED_FILE);
        try (Community community = Community.founded(data(), 1)) {
            add(community, one);
            byte[] recordOne = Files.readAllBytes(record);
            add(community, two);
            byte[] recordTwo = Files.readAllBytes(record);
            List<Map<Path, byte[]>> cuts = List.of(
                    Map.of(part(jarTwo), new byte[] {1}),
                    Map.of(part(jarTwo), two),
                    Map.of(jarTwo, two),
                    Map.of(jarTwo, two, part(record), new byte[] {1}),
                    Map.of(jarTwo, two, part(record), recordTwo));
            for (Map<Path, byte[]> cut : cuts) {
                community.node().close();
                deleteAll();
                Files.write(jarOne, one);
                Files.write(record, recordOne);
                for (Map.Entry<Path, byte[]> file : cut.entrySet()) {
                    Files.write(file.getKey(), file.getValue());
                }
                community.restart();
                assertRuns(community, "1.0.0");
                assertThat(jarTwo).doesNotExist();
                assertThat(part(jarTwo)).doesNotExist();
                add(community, two);
                assertRuns(community, "2.0.0");
            }
            community.node().close();
            Files.write(jarOne, one);
            community.restart();
            assertRuns(community, "2.0.0");
            assertThat(files()).isEqualTo(filesOf(two));
        }
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private void deleteAll() throws Exception {
        for (String file : files()) {
            Files.delete(folder().resolve(file));
        }
    }

    @Test
    void givenABrokenRecord_thenNoPluginIsStartedAndNothingIsOverwritten() throws Exception {
        byte[] jar = PluginJars.method("1.0.0");
        try (Community community = Community.founded(data(), 1)) {
            add(community, jar);
            byte[] good = Files.readAllBytes(folder().resolve(Plugins.ACCEPTED_FILE));
            for (String bad : List.of(
                    "",
                    "{",
                    "[]",
                    "{\"format\":2,\"plugins\":[]}",
                    "{\"format\":1,\"plugins\":[{\"name\":\"x\"," + "\"version\":\"1\",\"sha256\":\"../../x\"}]}")) {
                community.node().close();
                Files.writeString(folder().resolve(Plugins.ACCEPTED_FILE), bad);
                community.restart();
                assertDoesNotRun(community, "accepted.json cannot be read");
                assertThatThrownBy(() -> add(community, jar))
                        .isInstanceOf(AlthingException.class)
                        .hasMessageContaining("accepted.json");
            }
            community.node().close();
            Files.write(folder().resolve(Plugins.ACCEPTED_FILE), good);
            community.restart();
            assertRuns(community, "1.0.0");
        }
    }
}
