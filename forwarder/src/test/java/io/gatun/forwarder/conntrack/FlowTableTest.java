package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowTableTest {
    private static final int NOW = 1_000;
    private static final int RESTED = NOW + FlowTable.GRACE_TICKS;
    private static final int ALL = 1 << 20;

    private final FlowTable table = FlowTable.inMemory(new TableLayout(2, 16));
    private final FlowSlot flow = new FlowSlot();

    @Test
    void findsWhatWasInserted() {
        final long slotId = table.insert(
                Flows.draft(7)
                        .rewrite(0xC0A850C8, 0xC0A8500B, (5000 << 16) | 8080)
                        .service(42, 3)
                        .tcpState(2)
                        .flags(5),
                NOW);

        assertTrue(slotId >= 0);
        assertEquals(slotId, Flows.find(table, 7));
        table.wrap(flow, slotId);
        assertEquals(Flows.source(7), flow.source());
        assertEquals(Flows.VIP, flow.destination());
        assertEquals(1031, flow.sourcePort());
        assertEquals(80, flow.destinationPort());
        assertEquals(Flows.TCP, flow.protocol());
        assertEquals(0xC0A850C8, flow.newSource());
        assertEquals(0xC0A8500B, flow.newDestination());
        assertEquals((5000 << 16) | 8080, flow.newPorts());
        assertEquals(42, flow.serviceId());
        assertEquals(3, flow.endpointIndex());
        assertEquals(2, flow.tcpState());
        assertEquals(5, flow.flags());
        assertTrue(flow.isReply());
        assertEquals(FlowSlot.NO_PARTNER, flow.partner());
        assertEquals(NOW, flow.lastSeenTick());
        assertEquals(1, table.liveCount());
    }

    @Test
    void tellsProtocolsApart() {
        table.insert(Flows.draft(7), NOW);

        assertEquals(
                FlowTable.NOT_FOUND, table.find(Flows.source(7), Flows.VIP, Flows.ports(7), Flows.UDP, Flows.hash(7)));
    }

    @Test
    void secondInsertFindsTheFirst() {
        final long slotId = table.insert(Flows.draft(7), NOW);

        final long again = table.insert(Flows.draft(7), NOW);

        assertTrue(FlowTable.isExisting(again));
        assertEquals(slotId, FlowTable.existing(again));
        assertEquals(1, table.liveCount());
    }

    @Test
    void verdictsAreNotMistakenForSlots() {
        assertFalse(FlowTable.isExisting(FlowTable.FULL));
        assertFalse(FlowTable.isExisting(FlowTable.BUSY));
        assertFalse(FlowTable.isExisting(0));
        assertTrue(FlowTable.isExisting(~0L));
        assertEquals(0, FlowTable.existing(~0L));
    }

    @Test
    void removedIsGoneAndRemovedOnce() {
        final long slotId = table.insert(Flows.draft(7), NOW);

        assertTrue(table.remove(slotId, NOW));

        assertFalse(table.remove(slotId, NOW));
        assertFalse(table.isLive(slotId));
        assertEquals(FlowTable.NOT_FOUND, Flows.find(table, 7));
        assertEquals(0, table.liveCount());
    }

    @Test
    void slotRestsBeforeItIsUsedAgain() {
        final long slotId = table.insert(Flows.draft(7), NOW);
        table.remove(slotId, NOW);

        table.sweep(RESTED - 1, ALL, neverExpires());
        final long second = table.insert(Flows.draft(7), NOW);
        assertNotEquals(slotId, second);
        table.remove(second, RESTED);

        table.sweep(RESTED, ALL, neverExpires());
        assertEquals(slotId, table.insert(Flows.draft(7), RESTED));
        assertEquals(2, table.wrap(flow, slotId).sequence());
    }

    @Test
    void aClockThatIsBehindTheRemoverFreesNothing() {
        final long slotId = table.insert(Flows.draft(7), NOW);
        table.remove(slotId, NOW + 5);

        table.sweep(NOW, ALL, neverExpires());

        assertNotEquals(slotId, table.insert(Flows.draft(7), NOW));
    }

    @Test
    void fullBucketOverflowsAndComesBackToZero() {
        final long[] slotIds = new long[20];
        for (int n = 0; n < slotIds.length; n++) {
            slotIds[n] = table.insert(Flows.colliding(n), NOW);
            assertTrue(slotIds[n] >= 0);
        }
        assertEquals(5, Flows.overflowSum(table));
        for (int n = 0; n < slotIds.length; n++) {
            assertEquals(slotIds[n], Flows.findColliding(table, n));
        }

        for (final long slotId : slotIds) {
            assertTrue(table.remove(slotId, NOW));
        }
        assertEquals(0, Flows.overflowSum(table));
    }

    @Test
    void fullNeighbourhoodRefusesAndEvictsNobody() {
        final int room = ProbeOrder.MAX_PROBES * TableLayout.SLOTS_PER_BUCKET;
        for (int n = 0; n < room; n++) {
            assertTrue(table.insert(Flows.colliding(n), NOW) >= 0);
        }
        final int overflow = Flows.overflowSum(table);

        assertEquals(FlowTable.FULL, table.insert(Flows.colliding(room), NOW));

        assertEquals(overflow, Flows.overflowSum(table));
        assertEquals(room, table.liveCount());
        for (int n = 0; n < room; n++) {
            assertTrue(Flows.findColliding(table, n) >= 0);
        }
    }

    @Test
    void partnersKnowEachOtherUntilOneGoes() {
        final long request = table.insert(Flows.draft(1), NOW);
        final long reply =
                table.insert(Flows.draft(2).flags(FlowSlot.FLAG_REPLY).partner(request), NOW);
        assertEquals(FlowTable.NOT_FOUND, table.partner(request));

        table.link(request, reply);

        assertEquals(reply, table.partner(request));
        assertEquals(request, table.partner(reply));
        table.remove(reply, NOW);
        assertEquals(FlowTable.NOT_FOUND, table.partner(request));
    }

    @Test
    void connectionExpiresWhenBothDirectionsAreSilent() {
        final long request = table.insert(Flows.draft(1), NOW);
        final long reply = table.insert(Flows.draft(2), NOW);
        table.link(request, reply);
        table.wrap(flow, reply).count(100, NOW + 50);

        assertEquals(0, table.sweep(NOW + 100, ALL, silentFor(60)));
        assertEquals(2, table.sweep(NOW + 111, ALL, silentFor(60)));

        assertEquals(0, table.liveCount());
    }

    @Test
    void directionWithoutPartnerExpiresAlone() {
        table.insert(Flows.draft(1), NOW);

        assertEquals(0, table.sweep(NOW + 60, ALL, silentFor(60)));
        assertEquals(1, table.sweep(NOW + 61, ALL, silentFor(60)));
    }

    @Test
    void timeoutsHoldWhereTicksWrap() {
        final int nearWrap = Integer.MAX_VALUE - 10;
        table.insert(Flows.draft(1), nearWrap);

        assertEquals(0, table.sweep(later(nearWrap, 60), ALL, silentFor(60)));
        assertEquals(1, table.sweep(later(nearWrap, 61), ALL, silentFor(60)));
    }

    @Test
    void sweepLooksAtNoMoreBucketsThanAllowed() {
        for (int n = 0; n < 100; n++) {
            table.insert(Flows.draft(n), NOW);
        }
        final int[] seen = {0};

        table.sweep(NOW, 1, flow -> {
            seen[0]++;
            return ALL;
        });

        assertTrue(seen[0] <= TableLayout.SLOTS_PER_BUCKET);
        int rounds = 1;
        while (seen[0] < 100) {
            table.sweep(NOW, 1, flow -> {
                seen[0]++;
                return ALL;
            });
            rounds++;
        }
        assertTrue(rounds <= 64, "one pass over 32 narrow and 32 wide buckets shows every flow");
    }

    @Test
    void expiredFlowsAreReported() {
        table.insert(Flows.draft(1).service(9, 4), NOW);
        final List<Integer> services = new ArrayList<>();

        table.sweep(NOW + 100, ALL, new ExpiryPolicy() {
            @Override
            public int timeoutTicks(FlowSlot flow) {
                return 1;
            }

            @Override
            public void expired(FlowSlot flow) {
                services.add(flow.serviceId());
            }
        });

        assertEquals(List.of(9), services);
    }

    @Test
    void countsPacketsAndBytes() {
        final long slotId = table.insert(Flows.draft(1), NOW);

        table.wrap(flow, slotId).count(100, NOW + 3);
        flow.count(60, NOW + 4);

        assertEquals(2, flow.packets());
        assertEquals(160, flow.bytes());
        assertEquals(NOW + 4, flow.lastSeenTick());
    }

    @Test
    void countsAndNumbersDoNotSpillIntoEachOther() {
        table.wrap(flow, table.insert(Flows.draft(1).counted(0xFFFF_FFFFL, (1L << 56) - 1), NOW));
        flow.tcpNext(-1);
        flow.tcpAcknowledged(-2);

        flow.count(11, NOW);

        assertEquals(1L << 32, flow.packets());
        assertEquals(10, flow.bytes());
        assertEquals(-1, flow.tcpNext());
        assertEquals(-2, flow.tcpAcknowledged());
    }

    @Test
    void bytesBeyondTheirFieldStartAgainAndLeaveThePacketsAlone() {
        table.wrap(flow, table.insert(Flows.draft(1).counted(1L << 33, (1L << 56) - 1), NOW));

        flow.count(11, NOW);

        assertEquals((1L << 33) + 1, flow.packets());
        assertEquals(10, flow.bytes());
    }

    @Test
    void listsUpToTheLimit() {
        for (int n = 0; n < 10; n++) {
            table.insert(Flows.draft(n).service(n, 0), NOW);
        }
        final List<Integer> services = new ArrayList<>();

        assertEquals(4, table.forEachLive((copy, slotId) -> services.add(copy.serviceId()), 4));
        assertEquals(4, services.size());
        services.clear();
        assertEquals(10, table.forEachLive((copy, slotId) -> services.add(copy.serviceId()), 100));
        services.sort(null);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), services);
    }

    @Test
    void removesTheFlowsOfAService() {
        for (int n = 0; n < 10; n++) {
            table.insert(Flows.draft(n).service(n % 2, n), NOW);
        }

        assertEquals(4, table.removeIf(1, candidate -> candidate.endpointIndex() != 7, NOW));

        assertEquals(6, table.liveCount());
        assertTrue(Flows.find(table, 2) >= 0);
        assertTrue(Flows.find(table, 7) >= 0);
        assertEquals(FlowTable.NOT_FOUND, Flows.find(table, 3));
        assertEquals(0, table.removeIf(33, candidate -> true, NOW), "shares its mark with service 1");
    }

    @Test
    void aSweepForgetsWhichServicesABucketHad() {
        final int bucket = 0;
        table.sweep(NOW, table.bucketCount(), neverExpires());
        assertEquals(0, table.marks.of(bucket));
        final long slotId = table.insert(Flows.colliding(1).service(3, 0), NOW);
        assertEquals(1 << 3, table.marks.of(bucket));
        table.insert(Flows.colliding(2).service(4, 0), NOW);
        table.remove(slotId, NOW);

        table.sweep(NOW, table.bucketCount(), neverExpires());

        assertEquals(1 << 4, table.marks.of(bucket));
    }

    private static int later(int tick, int ticks) {
        return tick + ticks;
    }

    private static ExpiryPolicy neverExpires() {
        return silentFor(1 << 29);
    }

    private static ExpiryPolicy silentFor(int ticks) {
        return flow -> ticks;
    }
}
