package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** IPv6 flows, alone and beside IPv4 ones. */
class WideFlowTableTest {
    private static final int NOW = 1_000;
    private static final int ALL = 1 << 20;
    private static final long CLIENT_HIGH = 0x2001_0DB8_0001_0002L;
    private static final long CLIENT_LOW = 0x8899_AABB_CCDD_EEFFL;
    private static final long VIP_HIGH = 0xFD00_0000_0000_0001L;
    private static final long VIP_LOW = 0x0123_4567_89AB_CDEFL;
    private static final int PORTS = (50_123 << 16) | 443;

    private final FlowTable table = FlowTable.inMemory(new TableLayout(2, 16));
    private final FlowSlot flow = new FlowSlot();

    @Test
    void findsWhatWasInserted() {
        final long slotId = table.insert(
                draft().rewrite6(1, 2, 3, 4, (5000 << 16) | 8443)
                        .service(42, 3)
                        .tcpState(2)
                        .flags(FlowSlot.FLAG_REPLY | FlowSlot.FLAG_DIRECT)
                        .counted(7, 700),
                NOW);

        assertTrue(slotId >= 0);
        assertEquals(slotId, find());
        table.wrap(flow, slotId);
        assertTrue(flow.isWide());
        assertEquals(CLIENT_HIGH, flow.sourceHigh());
        assertEquals(CLIENT_LOW, flow.sourceLow());
        assertEquals(VIP_HIGH, flow.destinationHigh());
        assertEquals(VIP_LOW, flow.destinationLow());
        assertEquals(PORTS, flow.ports());
        assertEquals(Flows.TCP, flow.protocol());
        assertEquals(1, flow.newSourceHigh());
        assertEquals(2, flow.newSourceLow());
        assertEquals(3, flow.newDestinationHigh());
        assertEquals(4, flow.newDestinationLow());
        assertEquals((5000 << 16) | 8443, flow.newPorts());
        assertEquals(42, flow.serviceId());
        assertEquals(3, flow.endpointIndex());
        assertEquals(2, flow.tcpState());
        assertEquals(17, flow.flags());
        assertEquals(FlowSlot.NO_PARTNER, flow.partner());
        assertEquals(NOW, flow.createdTick());
        assertEquals(NOW, flow.lastSeenTick());
        assertEquals(7, flow.packets());
        assertEquals(700, flow.bytes());
        assertEquals(1, table.liveCount());
        assertEquals(
                "flow proto 6 [2001:db8:1:2:8899:aabb:ccdd:eeff]:50123 > [fd00:0:0:1:123:4567:89ab:cdef]:443 reply",
                flow.toString());
    }

    @Test
    void isRewrittenToItselfUnlessToldOtherwise() {
        table.wrap(flow, table.insert(draft(), NOW));

        assertEquals(CLIENT_HIGH, flow.newSourceHigh());
        assertEquals(CLIENT_LOW, flow.newSourceLow());
        assertEquals(VIP_HIGH, flow.newDestinationHigh());
        assertEquals(VIP_LOW, flow.newDestinationLow());
        assertEquals(PORTS, flow.newPorts());
    }

    @Test
    void narrowAddressesReadAsMappedOnes() {
        final long slotId = table.insert(Flows.draft(7).rewrite(0xC0A850C8, 0xC0A8500B, 5), NOW);

        table.wrap(flow, slotId);

        assertFalse(flow.isWide());
        assertEquals(0, flow.sourceHigh() | flow.destinationHigh() | flow.newSourceHigh() | flow.newDestinationHigh());
        assertEquals(0xFFFF_0000_0000L | Flows.source(7), flow.sourceLow());
        assertEquals(0xFFFF_C0A8_50C8L, flow.destinationLow());
        assertEquals(0xFFFF_C0A8_50C8L, flow.newSourceLow());
        assertEquals(0xFFFF_C0A8_500BL, flow.newDestinationLow());
    }

    @Test
    void aDraftOfOneFamilyLeavesNothingToTheNext() {
        final FlowDraft draft = new FlowDraft();
        draft.key6(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP)
                .rewrite(1, 2, 3)
                .flags(FlowSlot.FLAG_TRANSLATED);
        draft.key6(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP);
        table.wrap(flow, table.insert(draft, NOW));
        assertEquals(0, flow.newSource() | flow.newDestination() | flow.flags());

        Flows.fill(draft, 7).rewrite6(1, 2, 3, 4, 5);
        table.wrap(flow, table.insert(draft, NOW));
        assertFalse(flow.isWide());
        assertEquals(Flows.source(7), flow.newSource());
        assertEquals(Flows.VIP, flow.newDestination());
        assertEquals(5, flow.newPorts());
    }

    /** All lookups go by the hash of the flow that is there, so that they come to its slot. */
    @Test
    void tuplesThatDifferInOneBitDoNotMatch() {
        table.insert(draft(), NOW);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            final long one = 1L << bit;
            assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH ^ one, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
            assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH, CLIENT_LOW ^ one, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
            assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH ^ one, VIP_LOW, PORTS, Flows.TCP));
            assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW ^ one, PORTS, Flows.TCP));
        }
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            assertEquals(
                    FlowTable.NOT_FOUND, find(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS ^ 1 << bit, Flows.TCP));
        }
        assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.UDP));
        assertEquals(FlowTable.NOT_FOUND, find(VIP_HIGH, VIP_LOW, CLIENT_HIGH, CLIENT_LOW, PORTS, Flows.TCP));
    }

    @Test
    void hashesOfTuplesThatDifferInOneBitDiffer() {
        final Set<Integer> hashes = new HashSet<>(List.of(hash()));
        for (int bit = 0; bit < Long.SIZE; bit++) {
            final long one = 1L << bit;
            hashes.add(FlowTable.hash6(CLIENT_HIGH ^ one, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
            hashes.add(FlowTable.hash6(CLIENT_HIGH, CLIENT_LOW ^ one, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
            hashes.add(FlowTable.hash6(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH ^ one, VIP_LOW, PORTS, Flows.TCP));
            hashes.add(FlowTable.hash6(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW ^ one, PORTS, Flows.TCP));
        }
        assertEquals(1 + 4 * Long.SIZE, hashes.size());
    }

    @Test
    void addressesOfOneDigestDoNotMatch() {
        final long otherHigh = CLIENT_HIGH ^ 0x0000_0000_0000_F000L;
        final long otherLow = lowOfSameDigest(otherHigh);
        assertEquals(FlowHash.digest(CLIENT_HIGH, CLIENT_LOW), FlowHash.digest(otherHigh, otherLow));
        final long slotId = table.insert(draft(), NOW);

        assertEquals(FlowTable.NOT_FOUND, find(otherHigh, otherLow, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
        final long other = table.insert(
                new FlowDraft().key6(otherHigh, otherLow, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP, hash()), NOW);

        assertTrue(other >= 0);
        assertNotEquals(slotId, other);
        assertEquals(other, find(otherHigh, otherLow, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
        assertEquals(slotId, find());
    }

    @Test
    void narrowAndWideFlowsOfEqualDigestsDoNotMatch() {
        final int source = FlowHash.digest(CLIENT_HIGH, CLIENT_LOW);
        final int destination = FlowHash.digest(VIP_HIGH, VIP_LOW);
        final long wide = table.insert(draft(), NOW);
        assertEquals(FlowTable.NOT_FOUND, table.find(source, destination, PORTS, Flows.TCP, hash()));

        final long narrow = table.insert(new FlowDraft().key(source, destination, PORTS, Flows.TCP, hash()), NOW);

        assertTrue(narrow >= 0);
        assertNotEquals(wide, narrow);
        assertEquals(narrow, table.find(source, destination, PORTS, Flows.TCP, hash()));
        assertEquals(wide, find());
        table.remove(wide, NOW);
        assertEquals(FlowTable.NOT_FOUND, find());
        assertTrue(table.isLive(narrow));
    }

    @Test
    void aMappedAddressIsNotTheNarrowOne() {
        table.insert(Flows.draft(7), NOW);

        assertEquals(
                FlowTable.NOT_FOUND,
                table.find6(
                        0,
                        FlowSlot.mapped(Flows.source(7)),
                        0,
                        FlowSlot.mapped(Flows.VIP),
                        Flows.ports(7),
                        Flows.TCP,
                        Flows.hash(7)));
    }

    @Test
    void slotsAreDistinctAlignedAndInsideTheirRegion() {
        final Set<Long> ids = new HashSet<>();
        for (int n = 0; n < 200; n++) {
            for (final Family family : Family.values()) {
                final long slotId = table.insert(family.draft(n), NOW);
                final int length = family == Family.IPV6 ? 128 : 64;
                assertTrue(slotId >= 0 && slotId <= Integer.MAX_VALUE);
                assertTrue(ids.add(slotId));
                assertEquals(0, table.offset(slotId) % length);
                assertTrue(table.offset(slotId) + length <= table.buffer(slotId).capacity());
                assertEquals(
                        table.wrap(flow, slotId).ports(),
                        table.buffer(slotId).getInt(table.offset(slotId) + FlowSlot.PORTS_OFFSET));
            }
        }
        assertEquals(400, table.liveCount());
        assertEquals(2 * 2 * 16 * 15, table.capacity());
    }

    @Test
    void touchReadsTheLinesOfTheLookup() {
        final long slotId = table.insert(draft(), NOW);
        final int bucketOffset = table.offset(slotId) & -TableLayout.WIDE_BUCKET_LENGTH;

        assertEquals(
                table.buffer(slotId).getInt(bucketOffset)
                        + table.wrap(flow, slotId).sequence()
                        + table.buffer(slotId).getInt(table.offset(slotId) + TableLayout.LINE_LENGTH),
                table.touch6(hash()));
    }

    @Test
    void fullWideNeighbourhoodRefusesAndLeavesTheNarrowOneAlone() {
        final int room = ProbeOrder.MAX_PROBES * TableLayout.SLOTS_PER_BUCKET;
        final long[] slotIds = new long[room];
        for (int n = 0; n < room; n++) {
            slotIds[n] = table.insert(Family.IPV6.colliding(n), NOW);
            assertTrue(slotIds[n] >= 0);
        }

        assertEquals(FlowTable.FULL, table.insert(Family.IPV6.colliding(room), NOW));
        assertTrue(table.insert(Family.IPV4.colliding(room), NOW) >= 0);

        for (int n = 0; n < room; n++) {
            assertEquals(slotIds[n], Family.IPV6.findColliding(table, n));
            assertTrue(table.remove(slotIds[n], NOW));
        }
        assertEquals(0, Flows.overflowSum(table));
        table.sweep(NOW + FlowTable.GRACE_TICKS, ALL, silentFor(ALL));
        assertEquals(slotIds[0], table.insert(Family.IPV6.colliding(0), NOW));
        assertEquals(2, table.wrap(flow, slotIds[0]).sequence());
    }

    @Test
    void directionsOfNat64ExpireTogether() {
        final long request = table.insert(
                draft().rewrite(0xC0A850C8, 0xC0A8500B, (5000 << 16) | 8080).flags(FlowSlot.FLAG_TRANSLATED), NOW);
        final long reply = table.insert(
                new FlowDraft()
                        .key(0xC0A8500B, 0xC0A850C8, (8080 << 16) | 5000, Flows.TCP)
                        .rewrite6(0, 0, 0, 0, (443 << 16) | 50_123)
                        .flags(FlowSlot.FLAG_REPLY | FlowSlot.FLAG_TRANSLATED),
                NOW);
        assertEquals(FlowTable.NOT_FOUND, table.partner(request));
        table.link(request, reply);

        assertEquals(reply, table.partner(request));
        assertEquals(request, table.partner(reply));
        table.wrap(flow, request);
        assertEquals(0xC0A850C8, flow.newSource());
        assertEquals(0xC0A8500B, flow.newDestination());
        assertEquals(0, flow.newSourceHigh());
        assertEquals(0xFFFF_C0A8_50C8L, flow.newSourceLow());
        assertEquals(0xFFFF_C0A8_500BL, flow.newDestinationLow());

        table.wrap(flow, reply).count(100, NOW + 50);
        assertEquals(0, table.sweep(NOW + 100, ALL, silentFor(60)));
        table.wrap(flow, request).count(100, NOW + 100);
        assertEquals(0, table.sweep(NOW + 150, ALL, silentFor(60)));
        assertEquals(2, table.sweep(NOW + 161, ALL, silentFor(60)));
        assertEquals(0, table.liveCount());
        assertEquals(FlowTable.NOT_FOUND, table.partner(request));
    }

    @Test
    void listingAndRemovalSeeBothFamilies() {
        for (int n = 0; n < 20; n++) {
            table.insert(Family.inTurns(n).draft(n).service(n, 0), NOW);
        }
        final List<Integer> services = new ArrayList<>();

        table.forEachLive(
                (copy, slotId) -> {
                    assertEquals(Family.inTurns(copy.serviceId()) == Family.IPV6, copy.isWide());
                    assertEquals(copy.isWide() ? Family.NETWORK : 0, copy.destinationHigh());
                    services.add(copy.serviceId());
                },
                ALL);

        assertEquals(20, services.size());
        assertEquals(20, new HashSet<>(services).size());
        assertEquals(10, table.removeIf(FlowSlot::isWide, NOW));
        assertEquals(10, table.liveCount());
        assertEquals(10, table.removeIf(candidate -> true, NOW));
    }

    @Test
    void sweepComesToEveryBucketOfBothKinds() {
        for (int n = 0; n < 100; n++) {
            table.insert(Family.inTurns(n).draft(n), NOW);
        }
        int removed = 0;
        for (int step = 0; step < 64; step++) {
            removed += table.sweep(NOW + 100, 1, silentFor(60));
        }
        assertEquals(100, removed);
    }

    /**
     * One slot holds one flow and then another in turns; no lookup takes the source of one and the destination of the
     * other for a key. Their digests are equal, so that nothing but the sequence tells.
     */
    @Test
    void aTornKeyIsNoKey() throws Exception {
        final FlowTable small = FlowTable.inMemory(new TableLayout(1, 1));
        final AtomicBoolean running = new AtomicBoolean(true);
        final long otherHigh = CLIENT_HIGH + 1;
        final long otherLow = lowOfSameDigest(otherHigh);
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            final Future<Integer> reader = threads.submit(() -> {
                int wrong = 0;
                while (running.get()) {
                    wrong += findFromTo(small, CLIENT_HIGH, CLIENT_LOW, otherHigh, otherLow) < 0 ? 0 : 1;
                    wrong += findFromTo(small, otherHigh, otherLow, CLIENT_HIGH, CLIENT_LOW) < 0 ? 0 : 1;
                }
                return wrong;
            });
            final FlowDraft draft = new FlowDraft();
            int now = 0;
            for (int round = 0; round < 200_000; round++) {
                final long high = (round & 1) == 0 ? CLIENT_HIGH : otherHigh;
                final long low = (round & 1) == 0 ? CLIENT_LOW : otherLow;
                final long slotId = small.insert(draft.key6(high, low, high, low, PORTS, Flows.TCP, 0), now);
                assertTrue(small.remove(slotId, now));
                now += FlowTable.GRACE_TICKS;
                small.sweep(now, 2, silentFor(ALL));
            }
            running.set(false);
            assertEquals(0, reader.get());
        }
    }

    private static long findFromTo(FlowTable table, long srcHigh, long srcLow, long dstHigh, long dstLow) {
        return table.find6(srcHigh, srcLow, dstHigh, dstLow, PORTS, Flows.TCP, 0);
    }

    private FlowDraft draft() {
        return new FlowDraft().key6(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP);
    }

    private static int hash() {
        return FlowTable.hash6(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP);
    }

    private long find() {
        return find(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP);
    }

    private long find(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol) {
        return table.find6(srcHigh, srcLow, dstHigh, dstLow, ports, protocol, hash());
    }

    /** Addresses whose halves, mixed, are equal have one digest. */
    private static long lowOfSameDigest(long high) {
        return CLIENT_LOW ^ FlowHash.mixedHigh(CLIENT_HIGH) ^ FlowHash.mixedHigh(high);
    }

    private static ExpiryPolicy silentFor(int ticks) {
        return flow -> ticks;
    }
}
