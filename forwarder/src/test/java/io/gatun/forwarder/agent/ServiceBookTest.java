package io.gatun.forwarder.agent;

import static io.gatun.forwarder.agent.Specs.endpoint;
import static io.gatun.forwarder.agent.Specs.service;
import static io.gatun.forwarder.agent.Specs.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.ServiceTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceBookTest {
    private static final String E1 = "192.168.80.101:8080";
    private static final String E2 = "192.168.80.102:8080";
    private static final String E3 = "192.168.80.103:8080";
    private static final int VIP = 0xC0A8_50C8;
    private static final SnatChoice MOVING = new SnatChoice(VIP, new PortSpace(1_024, 65_535), /* moves= */ true);
    private static final SnatChoice STAYING = new SnatChoice(5, new PortSpace(10_000, 29_999), /* moves= */ false);

    private final ServiceBook book = new ServiceBook();

    @Test
    void aServiceHasTheSameIdOnEveryNodeWhateverTheOrder() {
        ServiceBook other = new ServiceBook();
        for (int port = 1; port <= 200; port++) {
            book.put(tcp(port, E1), MOVING);
            other.put(tcp(201 - port, E2), STAYING);
        }

        Set<Integer> ids = new HashSet<>();
        for (ServiceBook.Entry entry : book.entries()) {
            assertEquals(entry.id(), other.find(entry.spec().key()).id());
            ids.add(entry.id());
        }
        assertEquals(200, ids.size());
        assertFalse(ids.contains(0), "0 means none");
    }

    @Test
    void protocolsPortsAndVipsMakeServicesDistinct() {
        book.put(tcp(80, E1), MOVING);
        book.put(service("192.168.80.200", Protocol.UDP, 80, NatMode.ONE_ARM, E1), MOVING);
        book.put(service("192.168.80.201", Protocol.TCP, 80, NatMode.ONE_ARM, E1), MOVING);

        assertEquals(
                3, book.entries().stream().map(ServiceBook.Entry::id).distinct().count());
    }

    @Test
    void anUpdatedServiceKeepsItsIdAndTheIdsOfEndpointsThatStay() {
        book.put(tcp(80, E1, E2), MOVING);
        ServiceBook.Entry entry = book.find(tcp(80, E1).key());
        int id = entry.id();
        int second = entry.endpointId(endpoint(E2));

        List<Integer> gone = book.put(tcp(80, E3, E2), MOVING);

        assertSame(entry, book.find(tcp(80, E1).key()));
        assertEquals(id, entry.id());
        assertEquals(second, entry.endpointId(endpoint(E2)));
        assertEquals(List.of(0), gone);
        assertNotEquals(0, entry.endpointId(endpoint(E3)), "flows of the endpoint that left still carry 0");
    }

    @Test
    void anIdIsGivenAgainOnceItsFlowsHaveEnded() {
        book.put(tcp(80, E1, E2), MOVING);
        book.put(tcp(80, E2), MOVING);

        assertEquals(List.of(), book.put(tcp(80, E2, E3), MOVING));

        assertEquals(0, book.find(tcp(80, E1).key()).endpointId(endpoint(E3)));
    }

    @Test
    void aWeightIsNoIdentity() {
        book.put(tcp(80, E1, E2), MOVING);
        ServiceSpec drained = new ServiceSpec(
                tcp(80, E1).key(),
                "",
                NatMode.ONE_ARM,
                tcp(80, E1).selection(),
                240,
                List.of(endpoint(E1, 0), endpoint(E2, 7)));

        assertEquals(List.of(), book.put(drained, MOVING));

        Service service = book.table().find(VIP, 80, 6);
        assertEquals(1, service.policy().choose(0));
        assertEquals(1, service.policy().choose(0), "the drained endpoint gets no new flows");
    }

    @Test
    void idsStayWithinAByteHoweverOftenEndpointsChange() {
        for (int round = 0; round < 100; round++) {
            String[] endpoints = new String[ServiceSpec.ENDPOINTS_MAX];
            for (int i = 0; i < endpoints.length; i++) {
                endpoints[i] = "192.168.80.101:" + (1 + round * 16 + i);
            }
            book.put(tcp(80, endpoints), MOVING);
            ServiceBook.Entry entry = book.find(tcp(80, E1).key());
            Set<Integer> ids = new HashSet<>();
            for (String endpoint : endpoints) {
                ids.add(entry.endpointId(endpoint(endpoint)));
            }
            assertEquals(endpoints.length, ids.size());
            assertTrue(ids.stream().allMatch(id -> id >= 0 && id <= 255), ids::toString);
        }
    }

    @Test
    void roundRobinGoesOnAcrossUpdates() {
        book.put(tcp(80, E1, E2, E3), MOVING);
        assertEquals(0, book.table().find(VIP, 80, 6).policy().choose(0));
        book.put(tcp(80, E1, E2, E3), MOVING);

        assertEquals(1, book.table().find(VIP, 80, 6).policy().choose(0));
    }

    @Test
    void theTableSaysWhatThePacketPathNeeds() {
        book.put(tcp(80, E1), MOVING);
        book.put(service("192.168.80.201", Protocol.UDP, 53, NatMode.DNAT, E1), STAYING);
        ServiceTable table = book.table();

        Service oneArm = table.find(VIP, 80, 6);
        assertEquals(VIP, oneArm.snatAddress());
        assertEquals(1_024, oneArm.snatPorts().first());
        assertSame(oneArm, table.byId(oneArm.id()));
        Service dnat = table.find(VIP + 1, 53, 17);
        assertEquals(0, dnat.snatAddress());
        assertNull(table.find(VIP, 53, 17));
        assertNull(table.find(VIP, 80, 17));
        assertTrue(table.owns(VIP) && table.owns(VIP + 1) && !table.owns(5), "plain DNAT has no source address");
    }

    @Test
    void ofManyServicesEachIsFound() {
        for (int port = 1; port <= 500; port++) {
            book.put(tcp(port, E1), MOVING);
        }
        ServiceTable table = book.table();

        for (int port = 1; port <= 500; port++) {
            assertEquals(port, table.find(VIP, port, 6).port());
            assertNull(table.find(VIP, port + 500, 6));
            assertNull(table.find(VIP + 1, port, 6));
        }
    }

    @Test
    void onlyAMovingSourceSurvivesATakeover() {
        book.put(tcp(80, E1), MOVING);
        book.put(tcp(81, E1), STAYING);
        book.put(service("192.168.80.200", Protocol.TCP, 82, NatMode.DNAT, E1), MOVING);

        assertTrue(book.find(tcp(80, E1).key()).survivesTakeover());
        assertFalse(book.find(tcp(81, E1).key()).survivesTakeover());
        assertFalse(book.find(tcp(82, E1).key()).survivesTakeover());
    }

    @Test
    void aStandbyVipAdmitsNoFlows() {
        book.put(tcp(80, E1), MOVING);
        book.put(service("192.168.80.201", Protocol.TCP, 80, NatMode.ONE_ARM, E1), MOVING);

        assertTrue(book.admitNewFlows(Specs.address("192.168.80.200"), /* allowed= */ false));
        assertFalse(book.admitNewFlows(Specs.address("192.168.80.200"), /* allowed= */ false), "no change");

        ServiceTable table = book.table();
        assertFalse(table.find(VIP, 80, 6).admitsNewFlows());
        assertTrue(table.find(VIP + 1, 80, 6).admitsNewFlows());
        assertTrue(book.admitNewFlows(Specs.address("192.168.80.200"), /* allowed= */ true));
        assertTrue(book.table().find(VIP, 80, 6).admitsNewFlows());
    }

    @Test
    void aRemovedServiceIsGone() {
        book.put(tcp(80, E1), MOVING);
        ServiceBook.Entry entry = book.find(tcp(80, E1).key());

        assertSame(entry, book.remove(tcp(80, E1).key()));

        assertNull(book.remove(tcp(80, E1).key()));
        assertNull(book.byId(entry.id()));
        assertNull(book.table().find(VIP, 80, 6));
        assertFalse(book.table().owns(VIP));
    }
}
