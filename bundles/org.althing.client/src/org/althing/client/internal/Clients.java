// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.LocalDoor;
import org.osgi.service.component.annotations.Component;

/** Finds the socket of a node in its data folder, or its API by its address. */
@Component
public final class Clients implements AssemblyClients {

    private static final long PATH_FILE_SIZE_MAX_BYTES = 4096;

    @Override
    public Connection connect(Path data) throws AlthingException {
        try {
            Path socket = socket(data);
            return new SocketAssembly(SocketChannel.open(UnixDomainSocketAddress.of(socket)), data);
        } catch (IOException | IllegalArgumentException e) {
            throw new AlthingException("no node serves " + data + "; start one with: althing node --data " + data, e);
        }
    }

    @Override
    public Connection connect(URI node, Optional<String> token) {
        return new HttpAssembly(node, token);
    }

    private static Path socket(Path data) throws IOException {
        Path elsewhere = data.resolve(LocalDoor.SOCKET_PATH_FILE);
        if (!Files.exists(elsewhere)) {
            return data.toAbsolutePath().resolve(LocalDoor.SOCKET_FILE);
        }
        if (Files.size(elsewhere) > PATH_FILE_SIZE_MAX_BYTES) {
            throw new IOException(elsewhere + " holds no path");
        }
        return Path.of(Files.readString(elsewhere).strip());
    }
}
