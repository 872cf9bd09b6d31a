package io.gatun.forwarder.conntrack;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that owns a table and works on it until it is killed. Two threads insert flows of both families, remove every
 * third and say so, one line each, after the call returned: {@code + n} or {@code - n}.
 */
final class CrashingOwner {
    static final TableLayout LAYOUT = new TableLayout(1, 2048);
    static final String BOOT = "crash-test";

    private CrashingOwner() {}

    public static void main(String[] args) throws InterruptedException {
        final ConnectionTable table = ConnectionTable.open(Path.of(args[0]), LAYOUT, BOOT);
        final int first = Integer.parseInt(args[1]);
        final Thread odd = new Thread(() -> work(table.flows(), first + 1));
        odd.setDaemon(true);
        odd.start();
        work(table.flows(), first);
        odd.join();
    }

    private static void work(FlowTable flows, int first) {
        final FlowDraft draft = new FlowDraft();
        for (int n = first; ; n += 2) {
            final long slotId = flows.insert(fill(draft, n).service(n, 0), n);
            if (slotId < 0) {
                return;
            }
            say('+', n);
            if (n % 3 == 0) {
                flows.remove(slotId, n);
                say('-', n);
            }
        }
    }

    private static FlowDraft fill(FlowDraft draft, int n) {
        final Family family = Family.inTurns(n);
        return family.fill(draft, n, family.hash(n));
    }

    private static void say(char what, int n) {
        final byte[] line = (what + " " + n + "\n").getBytes(StandardCharsets.US_ASCII);
        System.out.write(line, 0, line.length);
        System.out.flush();
    }
}
