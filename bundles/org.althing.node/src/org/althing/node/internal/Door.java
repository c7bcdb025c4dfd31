// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;
import org.althing.api.node.Lines;
import org.althing.api.node.LocalDoor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket where other processes of the same user reach the assembly. One thread a connection, at most {@link LocalDoor#CONNECTIONS_MAX}.
 *
 * <p>Whoever opens a door holds the data folder, so a socket that lies there is a dead node's and is replaced.
 */
final class Door implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path data;
    private final Path socket;
    private final ServerSocketChannel server;
    private final JsonRpc rpc;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("althing-door-", 0).factory());
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("althing-door-watchdog").factory());

    private Door(Path data, Path socket, ServerSocketChannel server, JsonRpc rpc) {
        this.data = data;
        this.socket = socket;
        this.server = server;
        this.rpc = rpc;
    }

    /**
     * Opens the door of a node.
     *
     * @throws AlthingException if no socket can be made; the message says what to do
     */
    static Door open(Path data, JsonRpc rpc) throws AlthingException {
        Path wanted = data.resolve(LocalDoor.SOCKET_FILE);
        try {
            Path socket = fits(hidden(wanted)) ? wanted : elsewhere();
            if (!fits(hidden(socket))) {
                throw new AlthingException(
                        "the path " + socket + " is too long for a socket (" + LocalDoor.SOCKET_PATH_MAX_BYTES
                                + " bytes); choose a shorter folder with --data, or a shorter java.io.tmpdir");
            }
            Files.deleteIfExists(wanted);
            Files.deleteIfExists(data.resolve(LocalDoor.SOCKET_PATH_FILE));
            ServerSocketChannel server = bind(socket);
            if (!socket.equals(wanted)) {
                Files.writeString(data.resolve(LocalDoor.SOCKET_PATH_FILE), socket.toString());
            }
            Door door = new Door(data, socket, server, rpc);
            door.threads.execute(door::accept);
            return door;
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot open the socket " + wanted + " (" + e + "); make the folder writable for this user", e);
        }
    }

    private static boolean fits(Path socket) {
        return socket.toString().getBytes(StandardCharsets.UTF_8).length <= LocalDoor.SOCKET_PATH_MAX_BYTES;
    }

    /** A folder of our own where paths are short. */
    private static Path elsewhere() throws IOException {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Path folder = runtime != null && Files.isWritable(Path.of(runtime))
                ? Files.createTempDirectory(Path.of(runtime), "althing-")
                : Files.createTempDirectory("althing-");
        return folder.resolve(LocalDoor.SOCKET_FILE);
    }

    /** A socket listens as soon as it is bound, so it is bound where nobody else can go, and moved when its mode is set. */
    private static ServerSocketChannel bind(Path socket) throws IOException {
        Path hidden = hidden(socket);
        Path folder = hidden.getParent();
        Files.deleteIfExists(hidden);
        Files.deleteIfExists(folder);
        boolean posix = Files.getFileStore(socket.getParent()).supportsFileAttributeView("posix");
        if (posix) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(folder);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(hidden));
            if (posix) {
                Files.setPosixFilePermissions(hidden, OWNER_ONLY);
            }
            Files.move(hidden, socket, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(folder);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private static Path hidden(Path socket) {
        return socket.resolveSibling(".door").resolve("s");
    }

    Path socket() {
        return socket;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                if (connections.size() >= LocalDoor.CONNECTIONS_MAX) {
                    connection.close();
                    continue;
                }
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                if (server.isOpen()) {
                    LOG.warn("a connection could not be taken: {}", e.toString());
                }
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            Lines lines = new Lines(connection, LocalDoor.LINE_MAX_BYTES);
            Watch watch = new Watch(connection);
            Optional<byte[]> line = lines.read(watch::begin);
            while (line.isPresent()) {
                lines.write(rpc.answer(line.get()));
                watch.end();
                line = lines.read(watch::begin);
            }
        } catch (Lines.TooLongException e) {
            LOG.warn("a connection was closed: {}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("a connection ended: {}", e.toString());
        } finally {
            connections.remove(connection);
        }
    }

    /** Closes a connection whose request takes too long; its thread then ends with its next read or write. */
    private final class Watch {

        private final SocketChannel connection;
        private @Nullable Future<?> alarm;

        Watch(SocketChannel connection) {
            this.connection = connection;
        }

        void begin() {
            alarm = watchdog.schedule(this::expire, LocalDoor.REQUEST_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }

        void end() {
            if (alarm != null) {
                alarm.cancel(false);
            }
        }

        private void expire() {
            LOG.warn("a request took more than {} ms; its connection is closed", LocalDoor.REQUEST_TIMEOUT_MILLIS);
            closeQuietly(connection);
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            LOG.debug("could not be closed: {}", e.toString());
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        connections.forEach(Door::closeQuietly);
        threads.shutdown();
        watchdog.shutdownNow();
        try {
            Files.deleteIfExists(socket);
            if (!socket.startsWith(data)) {
                Files.deleteIfExists(data.resolve(LocalDoor.SOCKET_PATH_FILE));
                Files.deleteIfExists(socket.getParent());
            }
        } catch (IOException e) {
            LOG.warn("the socket {} could not be removed: {}", socket, e.toString());
        }
    }
}
