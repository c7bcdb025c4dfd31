package org.althing.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameworkAreaTest {

    private static final Instant LATER = Instant.now().plusSeconds(3600);

    @TempDir
    Path folder;

    private Path resolved;
    private Path temporary;

    @BeforeEach
    void resolve() throws IOException {
        resolved = folder.resolve("configuration");
        Files.createDirectories(resolved.resolve("org.eclipse.osgi/.manager"));
        Files.writeString(resolved.resolve("config.ini"), "osgi.bundles=");
        Files.writeString(resolved.resolve("org.eclipse.osgi/.manager/.fileTable"), "state");
        temporary = Files.createDirectory(folder.resolve("Ferju-fél ö"));
    }

    @Test
    void itIsACopyThatGoesWithItsProcess() throws Exception {
        try (FrameworkArea area = FrameworkArea.copyOf(resolved, temporary)) {
            assertThat(area.folder().resolve("config.ini")).hasContent("osgi.bundles=");
            assertThat(area.folder().resolve("org.eclipse.osgi/.manager/.fileTable"))
                    .hasContent("state");
        }
        assertThat(temporary).isEmptyDirectory();
        assertThat(resolved.resolve("config.ini")).exists();
    }

    @Test
    void whatAKilledProcessLeftIsSweptAway() throws Exception {
        Path left = abandoned("althing-node-1");
        Path own = Files.createDirectory(temporary.resolve("althing-node-own"));
        FrameworkArea.sweep(temporary, own, LATER);
        assertThat(left).doesNotExist();
        assertThat(own).exists();
    }

    @Test
    void whatALivingProcessHoldsStays() throws Exception {
        Path left = abandoned("althing-node-2");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        left.resolve("lock").toString())
                .start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('L');
            Path own = Files.createDirectory(temporary.resolve("althing-node-own"));
            FrameworkArea.sweep(temporary, own, LATER);
            assertThat(left.resolve("lock")).exists();
            holder.destroyForcibly().waitFor();
            FrameworkArea.sweep(temporary, own, LATER);
            assertThat(left).doesNotExist();
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void whatIsYoungOrNotOursStays() throws Exception {
        Path young = abandoned("althing-node-3");
        Path other = Files.createDirectory(temporary.resolve("something"));
        Path withoutLock = Files.createDirectory(temporary.resolve("althing-node-4"));
        FrameworkArea.copyOf(resolved, temporary).close();
        assertThat(young).exists();
        assertThat(other).exists();
        assertThat(withoutLock).exists();
    }

    private Path abandoned(String name) throws IOException {
        Path left = Files.createDirectory(temporary.resolve(name));
        Files.writeString(left.resolve("config.ini"), "");
        Files.createFile(left.resolve("lock"));
        return left;
    }

    /** Another process with a lock. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                channel.lock();
                System.out.write('L');
                System.out.flush();
                System.in.read();
            }
        }
    }
}
