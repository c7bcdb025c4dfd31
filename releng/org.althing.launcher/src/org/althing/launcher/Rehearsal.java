package org.althing.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.adaptor.EclipseStarter;
import org.eclipse.osgi.service.runnable.ApplicationRunnable;
import org.eclipse.osgi.service.runnable.ParameterizedRunnable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceObjects;
import org.osgi.framework.ServiceReference;

/**
 * Runs what people start most, once, so that the classes of all of it are loaded when the virtual machine writes its archive: a
 * node with both doors and the network, asked through each of them, and commands beside it; then a node that goes on with the DAO of the first one.
 */
public final class Rehearsal {

    private static final long NODE_WAIT_MAX_NANOS = 60_000_000_000L;
    private static final long POLL_NANOS = 5_000_000;
    private static final List<String> PAGES = List.of("/health", "/", "/api/v1/status", "/api/v1/daos", "/metrics");
    private static final Pattern DAO = Pattern.compile("\"dao\":\"([^\"]+)\"");
    private static final Pattern ADDRESS = Pattern.compile("\"http\":\"(http[^\"]*)\"");

    private Rehearsal() {}

    public static void main(String[] arguments) throws Exception {
        Main.configure(new String[0]);
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream standard = System.out;
        System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
        BundleContext context = EclipseStarter.startup(new String[0], null);
        List<ServiceReference<ParameterizedRunnable>> found = List.copyOf(
                context.getServiceReferences(ParameterizedRunnable.class, "(eclipse.application=org.althing.cli)"));
        ServiceObjects<ParameterizedRunnable> commands = context.getServiceObjects(found.getFirst());
        Path folder = Files.createTempDirectory("althing-rehearsal-");
        try {
            rehearse(commands, folder, told);
        } finally {
            EclipseStarter.shutdown();
            RunFolder.delete(folder);
            standard.print(told.toString(StandardCharsets.UTF_8));
        }
    }

    private static void rehearse(
            ServiceObjects<ParameterizedRunnable> commands, Path folder, ByteArrayOutputStream told) throws Exception {
        run(commands, "--version");
        run(commands, "--help");
        String data = folder.resolve("data").toString();
        String passphrase = Files.writeString(folder.resolve("passphrase"), "known to everybody\n")
                .toString();
        serve(commands, data, told, door -> {
            run(commands, "key", "new", "--data", data, "--passphrase-file", passphrase);
            told.reset(); // The words of a key do not belong into a log, whatever the key.
            run(commands, "dao", "create", "Rehearsal", "--data", data, "--passphrase-file", passphrase);
            run(commands, "propose", "Rehearse?", "--data", data, "--passphrase-file", passphrase);
            ask(door, PAGES);
        });
        // It goes on from what the first one left.
        serve(commands, data, told, door -> {
            run(commands, "status", "--data", data);
            run(commands, "status", "--data", data, "--json");
            Matcher dao = DAO.matcher(ask(door, PAGES));
            if (!dao.find()) {
                throw new IllegalStateException("the node lost its DAO");
            }
            ask(
                    door,
                    List.of("", "/members", "/proposals", "/seals").stream()
                            .map(page -> "/api/v1/daos/" + dao.group(1) + page)
                            .toList());
        });
    }

    /** What is done with a node that serves. */
    private interface Part {
        void play(URI door) throws Exception;
    }

    private static void serve(
            ServiceObjects<ParameterizedRunnable> commands, String data, ByteArrayOutputStream told, Part part)
            throws Exception {
        int before = told.size();
        ApplicationRunnable application = (ApplicationRunnable) commands.getService();
        Thread node = Thread.ofPlatform()
                .name("althing-rehearsal")
                .start(() -> run(
                        application,
                        "node",
                        "--json",
                        "--data",
                        data,
                        "--http",
                        "127.0.0.1:0",
                        "--listen",
                        "/ip4/127.0.0.1/tcp/0"));
        part.play(await(told, before));
        application.stop();
        node.join();
    }

    private static void run(ServiceObjects<ParameterizedRunnable> commands, String... line) {
        run(commands.getService(), line);
    }

    private static void run(ParameterizedRunnable command, String... line) {
        try {
            command.run(line);
        } catch (Exception e) {
            throw new IllegalStateException(String.join(" ", line), e);
        }
    }

    /** Where the node listens that tells so from there on. */
    private static URI await(ByteArrayOutputStream told, int from) {
        long end = System.nanoTime() + NODE_WAIT_MAX_NANOS;
        while (System.nanoTime() < end) {
            byte[] bytes = told.toByteArray();
            Matcher address = ADDRESS.matcher(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
            if (address.find()) {
                return URI.create(address.group(1));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new IllegalStateException("the node did not start");
    }

    /** All answers in one. */
    private static String ask(URI door, List<String> pages) throws IOException {
        StringBuilder answers = new StringBuilder();
        for (String page : pages) {
            try (Socket socket = new Socket(door.getHost(), door.getPort());
                    InputStream answer = socket.getInputStream()) {
                String request =
                        "GET " + page + " HTTP/1.1\r\nHost: " + door.getAuthority() + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                answers.append(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return answers.toString();
    }
}
