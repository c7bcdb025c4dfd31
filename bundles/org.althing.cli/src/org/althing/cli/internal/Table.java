// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in aligned columns. The widest columns give way until a row fits the terminal; cells are made safe to show. Not safe for use by
 * several threads at once.
 */
public final class Table {

    private static final String GAP = "  ";
    private static final int COLUMN_MIN_CHARS = 8;

    private final Terminal terminal;
    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** @param right whether cells stand at the right, as numbers do */
    public record Column(String title, boolean right) {}

    /** @param style of the whole cell */
    public record Cell(String text, Terminal.Style style) {
        public Cell {
            text = Words.clean(text);
        }

        public static Cell of(String text) {
            return new Cell(text, Terminal.Style.PLAIN);
        }

        public static Cell of(long number) {
            return of(Long.toString(number));
        }
    }

    /** A title that begins with {@code >} makes a column that stands at the right; if all titles are empty there is no head. */
    public Table(Terminal terminal, String... titles) {
        this.terminal = terminal;
        columns = List.of(titles).stream()
                .map(title -> new Column(title.startsWith(">") ? title.substring(1) : title, title.startsWith(">")))
                .toList();
    }

    public Table row(Cell... cells) {
        rows.add(List.of(cells));
        return this;
    }

    public Table row(String... cells) {
        rows.add(List.of(cells).stream().map(Cell::of).toList());
        return this;
    }

    public void print() {
        int[] widths = fit(naturalWidths());
        if (columns.stream().anyMatch(column -> !column.title().isEmpty())) {
            terminal.out()
                    .println(line(
                            columns.stream()
                                    .map(c -> new Cell(c.title(), Terminal.Style.BOLD))
                                    .toList(),
                            widths));
        }
        rows.forEach(row -> terminal.out().println(line(row, widths)));
    }

    private int[] naturalWidths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Words.width(columns.get(i).title());
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], Words.width(row.get(i).text()));
            }
        }
        return widths;
    }

    private int[] fit(int[] widths) {
        int room = terminal.widthChars() - GAP.length() * (widths.length - 1);
        while (java.util.Arrays.stream(widths).sum() > room) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= COLUMN_MIN_CHARS) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private String line(List<Cell> cells, int[] widths) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            Cell cell = cells.get(i);
            String text = Words.cut(cell.text(), widths[i]);
            String pad = " ".repeat(Math.max(0, widths[i] - Words.width(text)));
            boolean last = i == widths.length - 1;
            out.append(i == 0 ? "" : GAP);
            out.append(columns.get(i).right() ? pad : "").append(terminal.style(cell.style(), text));
            out.append(columns.get(i).right() || last ? "" : pad);
        }
        return out.toString().stripTrailing();
    }
}
