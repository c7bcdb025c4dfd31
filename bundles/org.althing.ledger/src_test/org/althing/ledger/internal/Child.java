// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.althing.api.AlthingException;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;

/** A second process for the tests: {@code MODE FOLDER SEED}. It tells on its standard output what was acknowledged, a line each. */
final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        Random random = new Random(Long.parseLong(arguments[2]));
        Ledger provider = Store.provider(new FileDisk(), random);
        try (Ledger.Folder open = provider.open(folder)) {
            switch (arguments[0]) {
                case "write" -> write(open.dao(Store.DAO), random);
                case "fill" -> fill(open.dao(Store.DAO));
                case "hold" -> {
                    say("held");
                    System.in.read();
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (AlthingException e) {
            say("refused " + e.getMessage());
        }
    }

    private static synchronized void say(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    private static void acknowledge(CompletableFuture<Void> write, String line) {
        write.thenRun(() -> say(line));
    }

    /** Writes until it is killed, never waiting for the disk for long. */
    private static void write(DaoLedger dao, Random random) throws AlthingException {
        long next = dao.entries();
        long sealed = 0;
        for (long height = 0; height <= dao.height(); height++) {
            sealed += dao.seal(height).orElseThrow().entries().size();
        }
        int votes = dao.votes().size();
        say("open");
        for (; ; ) {
            int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 20);
            CompletableFuture<Void> write = dao.add(Store.entries(next, next + count));
            next += count;
            acknowledge(write, "entries " + next);
            if (random.nextInt(4) == 0) {
                long end = Math.min(next, sealed + random.nextInt(300));
                long height = dao.height() + 1;
                acknowledge(dao.seal(Store.seal(height, sealed, end)), "seals " + (height + 1));
                sealed = end;
            }
            if (random.nextInt(6) == 0) {
                acknowledge(dao.vote(("vote " + votes).getBytes(StandardCharsets.UTF_8)), "votes " + ++votes);
            }
            if (random.nextInt(5) == 0) {
                write.join();
            }
        }
    }

    /** Writes until the disk refuses. */
    private static void fill(DaoLedger dao) throws AlthingException {
        long next = dao.entries();
        for (; ; ) {
            try {
                dao.add(Store.entries(next, next + 10)).join();
            } catch (CompletionException e) {
                say("failed " + e.getCause().getMessage());
                boolean readable = next == 0
                        || dao.entry(Store.cid(0)).isPresent()
                                && dao.entry(Store.cid(next - 1)).isPresent();
                say("readable " + readable);
                say("then " + dao.add(List.of(Store.entry(0))).isCompletedExceptionally());
                return;
            }
            next += 10;
            say("entries " + next);
        }
    }

    /** The command line of a child that starts fast and stays small. */
    static List<String> command(String mode, Path folder, long seed) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                mode,
                folder.toString(),
                Long.toString(seed)));
        return command;
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
