// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal.demo;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;
import org.althing.cli.internal.Terminal;

/** One line for each phase, with a counter where people watch. Not safe for use by several threads at once. */
final class Progress {

    private static final int TITLE_CHARS = 10;
    private static final int TEXT_CHARS = 56;

    private final Terminal terminal;
    private final PrintStream to;
    private final boolean lines;
    private final InstantSource clock;
    private String title = "";
    private long begunMillis;

    /** @param quiet whether the lines of finished phases are left out unless people watch */
    Progress(Terminal terminal, boolean quiet, InstantSource clock) {
        this.terminal = terminal;
        this.to = quiet ? terminal.err() : terminal.out();
        this.lines = !quiet || terminal.live();
        this.clock = clock;
    }

    void begin(String phase) {
        title = phase;
        begunMillis = clock.millis();
        tick("");
    }

    /** Where the phase stands. */
    void tick(String text) {
        if (terminal.live()) {
            to.print("\r" + line(terminal.glyph("·", "."), text) + " ".repeat(8));
            to.flush();
        }
    }

    /** The phase is over. */
    void end(String text) {
        if (lines) {
            String seconds = String.format(Locale.ROOT, "%5.1f s", (clock.millis() - begunMillis) / 1000.0);
            String mark = terminal.style(Terminal.Style.GOOD, terminal.glyph("✓", "+"));
            to.println(
                    (terminal.live() ? "\r" : "") + line(mark, text) + terminal.style(Terminal.Style.FAINT, seconds));
        }
    }

    private String line(String mark, String text) {
        return mark + " " + pad(title, TITLE_CHARS) + " " + pad(text, TEXT_CHARS);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
