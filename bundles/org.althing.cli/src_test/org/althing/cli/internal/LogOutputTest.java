// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

class LogOutputTest {

    private final ConsoleHandler handler = new ConsoleHandler();
    private final Logger root = Logger.getAnonymousLogger();
    private final Logger ours = Logger.getAnonymousLogger();

    private LogOutput output() {
        Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
        root.addHandler(handler);
        handler.setFormatter(new SimpleFormatter());
        return new LogOutput(root, ours);
    }

    @Test
    void aRecordIsOneLineOfJson() throws Exception {
        LogRecord record = new LogRecord(Level.WARNING, "a \"bad\"\nline");
        record.setLoggerName("org.althing.node");
        record.setInstant(Instant.parse("2026-11-23T01:02:03.004Z"));
        record.setThrown(new IOException("the disk", new IllegalStateException("broken")));
        String line = new LogOutput.JsonLines().format(record);
        assertThat(line).endsWith("}\n").hasLineCount(1);
        JsonNode json = Json.parse(line);
        assertThat(json.path("time").asText()).isEqualTo("2026-11-23T01:02:03.004Z");
        assertThat(json.path("level").asText()).isEqualTo("warning");
        assertThat(json.path("logger").asText()).isEqualTo("org.althing.node");
        assertThat(json.path("message").asText()).isEqualTo("a \"bad\"\nline");
        assertThat(json.path("thread").asText())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(json.path("exception").asText())
                .startsWith("java.io.IOException: the disk\n")
                .contains("Caused by: java.lang.IllegalStateException: broken");
    }

    @Test
    void aRecordWithoutExceptionHasNone_andALongOneIsCut() throws Exception {
        LogRecord record = new LogRecord(Level.FINEST, "x".repeat(LogOutput.TEXT_MAX_CHARS + 10));
        JsonNode json = Json.parse(new LogOutput.JsonLines().format(record));
        assertThat(json.has("exception")).isFalse();
        assertThat(json.path("level").asText()).isEqualTo("debug");
        assertThat(json.path("message").asText())
                .hasSize(LogOutput.TEXT_MAX_CHARS + 3)
                .endsWith("x...");
    }

    @Test
    void formatAndLevelAreSet() {
        LogOutput output = output();
        output.set(LogOutput.Format.TEXT, LogOutput.Least.ERROR);
        assertThat(handler.getLevel()).isEqualTo(Level.SEVERE);
        assertThat(handler.getFormatter()).isInstanceOf(SimpleFormatter.class);
        assertThat(ours.getLevel()).isNull();
        output.set(LogOutput.Format.JSON, LogOutput.Least.DEBUG);
        assertThat(handler.getLevel()).isEqualTo(Level.FINE);
        assertThat(handler.getFormatter()).isInstanceOf(LogOutput.JsonLines.class);
        assertThat(ours.getLevel()).isEqualTo(Level.FINE);
    }
}
