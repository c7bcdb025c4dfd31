// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Runs command lines on fakes and keeps what they print. */
final class CommandRun {

    static final long NOW_MILLIS = 1_800_000_000_000L;

    final Map<Class<?>, Object> services = new HashMap<>();
    final Map<String, String> variables = new HashMap<>();
    final Deque<String> typed = new ArrayDeque<>();
    boolean colour;
    boolean unicode = true;

    private final Path home;

    CommandRun(Path home) {
        this.home = home;
    }

    /** Nobody waits in a test. */
    private static final class StopsAtOnce implements Surroundings.Stop {

        @Override
        public void await(Runnable last) {
            last.run();
        }

        @Override
        public void now() {
            throw new AssertionError("nobody asked to stop");
        }
    }

    record Printed(int exit, String out, String err) {

        JsonNode json() {
            try {
                return Json.parse(out);
            } catch (java.io.IOException e) {
                throw new AssertionError("not JSON: " + out, e);
            }
        }
    }

    <T> CommandRun with(Class<T> type, T service) {
        services.put(type, service);
        return this;
    }

    Printed run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(new byte[0]),
                question -> Optional.ofNullable(typed.poll()).map(String::toCharArray),
                false,
                colour,
                unicode,
                80);
        Surroundings surroundings = new Surroundings(
                variables,
                home,
                "asta",
                () -> Instant.ofEpochMilli(NOW_MILLIS),
                ZoneOffset.UTC,
                new Random(7),
                List.of(),
                new StopsAtOnce());
        int exit = new Cli(new FakeServices(), terminal, surroundings).run(arguments);
        return new Printed(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private final class FakeServices implements Services {

        @Override
        public <T> T require(Class<T> type, String purpose) throws Failure {
            Object service = services.get(type);
            if (service == null) {
                throw Failure.environment(purpose + " is not installed: no bundle provides " + type.getName());
            }
            return type.cast(service);
        }

        @Override
        public <T> List<T> all(Class<T> type) {
            return Arrays.stream(new Object[] {services.get(type)})
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }
    }
}
