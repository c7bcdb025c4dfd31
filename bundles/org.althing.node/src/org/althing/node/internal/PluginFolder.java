// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.files.PrivateFiles;
import org.althing.api.node.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars of a node's plugins, and the record of those that were accepted. The record alone says what there is, and it is replaced at once:
 * a jar is durable before the record names it, and goes after the record has ceased to. A crash between two steps leaves a file that nobody
 * names, which the next start takes away. Not safe for use by many threads.
 */
final class PluginFolder {

    private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);

    private static final int FORMAT = 1;
    private static final int RECORD_SIZE_MAX_BYTES = 64 * 1024;
    private static final String JAR_SUFFIX = ".jar";
    private static final String PART_SUFFIX = ".part";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final Path record;
    private final ObjectMapper mapper = new ObjectMapper();

    /** What an operator has accepted. */
    record Accepted(String name, String version, String sha256) {}

    /** Makes the step durable or fails. */
    private interface Step {
        void run() throws IOException;
    }

    PluginFolder(Path data) {
        folder = data.resolve(Plugins.FOLDER);
        record = folder.resolve(Plugins.ACCEPTED_FILE);
    }

    /** What was accepted; nothing if there is no record. */
    List<Accepted> read() throws AlthingException {
        try {
            if (!Files.exists(record)) {
                return List.of();
            }
            if (Files.size(record) > RECORD_SIZE_MAX_BYTES) {
                throw new IOException("it has more than " + RECORD_SIZE_MAX_BYTES + " bytes");
            }
            JsonNode root = mapper.readTree(Files.readAllBytes(record));
            if (root.path("format").asInt() != FORMAT || !root.path("plugins").isArray()) {
                throw new IOException("it is not of format " + FORMAT);
            }
            List<Accepted> accepted = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonNode each : root.path("plugins")) {
                Accepted one = new Accepted(
                        each.path("name").asText(),
                        each.path("version").asText(),
                        each.path("sha256").asText());
                if (!SHA256.matcher(one.sha256()).matches() || !names.add(one.name())) {
                    throw new IOException("it names a plugin twice, or one without its SHA-256");
                }
                accepted.add(one);
            }
            if (accepted.size() > Plugins.COUNT_MAX) {
                throw new IOException("it names more than " + Plugins.COUNT_MAX + " plugins");
            }
            return accepted;
        } catch (IOException e) {
            throw new AlthingException(
                    "no plugin is started, since " + record + " cannot be read (" + firstLine(e)
                            + "); restore it, or delete it and add the plugins again, and restart the node",
                    e);
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Replaces the record; on return it is durable. */
    void write(Collection<Accepted> accepted) throws AlthingException {
        ObjectNode root = mapper.createObjectNode().put("format", FORMAT);
        ArrayNode plugins = root.putArray("plugins");
        for (Accepted one : accepted) {
            plugins.addObject()
                    .put("name", one.name())
                    .put("version", one.version())
                    .put("sha256", one.sha256());
        }
        durably(() -> replace(record, mapper.writeValueAsBytes(root)));
    }

    /** Keeps a jar; on return it is durable. */
    Path keep(byte[] jar, String sha256) throws AlthingException {
        Path file = jar(sha256);
        durably(() -> replace(file, jar));
        return file;
    }

    Path jar(String sha256) {
        return folder.resolve(sha256 + JAR_SUFFIX);
    }

    private void replace(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(folder);
        Path part = file.resolveSibling(file.getFileName() + PART_SUFFIX);
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.forceFolder(folder);
        PrivateFiles.forceFolder(folder.getParent());
    }

    private void durably(Step step) throws AlthingException {
        try {
            step.run();
        } catch (IOException e) {
            throw new AlthingException("cannot write to " + folder + " (" + e + "); make it writable", e);
        }
    }

    /** Reads a jar that is not kept yet. */
    PluginJar examine(byte[] jar) throws RefusedException, AlthingException {
        Path part;
        try {
            Files.createDirectories(folder);
            part = Files.createTempFile(folder, "examined", PART_SUFFIX);
        } catch (IOException e) {
            throw new AlthingException("cannot write to " + folder + " (" + e + "); make it writable", e);
        }
        try {
            durably(() -> Files.write(part, jar));
            return PluginJar.read(part);
        } finally {
            delete(part);
        }
    }

    /** The jar of an accepted plugin, if it is still what was accepted. */
    Path check(Accepted accepted) throws AlthingException {
        Path file = jar(accepted.sha256());
        String again = "; remove the plugin, and add it again from where it came";
        try {
            if (!Files.isRegularFile(file)) {
                throw new AlthingException("its file " + file + " is missing" + again);
            }
            // A file that has grown is not read to its end.
            String found = Files.size(file) > Plugins.JAR_SIZE_MAX_BYTES
                    ? "that of something larger"
                    : PluginJar.sha256(Files.readAllBytes(file));
            if (!found.equals(accepted.sha256())) {
                throw new AlthingException("its file " + file + " was changed: its SHA-256 is " + found + again);
            }
            return file;
        } catch (IOException e) {
            throw new AlthingException("its file " + file + " cannot be read (" + e + ")" + again, e);
        }
    }

    /** Takes away what a crash has left: files that the record does not name. */
    void clean(Collection<Accepted> accepted) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<Path> named = new HashSet<>();
        accepted.forEach(one -> named.add(jar(one.sha256())));
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, "*{" + JAR_SUFFIX + "," + PART_SUFFIX + "}")) {
            for (Path file : files) {
                if (!named.contains(file)) {
                    LOG.info("{} belongs to no accepted plugin and is deleted", file);
                    delete(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be listed: {}", folder, e.toString());
        }
    }

    void delete(String sha256) {
        delete(jar(sha256));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", file, e.toString()); // The next start tries again.
        }
    }
}
