package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.UnsafeApi;
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

    /** Each half of each address decides: only that half differs, and its digest does not. */
    @Test
    void everyHalfOfAnAddressIsCompared() {
        table.insert(draft(), NOW);
        final long clientHigh = highOfNextDigest(CLIENT_HIGH, CLIENT_LOW);
        final long clientLow = lowOfNextDigest(CLIENT_HIGH, CLIENT_LOW);
        final long vipHigh = highOfNextDigest(VIP_HIGH, VIP_LOW);
        final long vipLow = lowOfNextDigest(VIP_HIGH, VIP_LOW);
        assertEquals(FlowHash.digest(CLIENT_HIGH, CLIENT_LOW), FlowHash.digest(clientHigh, CLIENT_LOW));
        assertEquals(FlowHash.digest(CLIENT_HIGH, CLIENT_LOW), FlowHash.digest(CLIENT_HIGH, clientLow));
        assertEquals(FlowHash.digest(VIP_HIGH, VIP_LOW), FlowHash.digest(vipHigh, VIP_LOW));
        assertEquals(FlowHash.digest(VIP_HIGH, VIP_LOW), FlowHash.digest(VIP_HIGH, vipLow));

        assertEquals(FlowTable.NOT_FOUND, find(clientHigh, CLIENT_LOW, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
        assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH, clientLow, VIP_HIGH, VIP_LOW, PORTS, Flows.TCP));
        assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH, CLIENT_LOW, vipHigh, VIP_LOW, PORTS, Flows.TCP));
        assertEquals(FlowTable.NOT_FOUND, find(CLIENT_HIGH, CLIENT_LOW, VIP_HIGH, vipLow, PORTS, Flows.TCP));
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
     * The slot is removed, freed and claimed by another flow just when a lookup is about to read the key, and that
     * flow's source is written but its destination is not.
     */
    @Test
    void aTornKeyIsNoKey() {
        final InterruptingMemory memory = new InterruptingMemory();
        final FlowTable small = FlowTable.inMemory(new TableLayout(1, 1), memory);
        final FlowDraft draft = new FlowDraft();
        final long slotId = small.insert(draft.key6(2, 2, CLIENT_HIGH, CLIENT_LOW, PORTS, Flows.TCP, 0), NOW);
        final long address = small.buckets.addressOfSlot((int) slotId);
        memory.beforeKey = () -> {
            small.remove(slotId, NOW);
            small.sweep(NOW + FlowTable.GRACE_TICKS, ALL, silentFor(ALL));
            small.buckets.releaseControl((int) slotId, Control.CLAIMED);
            UnsafeApi.putInt(address + FlowSlot.SEQUENCE_OFFSET, 2);
            UnsafeApi.putInt(address + FlowSlot.SOURCE_OFFSET, FlowHash.digest(1, 3));
            UnsafeApi.putLong(address + FlowSlot.WIDE_SOURCE_OFFSET, 1);
            UnsafeApi.putLong(address + FlowSlot.WIDE_SOURCE_OFFSET + Long.BYTES, 3);
        };

        assertEquals(FlowTable.NOT_FOUND, small.find6(1, 3, CLIENT_HIGH, CLIENT_LOW, PORTS, Flows.TCP, 0));
        assertNull(memory.beforeKey, "the lookup came to the key");
    }

    /** Does something, once, between the second look at a LIVE control word and the key. */
    private static final class InterruptingMemory extends ControlMemory {
        private Runnable beforeKey;
        private int looks;

        @Override
        int acquire(long address) {
            final int word = super.acquire(address);
            if (beforeKey != null && Control.state(word) == Control.LIVE && ++looks == 2) {
                final Runnable interruption = beforeKey;
                beforeKey = null;
                interruption.run();
            }
            return word;
        }
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

    /** A digest is the upper half of a product; the mix whose product is greater by one has the same. */
    private static long nextMix(long high, long low) {
        return (FlowHash.mixedHigh(high) ^ low) + inverse(FlowHash.SECOND);
    }

    private static long lowOfNextDigest(long high, long low) {
        return nextMix(high, low) ^ FlowHash.mixedHigh(high);
    }

    private static long highOfNextDigest(long high, long low) {
        return ((nextMix(high, low) ^ low) * inverse(FlowHash.FIRST)) ^ FlowHash.SEED;
    }

    /** Of an odd number, modulo 2^64: each step of Newton's doubles the bits that are right, three at first. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int step = 0; step < 5; step++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    private static ExpiryPolicy silentFor(int ticks) {
        return flow -> ticks;
    }
}
