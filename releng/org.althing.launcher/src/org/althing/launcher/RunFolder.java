package org.althing.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What start-up needs and all processes of a product share: the framework's resolved state, read-only once it is made, the
 * framework without its signature, and the class data archive. It belongs to one Java and one place of the product.
 *
 * @param home the product's folder
 */
record RunFolder(Path home, Path folder) {

    /** The one that the start script names. */
    static RunFolder ofProcess() {
        return new RunFolder(Path.of(System.getProperty("althing.home")), Path.of(System.getProperty("althing.run")));
    }

    Path configuration() {
        return folder.resolve("configuration");
    }

    Path framework() {
        return folder.resolve("framework.jar");
    }

    Path classes() {
        return folder.resolve("classes.jsa");
    }

    Path log() {
        return folder.resolve("prepare.log");
    }

    /** Says what the folder was made for; written last. */
    Path stamp() {
        return folder.resolve("stamp");
    }

    Path logging() {
        return home.resolve("logging.properties");
    }

    /** Options of the virtual machine for every command. */
    Path options() {
        return home.resolve("vm").resolve("common.options");
    }

    boolean isPrepared() {
        return Files.exists(stamp());
    }

    boolean isPreparedFor(String text) throws IOException {
        return isPrepared() && Files.readString(stamp()).strip().equals(text);
    }

    /** Deletes a folder with all that is in it, if it exists. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
