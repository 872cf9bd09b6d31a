package io.gatun.api.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A table as loxicmd prints it: capital centred heads, numbers to the right, bars between; a cell may have several
 * lines. On a terminal states have colours.
 */
final class Table {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Set<String> GOOD = Set.of("active", "ok", "MASTER", "up", "survives", "Allow");
    private static final Set<String> BAD =
            Set.of("inactive", "nok", "red", "FAULT", "down", "ends", "no traffic", "Drop");
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        this(List.of(heads));
    }

    Table(List<String> heads) {
        this.heads = heads.stream().map(head -> head.toUpperCase(Locale.ROOT)).toList();
    }

    /** Values for the heads, from left to right; null is an empty cell. */
    void row(Object... cells) {
        row(Arrays.asList(cells));
    }

    void row(List<?> cells) {
        if (cells.size() != heads.size()) {
            throw new IllegalArgumentException(cells.size() + " cells under " + heads.size() + " heads");
        }
        rows.add(cells.stream().map(cell -> cell == null ? "" : cell.toString()).toList());
    }

    /** To where the command line prints. */
    void print(CommandLine commandLine) {
        boolean colour = Terminal.colour(commandLine);
        int[] widths = widths();
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
        rows.forEach(row -> append(text, row, widths, colour));
        PrintWriter out = commandLine.getOut();
        out.print(text);
        out.flush();
    }

    private int[] widths() {
        int[] widths = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = heads.get(i).length();
            for (List<String> row : rows) {
                int widest = row.get(i).lines().mapToInt(String::length).max().orElse(0);
                widths[i] = Math.max(widths[i], widest);
            }
        }
        return widths;
    }

    private static void append(StringBuilder text, List<String> row, int[] widths, boolean colour) {
        List<List<String>> cells =
                row.stream().map(cell -> cell.lines().toList()).toList();
        int height = Math.max(1, cells.stream().mapToInt(List::size).max().orElse(1));
        for (int line = 0; line < height; line++) {
            for (int i = 0; i < widths.length; i++) {
                String cell = line < cells.get(i).size() ? cells.get(i).get(line) : "";
                String pad = " ".repeat(widths[i] - cell.length());
                boolean right = NUMBER.matcher(cell).matches();
                String shown = colour ? coloured(cell) : cell;
                text.append("| ").append(right ? pad + shown : shown + pad).append(' ');
            }
            text.append("|\n");
        }
    }

    private static String coloured(String cell) {
        if (GOOD.contains(cell)) {
            return GREEN + cell + PLAIN;
        }
        return BAD.contains(cell) ? RED + cell + PLAIN : cell;
    }
}
