// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.files.PrivateFiles;
import org.althing.api.net.Multiaddr;
import org.althing.net.internal.ConnectionManager.Good;

/** The good peers of a data folder: a line each, the time in Unix milliseconds and the address. What cannot be read is passed over. */
final class GoodPeersFile {

    static final String FILE = "peers.txt";

    private static final int FILE_MAX_BYTES = 128 << 10;

    private final Path file;

    GoodPeersFile(Path folder) {
        this.file = folder.resolve(FILE);
    }

    List<Good> read() throws IOException {
        List<Good> good = new ArrayList<>();
        if (!Files.exists(file) || Files.size(file) > FILE_MAX_BYTES) {
            return good;
        }
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("\n")) {
            String[] words = line.split(" ");
            try {
                Multiaddr address = Multiaddr.parse(words[words.length - 1]);
                if (words.length == 2 && address.peer().isPresent() && good.size() < ConnectionManager.REMEMBERED_MAX) {
                    good.add(new Good(address, Math.max(0, Long.parseLong(words[0]))));
                }
            } catch (IllegalArgumentException e) {
                // Somebody edited it, or a newer version wrote it: the network is found in other ways too.
            }
        }
        return good;
    }

    void write(List<Good> good) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Good peer : good) {
            text.append(peer.atMillis()).append(' ').append(peer.address()).append('\n');
        }
        Path fresh = file.resolveSibling(FILE + ".next");
        Files.deleteIfExists(fresh);
        PrivateFiles.create(fresh, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
