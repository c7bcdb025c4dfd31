// SPDX-License-Identifier: EPL-2.0
package org.althing.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The archive for Linux, unpacked where an operator might: the folder has a space and a letter beyond ASCII in its name and is
 * read-only, the user is nobody, and of all commands there are only the few that every Unix has.
 */
class UnpackedTest {

    /** What the start script may use beside Java. */
    private static final List<String> TOOLS =
            List.of("bash", "cat", "cksum", "dirname", "env", "readlink", "sed", "tr");

    private static final String NOBODY = "65534";
    private static final long COMMAND_MINUTES_MAX = 5;
    private static final int ENDED_BY_SIGTERM = 143;

    private static Path folder;
    private static Path home;
    private static Path althing;

    @BeforeAll
    static void unpack() throws Exception {
        assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
        folder = Files.createTempDirectory("Ferju-félag ö ");
        home = Files.createDirectory(folder.resolve("home"));
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), find(tool));
        }
        Product product = new Product(Path.of(System.getProperty("althing.root")));
        Dist.make(product, folder.resolve("dist"), Instant.now());
        Path archive = folder.resolve("dist").resolve(Platform.LINUX_X86_64.archive(product.version()));
        run(new ProcessBuilder("tar", "-C", folder.toString(), "-xzf", archive.toString()));
        althing = folder.resolve("althing-" + product.version()).resolve("althing");
        run(new ProcessBuilder("chmod", "-R", "a-w", althing.getParent().toString()));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static Path find(String tool) {
        return List.of("/usr/bin", "/bin").stream()
                .map(place -> Path.of(place, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void remove() throws IOException {
        if (folder == null) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) {
                found.toFile().setWritable(true);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException e) throws IOException {
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void theDemoRunsAndItsEvidenceHolds() throws Exception {
        JsonNode demo = json(run(typed(
                "demo",
                "--once",
                "--json",
                "--voting",
                "15s",
                "--data",
                home.resolve("demo").toString())));
        assertThat(demo.path("verified").asBoolean()).isTrue();
        JsonNode report = json(run(typed(
                "verify",
                "--json",
                "--dao",
                demo.path("dao").asText(),
                demo.path("elections").get(0).path("evidence").asText())));
        assertThat(report.path("holds").asBoolean()).isTrue();
        assertThat(althing.resolveSibling("run")).doesNotExist();
    }

    @Test
    void aNodeServesBothDoorsAndLeavesNothingInTheTemporaryFolder() throws Exception {
        Path data = home.resolve("nóde");
        Path temporary = Files.createDirectory(home.resolve("tmp"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        ProcessBuilder typed = typed("--data", data.toString(), "node", "--json", "--http", "127.0.0.1:0");
        typed.environment().put("TMPDIR", temporary.toString());
        Process node = typed.start();
        try {
            BufferedReader lines = node.inputReader(StandardCharsets.UTF_8);
            JsonNode told = new ObjectMapper().readTree(lines.readLine());
            assertThat(Files.list(temporary).map(Product::name)).anyMatch(name -> name.startsWith("althing-node-"));
            JsonNode status = json(run(typed("status", "--json", "--data", data.toString())));
            assertThat(status.path("notary")).isEqualTo(told.path("notary"));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(told.path("http").asText()).resolve("/health"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            node.destroy();
        }
        assertThat(node.waitFor(COMMAND_MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
        assertThat(node.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(Files.list(temporary).map(Product::name)).noneMatch(name -> name.startsWith("althing-node-"));
    }

    @Test
    void whatIsTypedWrongHasTheExitCodeOfUsage() throws Exception {
        Process process = typed("vote").redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isEqualTo(2);
    }

    /** A command line, typed by somebody who may write to the home folder alone. */
    private static ProcessBuilder typed(String... words) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        }
        command.add(althing.toString());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("tools").toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private static String run(ProcessBuilder builder) throws Exception {
        Path errors = Files.createTempFile("althing-dist", ".err");
        try {
            Process process = builder.redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(COMMAND_MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as("%s%n%s%s", builder.command(), output, Files.readString(errors))
                    .isEqualTo(0);
            return output;
        } finally {
            Files.delete(errors);
        }
    }
}
