// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command writes and reads. Text is UTF-8; marks and bars fall back to ASCII where the locale says that the terminal has no more.
 *
 * @param live whether people watch the output, so that progress and colours are welcome
 * @param colour whether colours are welcome
 * @param unicode whether marks and bars may be other than ASCII
 * @param widthChars columns
 */
public record Terminal(
        PrintStream out,
        PrintStream err,
        InputStream in,
        Prompt prompt,
        boolean live,
        boolean colour,
        boolean unicode,
        int widthChars) {

    static final int WIDTH_CHARS_DEFAULT = 80;
    private static final int WIDTH_CHARS_MIN = 40;
    private static final int WIDTH_CHARS_MAX = 160;

    /** Colours; each says nothing that the text does not say too. */
    public enum Style {
        PLAIN(""),
        BOLD("1"),
        FAINT("2"),
        GOOD("32"),
        BAD("31"),
        WARNING("33");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    /** The terminal of this process. */
    public static Terminal ofProcess(Map<String, String> variables) {
        boolean live = isTerminal(1);
        return new Terminal(
                utf8(System.out),
                utf8(System.err),
                System.in,
                new ConsolePrompt(),
                live,
                live && variables.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(variables.get("TERM")),
                isUnicode(variables),
                width(variables.get("COLUMNS")));
    }

    /** The text in this style, if colours are welcome. */
    public String style(Style style, String text) {
        return colour && style != Style.PLAIN ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** The first text, or the second where only ASCII is safe. */
    public String glyph(String unicodeText, String asciiText) {
        return unicode ? unicodeText : asciiText;
    }

    /** A bar of this share of the width, in eighths of a column where the terminal can; at least a trace of anything above nothing. */
    public String bar(double share, int width) {
        double filled = Math.min(1, Math.max(0, share)) * width;
        if (!unicode) {
            return "#".repeat(filled > 0 ? Math.max(1, (int) Math.round(filled)) : 0);
        }
        int eighths = (int) Math.round(filled * 8);
        eighths = filled > 0 ? Math.max(1, eighths) : 0;
        String part = eighths % 8 == 0 ? "" : String.valueOf((char) (0x2590 - eighths % 8));
        return "\u2588".repeat(eighths / 8) + part;
    }

    /** Bytes pass the stream of the platform as they are, whatever its own charset. */
    private static PrintStream utf8(PrintStream platform) {
        return new PrintStream(platform, true, StandardCharsets.UTF_8);
    }

    /** The person at the console of this process. */
    private static final class ConsolePrompt implements Prompt {

        @Override
        public Optional<char[]> secret(String question) {
            return console().flatMap(console -> Optional.ofNullable(console.readPassword("%s: ", question)));
        }

        @Override
        public Optional<String> line(String question) {
            return console().flatMap(console -> Optional.ofNullable(console.readLine("%s ", question)));
        }

        private static Optional<Console> console() {
            return isTerminal(0) ? Optional.ofNullable(System.console()) : Optional.empty();
        }
    }

    /** Since Java 22 a console is there even where no terminal is, so the descriptor itself is asked where the system shows it. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return !Files.exists(Path.of("/proc/self/fd")) && System.console() != null;
        }
    }

    private static boolean isUnicode(Map<String, String> variables) {
        if (variables.containsKey("ALTHING_ASCII")) {
            return false;
        }
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String value = variables.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return value.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8");
            }
        }
        return false;
    }

    private static int width(@org.jspecify.annotations.Nullable String columns) {
        if (columns == null || !columns.matches("\\d{1,4}")) {
            return WIDTH_CHARS_DEFAULT;
        }
        return Math.clamp(Integer.parseInt(columns), WIDTH_CHARS_MIN, WIDTH_CHARS_MAX);
    }
}
