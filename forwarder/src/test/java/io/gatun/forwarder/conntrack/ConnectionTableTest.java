package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTableTest {
    private static final TableLayout LAYOUT = new TableLayout(2, 64);
    private static final String BOOT = "boot-1";

    @TempDir
    Path directory;

    @Test
    void flowsOutliveTheProcess() {
        try (ConnectionTable table = open()) {
            assertEquals(new OpeningReport(1, 0, 0, ""), table.report());
            insert(table, 1_000);
        }
        try (ConnectionTable table = open()) {
            assertEquals(new OpeningReport(2, 1_000, 0, ""), table.report());
            assertFindsAll(table, 1_000);
            assertEquals(1_000, table.flows().liveCount());
        }
    }

    @Test
    void bucketsArePageAligned() {
        try (ConnectionTable table = open()) {
            for (final Family family : Family.values()) {
                final long slotId = table.flows().insert(family.draft(1), 0);

                assertEquals(0, table.flows().buffer(slotId).addressOffset() % 4096);
            }
        }
    }

    @Test
    void removedFlowsStayRemovedAndTheirSlotsAreFree() {
        try (ConnectionTable table = open()) {
            insert(table, 100);
            assertEquals(100, table.flows().removeIf(flow -> true, 0));
        }
        try (ConnectionTable table = open()) {
            assertEquals(new OpeningReport(2, 0, 0, ""), table.report());
        }
    }

    @Test
    void secondOwnerIsRefusedInOneSentence() {
        try (ConnectionTable table = open()) {
            final ConnectionTableException refusal = assertThrows(ConnectionTableException.class, this::open);

            assertEquals(
                    "run-dir=" + directory + " is in use by process "
                            + ProcessHandle.current().pid() + ", stop it or give --run-dir another directory",
                    refusal.getMessage());
            assertEquals(1, table.report().epoch());
        }
        open().close();
    }

    @Test
    void otherLayoutIsSetAside() throws IOException {
        open().close();
        try (ConnectionTable table = ConnectionTable.open(directory, new TableLayout(2, 128), BOOT)) {
            assertSetAside(table, 1);
            assertTrue(
                    table.report().setAside().contains("2 regions of 64 buckets"),
                    table.report().setAside());
            assertTrue(
                    table.report().setAside().contains("2 regions of 128 buckets"),
                    table.report().setAside());
        }
    }

    @Test
    void otherBootIsSetAside() throws IOException {
        open().close();
        try (ConnectionTable table = ConnectionTable.open(directory, LAYOUT, "boot-2")) {
            assertSetAside(table, 1);
        }
    }

    @Test
    void onlyTheLastOneSetAsideIsKept() throws IOException {
        open().close();
        ConnectionTable.open(directory, LAYOUT, "boot-2").close();
        try (ConnectionTable table = ConnectionTable.open(directory, LAYOUT, "boot-3")) {
            assertSetAside(table, 2);
        }
    }

    @Test
    void truncatedFileIsSetAside() throws IOException {
        open().close();
        try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        try (ConnectionTable table = open()) {
            assertSetAside(table, 1);
        }
    }

    @Test
    void fileWithoutSealIsSetAside() throws IOException {
        open().close();
        Files.delete(directory.resolve(TableFile.SEAL_NAME));
        try (ConnectionTable table = open()) {
            assertSetAside(table, 1);
        }
    }

    @Test
    void fileThatIsNoTableIsSetAside() throws IOException {
        Files.writeString(path(), "not a table");
        try (ConnectionTable table = open()) {
            assertSetAside(table, 1);
        }
    }

    @Test
    void tableOfTheFirstLayoutIsSetAside() throws IOException {
        open().close();
        Files.writeString(
                directory.resolve(TableFile.SEAL_NAME),
                "layout 1, 2 regions of 64 buckets, " + Files.size(path()) + " bytes, boot " + BOOT);
        try (ConnectionTable table = open()) {
            assertSetAside(table, 1);
            assertTrue(
                    table.report().setAside().contains("it has [layout 1, 2 regions of 64 buckets, "),
                    table.report().setAside());
        }
    }

    @Test
    void otherWideLayoutIsSetAside() throws IOException {
        open().close();
        try (ConnectionTable table = ConnectionTable.open(directory, new TableLayout(2, 64, 2, 32), BOOT)) {
            assertSetAside(table, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void foreignRegionsUnderAGoodSealAreSetAside(int number) throws IOException {
        open().close();
        try (ConnectionRegions regions = ConnectionRegions.open(new TableFile(directory, LAYOUT, BOOT))) {
            regions.headers()[number].setMemory(0, RegionHeader.LENGTH, (byte) 0);
        }
        try (ConnectionTable table = open()) {
            assertSetAside(table, 1);
            assertTrue(
                    table.report().setAside().contains("region " + number),
                    table.report().setAside());
        }
    }

    @Test
    void useAfterCloseFailsAndDoesNotCrash() {
        final ConnectionTable table = open();
        insert(table, 1);
        table.close();

        for (final Family family : Family.values()) {
            assertThrows(IllegalStateException.class, () -> family.find(table.flows(), 0));
        }
        table.close();
    }

    @Test
    void pairsOfBothFamiliesOutliveTheProcess() {
        try (ConnectionTable table = open()) {
            final long request = table.flows().insert(Family.IPV6.draft(1), 0);
            final long reply = table.flows().insert(Family.IPV4.draft(2), 0);
            table.flows().link(request, reply);
        }
        try (ConnectionTable table = open()) {
            final long request = Family.IPV6.find(table.flows(), 1);
            assertEquals(Family.IPV4.find(table.flows(), 2), table.flows().partner(request));
        }
    }

    @ParameterizedTest
    @EnumSource
    void takeOverFreesWhatWasNotFinished(Family family) {
        final FlowTable table = FlowTable.inMemory(new TableLayout(1, 4));
        for (int n = 0; n < 20; n++) {
            table.insert(family.colliding(n), 0);
        }
        final int live = (int) family.findColliding(table, 17);
        final int[] unfinished = {Control.CLAIMED, Control.PENDING, Control.KILLED, Control.DEAD};
        for (int i = 0; i < unfinished.length; i++) {
            table.buckets.releaseControl((int) family.findColliding(table, i), Control.word(0, unfinished[i]));
        }
        final int last = family.order(table).bucketAt(3);
        table.buckets.addOverflow(last, 7);

        final FlowTable next = new FlowTable(table.buckets);
        assertEquals(3, new TakeOver(next).run());

        assertEquals(16, next.liveCount());
        assertEquals(live, family.findColliding(next, 17));
        assertEquals(5, Flows.overflowSum(next));
        assertEquals(0, next.buckets.overflow(next.buckets.address(last)));
        assertTrue(next.insert(family.colliding(0), 0) >= 0);
    }

    private ConnectionTable open() {
        return ConnectionTable.open(directory, LAYOUT, BOOT);
    }

    private Path path() {
        return directory.resolve(TableFile.FILE_NAME);
    }

    private void assertSetAside(ConnectionTable table, int number) throws IOException {
        final String name = "connections.map.aside-" + number;
        assertEquals(1, table.report().epoch());
        assertTrue(
                table.report().setAside().startsWith(path() + " was set aside as " + name + " because "),
                table.report().setAside());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    List.of(name),
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.contains("aside"))
                            .toList());
        }
        insert(table, 10);
        assertFindsAll(table, 10);
    }

    private static void insert(ConnectionTable table, int flows) {
        for (int n = 0; n < flows; n++) {
            assertTrue(table.flows().insert(Family.inTurns(n).draft(n), 0) >= 0);
        }
    }

    private static void assertFindsAll(ConnectionTable table, int flows) {
        for (int n = 0; n < flows; n++) {
            assertFalse(Family.inTurns(n).find(table.flows(), n) < 0, "flow " + n);
        }
    }
}
