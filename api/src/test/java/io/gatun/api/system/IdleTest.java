package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When agents have a CPU: what they do when there is nothing to do, and who goes first. */
@LabTest
class IdleTest {
    private static final String COMM = "forwarder "; // and 5 letters of interface and queue: a name has 15
    private static final int RT_PRIORITY = 37; // field 40
    private static final int POLICY = 38;
    private static final int SCHED_FIFO = 1; // perhaps with SCHED_RESET_ON_FORK, which is not shown here
    private static final int SPUN_TICKS = 50;
    private static final long PATIENCE_NS = 60_000_000_000L;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void onlyTheAgentsOfInterfacesSpin(String engine, Lab lab) throws Exception {
        Host host = lab.host("lb-" + engine, "192.168.80." + (engine.equals("xdp") ? 5 : 6) + "/24");
        GatunNode node = GatunNode.start(host, directory, "--io=" + engine, "--idle=spin");
        long start = System.nanoTime();
        while (ticks(node, "eth0/") < SPUN_TICKS) {
            assertTrue(System.nanoTime() - start < PATIENCE_NS, "the agent of eth0 has not spun");
            Thread.onSpinWait();
        }
        long local = ticks(node, "gatun");
        long outer = ticks(node, "eth0/");
        assertTrue(local < outer / 4, "the agent of gatun1 has used " + local + " ticks, that of eth0 " + outer);
        node.terminate();
    }

    @Test
    void agentsHaveThePriorityThatIsAskedForAndAdvertsGoBeforeThem(Lab lab) throws Exception {
        Host host = lab.host("lb-fifo", "192.168.80.7/24");
        GatunNode node = GatunNode.start(host, directory, "--agent-priority=7", "--vrid=7");
        assertEquals(7, Integer.parseInt(stat(node, COMM + "eth0/")[RT_PRIORITY]));
        assertEquals(SCHED_FIFO, Integer.parseInt(stat(node, COMM + "eth0/")[POLICY]));
        assertEquals(7, Integer.parseInt(stat(node, COMM + "gatun")[RT_PRIORITY]));
        assertEquals(8, Integer.parseInt(stat(node, "gatun-vrrp")[RT_PRIORITY]));
        assertEquals(8, Integer.parseInt(stat(node, "VM Thread")[RT_PRIORITY]));
        assertEquals(0, Integer.parseInt(stat(node, "conductor")[RT_PRIORITY]));
        assertEquals(8, Integer.parseInt(stat(node, "gatun-announcer")[RT_PRIORITY]));
        node.terminate();
    }

    /** User and system time of an agent, in 1/100 s (proc_pid_stat(5), fields 14 and 15). */
    private static long ticks(GatunNode node, String agent) throws IOException {
        String[] fields = stat(node, COMM + agent);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** What proc_pid_stat(5) tells of a thread, from its third field on. */
    private static String[] stat(GatunNode node, String name) throws IOException {
        List<Path> threads;
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(node.pid()), "task"))) {
            threads = all.toList();
        }
        for (Path thread : threads) {
            if (comm(thread).equals(name)) {
                String stat = Files.readString(thread.resolve("stat"));
                return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            }
        }
        throw new AssertionError("no thread is named " + name);
    }

    private static String comm(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).stripTrailing();
        } catch (IOException ended) {
            return "";
        }
    }
}
