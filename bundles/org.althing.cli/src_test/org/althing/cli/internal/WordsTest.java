// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void spansAreReadAndWritten() throws Failure {
        assertThat(Words.duration("--voting", "3d")).isEqualTo(259_200_000);
        assertThat(Words.duration("--voting", "1500ms")).isEqualTo(1_500);
        assertThat(Words.span(259_200_000 + 4 * 3_600_000)).isEqualTo("3 d 4 h");
        assertThat(Words.span(61_000)).isEqualTo("1 min 1 s");
        assertThat(Words.span(40)).isEqualTo("40 ms");
    }

    @Test
    void textIsCutAndFoldedByTheColumnsItTakes() {
        assertThat(Words.width("\u65e5\u672ce\u0301")).isEqualTo(5);
        assertThat(Words.cut("abcdef", 4)).isEqualTo("abc\u2026");
        assertThat(Words.fold("one two three\nfour", 8)).containsExactly("one two", "three", "four");
    }

    @Test
    void tablesFitTheTerminal() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                new ByteArrayInputStream(new byte[0]),
                Prompt.NOBODY,
                false,
                false,
                true,
                40);
        new Table(terminal, "Name", ">Votes")
                .row("a name that is much longer than the terminal is wide", "12")
                .row("b", "7")
                .print();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .allMatch(line -> Words.width(line) <= 40)
                .anyMatch(line -> line.matches("b +7"));
    }

    @Test
    void barsAreInEighthsAndNeverHideSomething() {
        Terminal terminal = new Terminal(
                System.out, System.err, new ByteArrayInputStream(new byte[0]), Prompt.NOBODY, false, false, true, 80);
        assertThat(terminal.bar(1, 3)).isEqualTo("\u2588\u2588\u2588");
        assertThat(terminal.bar(0.5, 3)).isEqualTo("\u2588\u258c");
        assertThat(terminal.bar(0.0001, 3)).isEqualTo("\u258f");
        assertThat(terminal.bar(-1, 3)).isEmpty();
    }
}
