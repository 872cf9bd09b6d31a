package io.gatun.api.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A line that says what takes so long, from the first second on; it is gone afterwards. Only where errors go to a
 * terminal.
 */
final class Progress implements AutoCloseable {
    /** How often it should be told, for the line to move. */
    static final long TICK_MS = 200;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream screen;
    private final LongSupplier nowNs;
    private final long beginNs;
    private boolean drawn;

    /** @param screen null for none */
    Progress(PrintStream screen, LongSupplier nowNs) {
        this.screen = screen;
        this.nowNs = nowNs;
        this.beginNs = nowNs.getAsLong();
    }

    /** One that is seen only on a terminal. */
    static Progress onTerminal() {
        return new Progress(Terminal.showsErrors() ? System.err : null, System::nanoTime);
    }

    boolean seen() {
        return screen != null;
    }

    /** @param what as in "asking 10.0.0.1" */
    void tick(String what) {
        long elapsedNs = nowNs.getAsLong() - beginNs;
        if (seen() && elapsedNs >= PATIENCE_NS) {
            screen.print(ERASE + what + ", " + TimeUnit.NANOSECONDS.toSeconds(elapsedNs) + " s");
            screen.flush();
            drawn = true;
        }
    }

    @Override
    public void close() {
        if (drawn) {
            screen.print(ERASE);
            screen.flush();
        }
    }
}
