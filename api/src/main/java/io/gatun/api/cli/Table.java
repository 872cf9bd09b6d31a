package io.gatun.api.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A table as loxicmd prints it: capital centred heads, numbers to the right, bars between. */
final class Table {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        this.heads = List.of(heads).stream()
                .map(head -> head.toUpperCase(Locale.ROOT))
                .toList();
    }

    void row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
    }

    void print(PrintWriter out) {
        int[] widths = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = heads.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            int gap = widths[i] - heads.get(i).length();
            text.append("| ").append(" ".repeat(gap / 2)).append(heads.get(i)).append(" ".repeat(gap - gap / 2 + 1));
        }
        text.append("|\n");
        for (int width : widths) {
            text.append('|').append("-".repeat(width + 2));
        }
        text.append("|\n");
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                String pad = " ".repeat(widths[i] - row.get(i).length());
                boolean right = NUMBER.matcher(row.get(i)).matches();
                text.append("| ")
                        .append(right ? pad + row.get(i) : row.get(i) + pad)
                        .append(' ');
            }
            text.append("|\n");
        }
        out.print(text);
        out.flush();
    }
}
