package io.gatun.bench.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Tells a person what happens, with a tick or a cross for each thing that had to hold. */
final class Checks {
    private static final String BOLD = "\033[1m";
    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String DIM = "\033[2m";
    private static final String PLAIN = "\033[0m";

    private final PrintStream out;
    private final boolean colour;
    private int held;
    private int broken;

    /** @param colour whether {@code out} is a terminal that shows colours */
    Checks(PrintStream out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    void heading(String text) {
        out.println();
        out.println(painted(BOLD, text));
    }

    /** A command as typed. */
    void command(String text) {
        out.println("  " + painted(DIM, "$ " + text));
    }

    void show(String text) {
        text.lines().forEach(line -> out.println(line.isBlank() ? "" : "  " + line));
    }

    /** Only what is expected is printed when it holds, otherwise both. */
    void equal(String what, Object expected, Object got) {
        that(expected.equals(got), what, String.valueOf(expected), String.valueOf(got));
    }

    /** Prints {@code got} too when it holds: a measured value that had to reach {@code expected}. */
    void measured(boolean holds, String what, String expected, String got) {
        if (holds) {
            hold(what + ": " + got + " (" + expected + ")");
        } else {
            fail(what + ": expected " + expected + ", got " + got);
        }
    }

    void that(boolean holds, String what, String expected, String got) {
        if (holds) {
            hold(what + ": " + expected);
        } else {
            fail(what + ": expected " + expected + ", got " + got);
        }
    }

    void fail(String text) {
        broken++;
        out.println("  " + painted(RED, "\u2717 " + text));
    }

    /** The last line. @return whether every check held, and there was one */
    boolean conclude(double seconds) {
        out.println();
        String counts = String.format(Locale.ROOT, "%d checks held, %d did not, %.0f s", held, broken, seconds);
        boolean all = broken == 0 && held > 0;
        out.println(painted(all ? GREEN : RED, (all ? "\u2713 " : "\u2717 ") + counts));
        return all;
    }

    private void hold(String text) {
        held++;
        out.println("  " + painted(GREEN, "\u2713") + " " + text);
    }

    private String painted(String code, String text) {
        return colour ? code + text + PLAIN : text;
    }
}
