package io.gatun.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns of text, as wide as their widest cell; the first is aligned left, the others right. */
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        rows.add(Arrays.asList(header));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException when there are more or fewer cells than in the header
     */
    public Table row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("cells=" + cells.length + ", the header has "
                    + rows.getFirst().size());
        }
        rows.add(Arrays.asList(cells));
        return this;
    }

    /** One line for each row, each ended. */
    public String text() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append(row.getFirst()).repeat(' ', widths[0] - row.getFirst().length());
            for (int column = 1; column < widths.length; column++) {
                String cell = row.get(column);
                text.append(GAP).repeat(' ', widths[column] - cell.length()).append(cell);
            }
            text.append('\n');
        }
        return text.toString();
    }
}
