package io.gatun.forwarder.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountersFileTest {
    @TempDir
    private Path directory;

    @Test
    void whatAnAgentCountsIsReadByOthers() {
        try (CountersFile file = CountersFile.create(directory)) {
            AgentCounters counters = new AgentCounters(file.manager(), "eth0/0");
            counters.cycle();
            counters.received(3, 180);
            counters.transmitted(2, 120);
            counters.flowOpened();
            counters.refused();
            counters.resetDoubted();
            counters.idleResetSent();
            counters.idleResetsLost(4);
            counters.dropped(DropReason.FRAGMENT);
            counters.dropped(DropReason.TX_RING_FULL, 7);

            Map<String, Long> read = CountersFile.read(directory);

            assertEquals(file.values(), read);
            assertEquals(14 + DropReason.values().length, read.size());
            assertEquals(1, read.get("eth0/0 duty_cycles"));
            assertEquals(3, read.get("eth0/0 rx_packets"));
            assertEquals(180, read.get("eth0/0 rx_bytes"));
            assertEquals(2, read.get("eth0/0 tx_packets"));
            assertEquals(120, read.get("eth0/0 tx_bytes"));
            assertEquals(1, read.get("eth0/0 flows_opened"));
            assertEquals(1, read.get("eth0/0 refusals_sent"));
            assertEquals(1, read.get("eth0/0 resets_doubted"));
            assertEquals(1, read.get("eth0/0 idle_resets_sent"));
            assertEquals(4, read.get("eth0/0 idle_resets_lost"));
            assertEquals(0, read.get("eth0/0 flows_replaced"));
            assertEquals(0, read.get("eth0/0 half_open_given_up"));
            assertEquals(1, read.get("eth0/0 drop_fragment"));
            assertEquals(7, read.get("eth0/0 drop_tx_ring_full"));
            assertEquals(0, read.get("eth0/0 drop_no_port"));
            assertEquals(3, counters.received());
            assertEquals(2, counters.transmitted());
            assertEquals(7, counters.drops(DropReason.TX_RING_FULL));
        }
    }

    @Test
    void theFileOfADeadProcessIsReadToo() {
        try (CountersFile file = CountersFile.create(directory)) {
            new AgentCounters(file.manager(), "eth0/0").received(5, 5);
        }

        assertEquals(5, CountersFile.read(directory).get("eth0/0 rx_packets"));
    }

    @Test
    void eachStartBeginsAtZeroAndLeavesEarlierReadersAlone() {
        try (CountersFile first = CountersFile.create(directory)) {
            AgentCounters counters = new AgentCounters(first.manager(), "eth0/0");
            counters.received(5, 5);
            try (CountersFile second = CountersFile.create(directory)) {
                new AgentCounters(second.manager(), "eth1/0");
                counters.received(1, 1);

                assertFalse(CountersFile.read(directory).containsKey("eth0/0 rx_packets"));
                assertEquals(0, CountersFile.read(directory).get("eth1/0 rx_packets"));
                assertEquals(6, first.values().get("eth0/0 rx_packets"));
            }
        }
        assertFalse(Files.exists(directory.resolve("counters.new")));
    }

    @Test
    void aHalfMadeFileOfADeadProcessIsReplaced() throws IOException {
        Files.write(directory.resolve("counters.new"), new byte[10]);

        CountersFile.create(directory).close();

        assertEquals(Map.of(), CountersFile.read(directory));
    }

    @Test
    void aForeignFileIsNamed() throws IOException {
        Path file = directory.resolve("counters");
        Files.write(file, new byte[10]);
        assertEquals(file + " has 10 bytes, which no counters file has", message(directory));
        Files.write(file, new byte[4096]);
        assertEquals(file + " is no counters file of this version of Gatun", message(directory));
        ByteBuffer cut = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
        cut.putInt(0x4741_5431).putInt(1 << 20).putInt(1 << 20);
        Files.write(file, cut.array());
        assertEquals(file + " is no counters file of this version of Gatun", message(directory));
    }

    @Test
    void aMissingFileIsNamedWithTheCure() {
        String message = message(directory.resolve("nowhere"));

        assertTrue(message.startsWith(directory.resolve("nowhere").resolve("counters") + " "), message);
        assertTrue(message.contains("--run-dir"), message);
    }

    @Test
    void aDirectoryThatIsNoneIsNamed() {
        UncheckedIOException e =
                assertThrows(UncheckedIOException.class, () -> CountersFile.create(directory.resolve("nowhere")));

        assertEquals(
                directory.resolve("nowhere").resolve("counters") + " cannot be made, check the directory and its space",
                e.getMessage());
    }

    private static String message(Path from) {
        return assertThrows(UncheckedIOException.class, () -> CountersFile.read(from))
                .getMessage();
    }
}
