package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of inserts, four times in a row, on one file. */
class ConnectionTableCrashTest {
    private static final int KILLS = 4;
    private static final int FLOWS_BEFORE_KILL = 3_000;
    private static final int FLOWS_PER_LIFE = 100_000;

    @TempDir
    Path directory;

    private final Set<Integer> inserted = new HashSet<>();
    private final Set<Integer> removed = new HashSet<>();

    @Test
    void everyFlowWhoseInsertReturnedSurvivesFourKills() throws Exception {
        for (int life = 1; life <= KILLS; life++) {
            liveAndDie(life);
            try (ConnectionTable table = ConnectionTable.open(directory, CrashingOwner.LAYOUT, CrashingOwner.BOOT)) {
                assertEquals("", table.report().setAside());
                assertEquals(2L * life, table.report().epoch());
                assertWhole(table.flows());
            }
        }
    }

    private void liveAndDie(int life) throws IOException, InterruptedException {
        final Process owner = start(life * FLOWS_PER_LIFE);
        try (BufferedReader lines = owner.inputReader()) {
            final int enough = inserted.size() + FLOWS_BEFORE_KILL;
            String line = lines.readLine();
            while (line != null && inserted.size() < enough) {
                record(line);
                line = lines.readLine();
            }
            assertTrue(line != null, "the owner ended early");
            if (life == 1) {
                assertRefused(owner.pid());
            }
            // Through the handle: Process.destroyForcibly would close the stream that is still to be read.
            owner.toHandle().destroyForcibly();
            while (line != null) {
                record(line);
                line = lines.readLine();
            }
            assertEquals(128 + 9, owner.waitFor());
        } finally {
            owner.destroyForcibly();
        }
    }

    /** Lines are whole: each goes into the pipe with one write shorter than PIPE_BUF. */
    private void record(String line) {
        if (line.startsWith("+ ")) {
            inserted.add(Integer.valueOf(line.substring(2)));
        } else if (line.startsWith("- ")) {
            removed.add(Integer.valueOf(line.substring(2)));
        }
    }

    private void assertRefused(long pid) {
        final ConnectionTableException refusal = assertThrows(
                ConnectionTableException.class,
                () -> ConnectionTable.open(directory, CrashingOwner.LAYOUT, CrashingOwner.BOOT));
        assertTrue(refusal.getMessage().contains("is in use by process " + pid + ","), refusal.getMessage());
    }

    private void assertWhole(FlowTable flows) {
        final FlowSlot slot = new FlowSlot();
        for (final int n : inserted) {
            final long slotId = Family.inTurns(n).find(flows, n);
            if (removed.contains(n)) {
                assertEquals(FlowTable.NOT_FOUND, slotId, "removed flow " + n);
            } else if (n % 3 != 0) {
                assertTrue(slotId >= 0, "flow " + n);
                assertEquals(n, flows.wrap(slot, slotId).serviceId());
            }
        }
        assertEquals(expectedOverflow(flows), Flows.overflowSum(flows));
        for (int index = 0; index < flows.buckets.count(); index++) {
            for (int i = 0; i < TableLayout.SLOTS_PER_BUCKET; i++) {
                final int state =
                        Control.state(flows.buckets.control(Buckets.slotId(flows.buckets.bucketAt(index), i)));
                assertTrue(state == Control.FREE || state == Control.LIVE, "state " + state);
            }
        }
    }

    private static int expectedOverflow(FlowTable flows) {
        final int[] sum = {0};
        flows.forEachLive(
                (flow, slotId) -> {
                    final Family family = Family.inTurns(flow.serviceId());
                    final int home = family.order(flows).home(family.hash(flow.serviceId()));
                    sum[0] +=
                            (Buckets.bucketOfSlot((int) slotId) - home) & (CrashingOwner.LAYOUT.bucketsPerRegion() - 1);
                },
                Integer.MAX_VALUE);
        return sum[0];
    }

    private Process start(int first) throws IOException {
        final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        java.toString(),
                        "@" + flags(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        CrashingOwner.class.getName(),
                        directory.toString(),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Path flags() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("scripts/jvm.flags"))) {
            directory = directory.getParent();
        }
        return directory.resolve("scripts/jvm.flags");
    }
}
