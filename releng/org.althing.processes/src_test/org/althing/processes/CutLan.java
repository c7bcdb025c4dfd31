// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Machines on two switches with one cable between them, as network namespaces of Linux: what is cut is really cut. Needs root and iproute2. Each
 * machine has an IPv4 network of 24 bits of its own, so that none is taken for another.
 */
final class CutLan implements AutoCloseable {

    private final String name = "althing-" + ProcessHandle.current().pid() + "-";
    private final String hub = name + "hub";
    private final List<String> namespaces = new ArrayList<>();

    /** @throws IOException with what {@code ip} says, if the system does not let us */
    CutLan() throws IOException {
        try {
            namespace(hub);
            for (String half : List.of("west", "east")) {
                inHub("link", "add", half, "type", "bridge");
                inHub("link", "set", half, "up");
            }
            inHub("link", "add", "cable", "type", "veth", "peer", "name", "plug");
            inHub("link", "set", "cable", "master", "west");
            inHub("link", "set", "plug", "master", "east");
            inHub("link", "set", "plug", "up");
            mend();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Whether there are network namespaces for us; otherwise why not. */
    static String missing() {
        try (CutLan tried = new CutLan()) {
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Adds a machine. */
    NodeProcess.Place add(boolean east) throws IOException {
        int number = namespaces.size();
        String machine = name + number;
        String port = "port" + number;
        String ip = "10.77." + number + ".2";
        namespace(machine);
        inHub("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", machine);
        inHub("link", "set", port, "master", east ? "east" : "west");
        inHub("link", "set", port, "up");
        run("ip", "-n", machine, "link", "set", "lo", "up");
        run("ip", "-n", machine, "addr", "add", ip + "/16", "dev", "eth0");
        run("ip", "-n", machine, "link", "set", "eth0", "up");
        return new NodeProcess.Place(List.of("ip", "netns", "exec", machine), "/ip4/" + ip + "/tcp/4001");
    }

    private void namespace(String namespace) throws IOException {
        run("ip", "netns", "add", namespace);
        namespaces.add(namespace);
    }

    void cut() throws IOException {
        inHub("link", "set", "cable", "down");
    }

    void mend() throws IOException {
        inHub("link", "set", "cable", "up");
    }

    private void inHub(String... arguments) throws IOException {
        run(Stream.concat(Stream.of("ip", "-n", hub), Stream.of(arguments)).toArray(String[]::new));
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        for (String namespace : namespaces.reversed()) {
            try {
                run("ip", "netns", "del", namespace);
            } catch (IOException e) {
                System.err.println(e.getMessage());
            }
        }
        namespaces.clear();
    }
}
