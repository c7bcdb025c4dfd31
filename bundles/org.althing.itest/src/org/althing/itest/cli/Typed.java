// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a command line printed, and how it ended. */
public record Typed(int exit, String out, String err) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Types a command line and waits for its end. */
    public static Typed type(String... line) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        try {
            int exit = Shell.run(line);
            return new Typed(
                    exit, printed.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    public JsonNode json() {
        try {
            return JSON.readTree(out);
        } catch (java.io.IOException e) {
            throw new AssertionError("not JSON: " + out + err, e);
        }
    }

    public Typed fine() {
        assertThat(err).isEmpty();
        assertThat(exit).isZero();
        return this;
    }

    /** One line on stderr, nothing else. */
    public void fails(int code, String message) {
        assertThat(err).startsWith("althing: ").contains(message).hasLineCount(1);
        assertThat(out).isEmpty();
        assertThat(exit).isEqualTo(code);
    }
}
