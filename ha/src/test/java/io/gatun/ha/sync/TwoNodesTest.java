package io.gatun.ha.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes over a network in memory that loses what it likes, by seed; time is what the test says. */
class TwoNodesTest {
    private static final SyncKey KEY = key("the key of both nodes");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void afterLossesBothTablesAreEqual(long seed) {
        MemoryNetwork network = new MemoryNetwork(2, new Random(seed));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        MemoryNode b = new MemoryNode(network, 1, KEY);
        Random random = new Random(seed);
        network.lossPercent(20);
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> a.open(random.nextInt(2_000));
                case 3 -> a.establish(random.nextInt(2_000));
                case 4 -> a.expire(random.nextInt(2_000));
                default -> run(network, 1, a, b);
            }
            if (random.nextInt(1_000) == 0) {
                network.lossPercent(random.nextInt(60));
            }
        }
        network.lossPercent(0);
        run(network, 3_000, a, b);
        assertEquals(SyncState.COMPLETE, a.states().getLast());
        assertEquals(SyncState.COMPLETE, b.states().getLast());
        assertEquals(List.of(), missing(a, b));
        for (int i = 0; i < 15_000; i++) {
            a.touchAll();
            run(network, 1, a, b);
        }
        a.sweep(TimeUnit.SECONDS.toNanos(12)); // what B gave back
        b.sweep(TimeUnit.SECONDS.toNanos(12)); // what has ended without B's hearing of it

        assertEquals(a.flows(), b.flows());
        assertTrue(a.flows().size() > 100);
    }

    @Test
    void withoutLossesBothTablesAreEqualAtOnce() {
        MemoryNetwork network = new MemoryNetwork(2, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, null);
        MemoryNode b = new MemoryNode(network, 1, null);
        run(network, 50, a, b);
        for (int i = 0; i < 500; i++) {
            a.open(i);
        }
        for (int i = 0; i < 250; i++) {
            a.establish(i);
        }
        run(network, 10, a, b);
        assertEquals(1_000, b.flows().size());
        assertEquals(a.flows(), b.flows());
        for (int i = 0; i < 250; i++) {
            a.expire(i);
        }
        run(network, 10, a, b);
        assertEquals(500, b.flows().size());
        assertEquals(a.flows(), b.flows());
        assertEquals(0, b.count("sync_bad") + b.count("sync_refused_auth") + b.count("sync_lost"));
    }

    @Test
    void whatAPeerHasNotIsMeasured() {
        MemoryNetwork network = new MemoryNetwork(2, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        for (int i = 0; i < 100; i++) {
            a.open(i);
        }
        run(network, 1_000, a);
        assertEquals(100, a.count("sync_unsynced"));
        assertEquals(999, a.count("sync_lag_ms"));

        MemoryNode b = new MemoryNode(network, 1, KEY);
        run(network, 2_000, a, b);
        assertEquals(0, a.count("sync_unsynced") + a.count("sync_lag_ms"));

        network.full(1);
        for (int i = 100; i < 120; i++) {
            a.open(i);
        }
        run(network, 20, a, b);
        assertTrue(a.count("sync_unsynced") > 0);
        assertEquals(20, a.count("sync_lag_ms"));
        network.full(-1);
        run(network, 20, a, b);
        assertEquals(0, a.count("sync_unsynced") + a.count("sync_lag_ms"));
    }

    @Test
    void aNodeThatStartsAnewGetsTheWholeTable() {
        MemoryNetwork network = new MemoryNetwork(2, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        MemoryNode b = new MemoryNode(network, 1, KEY);
        for (int i = 0; i < 3_000; i++) {
            a.open(i);
        }
        run(network, 2_000, a, b);
        assertEquals(a.flows(), b.flows());

        MemoryNode fresh = new MemoryNode(network, 1, KEY);
        run(network, 2_000, a, fresh);

        assertEquals(a.flows(), fresh.flows());
        assertEquals(1, fresh.count("sync_tables"));
        assertEquals(List.of(SyncState.SILENT, SyncState.COMING, SyncState.COMPLETE), fresh.states());
    }

    /** Whose messages were lost meanwhile is not complete before it has a table anew. */
    @Test
    void aPeerThatFallsSilentMayKnowMoreWhenItIsBack() {
        MemoryNetwork network = new MemoryNetwork(2, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        MemoryNode b = new MemoryNode(network, 1, KEY);
        run(network, 2_000, a, b);
        network.lossPercent(100);
        run(network, 1_500, a, b);
        assertEquals(SyncState.COMPLETE, b.states().getLast());
        run(network, 2_500, a, b);
        assertEquals(SyncState.SILENT, b.states().getLast());
        a.open(7);
        network.lossPercent(0);
        run(network, 2_000, a, b);
        assertEquals(a.flows(), b.flows());
        assertEquals(
                List.of(
                        SyncState.SILENT,
                        SyncState.COMING,
                        SyncState.COMPLETE,
                        SyncState.SILENT,
                        SyncState.COMING,
                        SyncState.COMPLETE),
                b.states());
    }

    @Test
    void threeNodesFindEachOther() {
        MemoryNetwork network = new MemoryNetwork(3, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        MemoryNode b = new MemoryNode(network, 1, KEY);
        MemoryNode c = new MemoryNode(network, 2, KEY);
        a.open(7);
        b.open(8);
        run(network, 3_000, a, b, c);
        assertEquals(4, c.flows().size());
        assertEquals(a.flows(), c.flows());
        assertEquals(b.flows(), c.flows());
        assertEquals(0, a.count("sync_refused_auth") + b.count("sync_refused_auth") + c.count("sync_refused_auth"));
    }

    @Test
    void anotherKeyOrNoneIsRefused() {
        MemoryNetwork network = new MemoryNetwork(3, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        MemoryNode b = new MemoryNode(network, 1, key("a key of somebody else"));
        MemoryNode c = new MemoryNode(network, 2, null);
        a.open(7);
        run(network, 3_000, a, b, c);
        assertEquals(0, b.flows().size() + c.flows().size());
        for (MemoryNode node : new MemoryNode[] {a, b, c}) {
            assertTrue(node.count("sync_refused_auth") > 0);
            assertEquals(0, node.count("sync_received"));
            assertEquals(List.of(SyncState.SILENT), node.states());
        }
    }

    /** All that was ever sent is sent once more, to both; the second time in an order of its own. */
    @Test
    void nothingCountsTwice() {
        MemoryNetwork network = new MemoryNetwork(2, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        MemoryNode b = new MemoryNode(network, 1, KEY);
        network.recording(true);
        run(network, 100, a, b);
        for (int i = 0; i < 100; i++) {
            a.open(i);
        }
        run(network, 100, a, b);
        long received = b.count("sync_received");
        network.recording(false);
        network.replay();
        b.agent().doWork();
        a.agent().doWork();
        assertEquals(received, b.count("sync_received"));
        assertTrue(b.count("sync_refused_auth") > 0);

        MemoryNode fresh = new MemoryNode(network, 1, KEY);
        network.replay();
        for (int i = 0; i < 10; i++) {
            fresh.agent().doWork(); // A says nothing meanwhile
        }
        assertEquals(0, fresh.flows().size());
    }

    /** Without a key there is nothing to tell a damaged record from a sound one, but what is sound again is taken. */
    @Test
    void damagedMessagesThrowNothing() {
        MemoryNetwork network = new MemoryNetwork(2, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, null);
        MemoryNode b = new MemoryNode(network, 1, null);
        run(network, 100, a, b);
        network.damaging(1);
        for (int i = 0; i < 300; i++) { // more of it fills B's table
            a.open(i % 200);
            a.establish(i % 200);
            run(network, 1, a, b);
        }
        assertTrue(b.count("sync_bad") > 0);
        network.damaging(-1);
        run(network, 3_000, a, b);
        Set<String> before = b.flows();
        for (int i = 0; i < 100; i++) {
            a.open(10_000 + i);
        }
        run(network, 10, a, b);
        Set<String> fresh = new TreeSet<>(b.flows());
        fresh.removeAll(before);
        assertEquals(200, fresh.size());
        assertTrue(a.flows().containsAll(fresh));
    }

    @Test
    void aPeerThatTakesNothingIsNotWaitedFor() {
        MemoryNetwork network = new MemoryNetwork(3, new Random(1));
        MemoryNode a = new MemoryNode(network, 0, KEY);
        MemoryNode b = new MemoryNode(network, 1, KEY);
        MemoryNode c = new MemoryNode(network, 2, KEY);
        run(network, 2_000, a, b, c);
        network.full(2);
        for (int i = 0; i < 100; i++) {
            a.open(i);
            run(network, 2, a, b);
        }
        run(network, 200, a, b);
        assertEquals(a.flows(), b.flows());
        assertTrue(a.count("sync_lost") > 0);
        network.full(-1);
        run(network, 3_000, a, b, c);
        assertEquals(a.flows(), c.flows());
    }

    private static List<String> missing(MemoryNode a, MemoryNode b) {
        Set<String> missing = new TreeSet<>(a.ownFlows());
        missing.removeAll(b.flows());
        return List.copyOf(missing);
    }

    private static void run(MemoryNetwork network, int ms, MemoryNode... nodes) {
        for (int i = 0; i < ms; i++) {
            for (MemoryNode node : nodes) {
                node.agent().doWork();
            }
            network.advance(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static SyncKey key(String text) {
        return SyncKey.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
