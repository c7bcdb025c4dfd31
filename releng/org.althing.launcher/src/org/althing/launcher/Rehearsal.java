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
import org.osgi.framework.ServiceReference;

/**
 * Runs what people start most, once, so that the classes of all of it are loaded when the virtual machine writes its archive: a
 * node with both doors, asked through each of them, and commands beside it.
 */
public final class Rehearsal {

    private static final long NODE_WAIT_MAX_NANOS = 60_000_000_000L;
    private static final long POLL_NANOS = 5_000_000;
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
        ApplicationRunnable commands = (ApplicationRunnable) context.getService(found.getFirst());
        Path data = Files.createTempDirectory("althing-rehearsal-");
        try {
            rehearse(commands, data.toString(), told);
        } finally {
            EclipseStarter.shutdown();
            RunFolder.delete(data);
            standard.print(told.toString(StandardCharsets.UTF_8));
        }
    }

    private static void rehearse(ApplicationRunnable commands, String data, ByteArrayOutputStream told)
            throws Exception {
        run(commands, "--version");
        run(commands, "--help");
        Thread node = Thread.ofPlatform()
                .name("althing-rehearsal")
                .start(() -> run(commands, "node", "--json", "--data", data, "--http", "127.0.0.1:0"));
        URI address = await(told);
        for (String page : List.of("/health", "/", "/api/v1/status", "/metrics")) {
            get(address, page);
        }
        run(commands, "status", "--data", data);
        run(commands, "status", "--data", data, "--json");
        commands.stop();
        node.join();
    }

    private static void run(ApplicationRunnable commands, String... line) {
        try {
            commands.run(line);
        } catch (Exception e) {
            throw new IllegalStateException(String.join(" ", line), e);
        }
    }

    private static URI await(ByteArrayOutputStream told) {
        long end = System.nanoTime() + NODE_WAIT_MAX_NANOS;
        while (System.nanoTime() < end) {
            Matcher address = ADDRESS.matcher(told.toString(StandardCharsets.UTF_8));
            if (address.find()) {
                return URI.create(address.group(1));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new IllegalStateException("the node did not start");
    }

    private static void get(URI address, String page) throws IOException {
        try (Socket socket = new Socket(address.getHost(), address.getPort());
                InputStream answer = socket.getInputStream()) {
            String request =
                    "GET " + page + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            answer.readAllBytes();
        }
    }
}
