// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.althing.api.AlthingException;
import org.althing.api.files.PrivateFiles;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {

    private final Random random = new Random(5);

    @Test
    void theKeyStaysTheSameAndIsItsOwnersAlone(@TempDir Path folder, @TempDir Path other) throws Exception {
        HostKey made = HostKey.open(folder, Keys.ED25519, random::nextBytes);
        assertTrue(PrivateFiles.isPrivate(folder.resolve(HostKey.FILE)));
        assertEquals(
                made.peer(),
                HostKey.open(folder, Keys.ED25519, random::nextBytes).peer());
        assertNotEquals(
                made.peer(),
                HostKey.open(other, Keys.ED25519, random::nextBytes).peer());
    }

    @Test
    void aDamagedOrOpenKeyIsRefusedWithAWayOut(@TempDir Path folder) throws Exception {
        HostKey.open(folder, Keys.ED25519, random::nextBytes);
        Path file = folder.resolve(HostKey.FILE);
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(file, bad);
            AlthingException refused = assertThrows(
                    AlthingException.class, () -> HostKey.open(folder, Keys.ED25519, random::nextBytes), "byte " + i);
            assertTrue(refused.getMessage().contains("remove it"), refused.getMessage());
        }
        Files.write(file, good);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(assertThrows(AlthingException.class, () -> HostKey.open(folder, Keys.ED25519, random::nextBytes))
                .getMessage()
                .contains("chmod 600"));
    }

    @Test
    void goodPeersReadBackAndBadLinesArePassedOver(@TempDir Path folder) throws Exception {
        GoodPeersFile file = new GoodPeersFile(folder);
        assertEquals(List.of(), file.read());
        List<ConnectionManager.Good> good = new ArrayList<>();
        for (int i = 1; i < 5; i++) {
            Multiaddr address = Multiaddr.parse("/ip4/192.0.2." + i + "/tcp/4001");
            good.add(new ConnectionManager.Good(address.withPeer(Keys.host(i).peer()), i));
        }
        file.write(good);
        file.write(good);
        assertEquals(good, file.read());
        Path path = folder.resolve(GoodPeersFile.FILE);
        assertTrue(PrivateFiles.isPrivate(path));
        Files.writeString(
                path, "x\n5 /ip4/1.2.3.4/tcp/1\n\n" + Files.readString(path) + "99999999999999999999 /x\n1 2 3");
        assertEquals(good, file.read());
    }

    @Test
    void aHostComesBackToThePeersItHad(@TempDir Path folder, @TempDir Path second) throws Exception {
        try (TestHost other = new TestHost(second)) {
            try (TestHost before = new TestHost(folder)) {
                TestHost.get(before.host.dial(other.address()));
            }
            try (TestHost after = new TestHost(folder)) {
                TestHost.await(() -> after.host.peers().size() == 1);
            }
        }
    }

    @Test
    void aHostThatOthersDialledComesBackToThoseThatShareSomething(
            @TempDir Path folder, @TempDir Path second, @TempDir Path third, @TempDir Path fourth) throws Exception {
        List<Multiaddr> elsewhere = List.of(Multiaddr.parse("/ip4/127.0.0.2/tcp/4001"));
        try (TestHost other = new TestHost(second);
                TestHost stranger = new TestHost(third);
                TestHost liar = new TestHost(TestHost.settings(fourth, 10_000, 16, elsewhere))) {
            try (TestHost before = new TestHost(folder)) {
                TestHost.get(other.host.dial(before.address()));
                TestHost.get(stranger.host.dial(before.address()));
                TestHost.get(liar.host.dial(before.address()));
                TestHost.await(() -> before.host.peers().stream()
                                .filter(peer -> peer.identity().isPresent())
                                .count()
                        == 3);
                before.host.sharing(liar.host.self(), Host.Sharing.SEEN);
                before.host.sharing(other.host.self(), Host.Sharing.SEEN);
                // Killed, it could not write it when it stops.
                TestHost.await(() -> Files.exists(folder.resolve(GoodPeersFile.FILE)));
            }
            assertThat(new GoodPeersFile(folder).read())
                    .containsExactly(new ConnectionManager.Good(other.address(), 0));
            try (TestHost after = new TestHost(folder)) {
                TestHost.await(() -> after.host.peers().size() == 1);
            }
        }
    }

    @Test
    void aConfigurationThatIsWrongNamesItsProperty(@TempDir Path folder) {
        Settings good = TestHost.settings(folder);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Settings(
                                folder, good.listen(), List.of(), "a", 10, 11, 1, 1, List.of(), 1_000, 1_000))
                .getMessage();
        assertTrue(message.startsWith("inboundMax:"), message);
    }
}
