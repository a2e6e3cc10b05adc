package io.contextdb.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows under a heading, in columns as wide as they need; the last one is cut where the terminal ends. Not thread-safe. */
public final class Table {
    private static final int GAP = 2;
    private static final int LEAST_LAST = 20;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** A column: its heading, how its cells stand out, and whether they are numbers, which are set flush right. */
    private record Column(String heading, Style style, boolean number) {}

    /** Begins a table without columns. */
    public Table() {
        this.columns = new ArrayList<>();
    }

    /** Adds a column of text. */
    public Table text(String heading, Style style) {
        columns.add(new Column(heading, style, false));
        return this;
    }

    /** Adds a column of numbers. */
    public Table number(String heading, Style style) {
        columns.add(new Column(heading, style, true));
        return this;
    }

    /** Adds a row: a cell per column. */
    public void row(String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Terminal.plain(cell));
        }
        rows.add(row);
    }

    /** Prints the rows under their headings; a table whose headings are all empty has none. */
    public void print(Terminal terminal) {
        int[] widths = widths(terminal.width());
        if (columns.stream().anyMatch(column -> !column.heading().isEmpty())) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                line.append(cell(terminal, Style.BOLD, columns.get(i).heading(), i, widths));
            }
            terminal.line(line.toString().stripTrailing());
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                line.append(cell(terminal, columns.get(i).style(), row.get(i), i, widths));
            }
            terminal.line(line.toString().stripTrailing());
        }
    }

    private int[] widths(int width) {
        int[] widths = new int[columns.size()];
        int used = 0;
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).heading().length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
            used += widths[i] + GAP;
        }
        int last = widths.length - 1;
        int room = width - (used - widths[last] - GAP);
        widths[last] = Math.min(widths[last], Math.max(LEAST_LAST, room));
        return widths;
    }

    private String cell(Terminal terminal, Style style, String text, int column, int[] widths) {
        String cut = Terminal.cut(text, widths[column]);
        String pad = " ".repeat(widths[column] - cut.length());
        String shown = terminal.styled(style, cut);
        String gap = column == widths.length - 1 ? "" : " ".repeat(GAP);
        return (columns.get(column).number() ? pad + shown : shown + pad) + gap;
    }
}
