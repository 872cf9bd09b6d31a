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

import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.SourcePrefix;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.SourceFilter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceBookTest {
    private static final String E1 = "192.168.80.101:8080";
    private static final String E2 = "192.168.80.102:8080";
    private static final String E3 = "192.168.80.103:8080";
    private static final int VIP = 0xC0A8_50C8;
    private static final SnatChoice MOVING =
            new SnatChoice(Specs.address(Specs.VIP), new PortSpace(1_024, 65_535), /* moves= */ true);
    private static final SnatChoice STAYING =
            new SnatChoice(Specs.address("192.168.80.5"), new PortSpace(10_000, 29_999), /* moves= */ false);

    private static final SnatChoice STAYING6 =
            new SnatChoice(Specs.address("fd00:80::5"), new PortSpace(10_000, 29_999), /* moves= */ false);

    private final ServiceBook book = new ServiceBook();
    private final EndpointPlacement placement = Specs.placement();

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

        Service service = table().find(VIP, 80, 6);
        assertEquals(1, service.policy().choose(0));
        assertEquals(1, service.policy().choose(0), "the drained endpoint gets no new flows");
    }

    @Test
    void aFailingEndpointGetsNoNewFlowsUntilItIsWellAgain() {
        book.put(tcp(80, E1, E2), MOVING);
        book.put(tcp(81, E1, E2), MOVING);

        assertTrue(book.endpointHealth(health(E1, /* healthy= */ false)));
        assertFalse(book.endpointHealth(health(E1, /* healthy= */ false)), "no change");

        assertEquals(Set.of(1), chosen(80));
        assertEquals(Set.of(0, 1), chosen(81), "of the service that was named");
        assertTrue(book.endpointHealth(health(E1, /* healthy= */ true)));
        assertEquals(Set.of(0, 1), chosen(80));
    }

    @Test
    void healthStaysWithTheEndpointWhenItsServiceChanges() {
        book.put(tcp(80, E1, E2), MOVING);
        book.endpointHealth(health(E1, /* healthy= */ false));

        book.put(tcp(80, E1, E2, E3), MOVING);
        assertEquals(Set.of(1, 2), chosen(80));

        book.put(tcp(80, E2, E3), MOVING);
        assertFalse(book.endpointHealth(health(E1, /* healthy= */ false)), "it is not there");
        book.put(tcp(80, E1, E2), MOVING);
        assertEquals(Set.of(0, 1), chosen(80), "one that comes anew counts as well");
    }

    @Test
    void withoutAHealthyEndpointThereIsNone() {
        book.put(tcp(80, E1), MOVING);
        book.endpointHealth(health(E1, /* healthy= */ false));

        assertEquals(Set.of(Policy.NONE), chosen(80));
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
        assertEquals(0, table().find(VIP, 80, 6).policy().choose(0));
        book.put(tcp(80, E1, E2, E3), MOVING);

        assertEquals(1, table().find(VIP, 80, 6).policy().choose(0));
    }

    @Test
    void theTableSaysWhatThePacketPathNeeds() {
        book.put(tcp(80, E1), MOVING);
        book.put(service("192.168.80.201", Protocol.UDP, 53, NatMode.DNAT, E1), STAYING);
        ServiceTable table = table();

        Service oneArm = table.find(VIP, 80, 6);
        assertEquals(
                Addresses.low(Specs.address(Specs.VIP)),
                oneArm.endpoints().source(0).low());
        assertEquals(1_024, oneArm.endpoints().source(0).ports().first());
        assertSame(oneArm, table.byId(oneArm.id()));
        Service dnat = table.find(VIP + 1, 53, 17);
        assertNull(dnat.endpoints().source(0));
        assertNull(table.find(VIP, 53, 17));
        assertNull(table.find(VIP, 80, 17));
        assertTrue(table.owns(VIP) && table.owns(VIP + 1) && !table.owns(5), "plain DNAT has no source address");
    }

    @Test
    void ofManyServicesEachIsFound() {
        for (int port = 1; port <= 500; port++) {
            book.put(tcp(port, E1), MOVING);
        }
        ServiceTable table = table();

        for (int port = 1; port <= 500; port++) {
            assertEquals(port, table.find(VIP, port, 6).port());
            assertNull(table.find(VIP, port + 500, 6));
            assertNull(table.find(VIP + 1, port, 6));
        }
    }

    @Test
    void onlyAMovingSourceOfWhichOthersAreToldSurvivesATakeover() {
        book.put(tcp(80, E1), MOVING);
        book.put(tcp(81, E1), STAYING);
        book.put(service("192.168.80.200", Protocol.TCP, 82, NatMode.DNAT, E1), MOVING);

        assertTrue(book.find(tcp(80, E1).key()).survivesTakeover(/* exchange= */ true));
        assertFalse(book.find(tcp(80, E1).key()).survivesTakeover(/* exchange= */ false));
        assertFalse(book.find(tcp(81, E1).key()).survivesTakeover(/* exchange= */ true));
        assertFalse(book.find(tcp(82, E1).key()).survivesTakeover(/* exchange= */ true));
    }

    @Test
    void aStandbyVipAdmitsNoFlows() {
        book.put(tcp(80, E1), MOVING);
        book.put(service("192.168.80.201", Protocol.TCP, 80, NatMode.ONE_ARM, E1), MOVING);

        assertTrue(book.admitNewFlows(Set.of(Specs.address("192.168.80.200")), /* allowed= */ false));
        assertFalse(book.admitNewFlows(Set.of(Specs.address("192.168.80.200")), /* allowed= */ false), "no change");

        ServiceTable table = table();
        assertFalse(table.find(VIP, 80, 6).admitsNewFlows());
        assertTrue(table.find(VIP + 1, 80, 6).admitsNewFlows());
        assertTrue(book.admitNewFlows(Set.of(Specs.address("192.168.80.200")), /* allowed= */ true));
        assertTrue(table().find(VIP, 80, 6).admitsNewFlows());
    }

    @Test
    void hostOneArmIsReachedByTheNodesAddressesOfItsFamily() {
        book.put(service("0.0.0.0", Protocol.TCP, 80, NatMode.HOST_ONE_ARM, E1), STAYING);
        book.put(service("::", Protocol.TCP, 443, NatMode.HOST_ONE_ARM, "[fd00:80::101]:443"), STAYING6);
        ServiceTable table = book.table(
                Specs.placement(),
                Stream.of("192.168.80.5", "10.0.0.5", "127.0.0.1", "fd00:80::5", "fe80::5", "::1")
                        .map(Specs::address)
                        .collect(Collectors.toSet()),
                ServiceTable.NEVER);

        assertEquals(80, find(table, "192.168.80.5", 80).port());
        assertEquals(80, find(table, "10.0.0.5", 80).port());
        assertEquals(443, find(table, "fd00:80::5", 443).port());
        for (String none : List.of("0.0.0.0", "127.0.0.1", "192.168.80.6", "fd00:80::5")) {
            assertNull(find(table, none, 80), none);
        }
        assertNull(find(table, "fe80::5", 443));
        assertNull(find(table, "::1", 443));
        assertEquals(
                find(table, "192.168.80.5", 80).id(),
                find(table, "10.0.0.5", 80).id(),
                "one rule, one identity");
    }

    @Test
    void hashChoosesAlikeOnEveryNodeWhateverTheOrderOfEndpoints() {
        ServiceBook other = new ServiceBook();
        book.put(hashed(E1, E2, E3), MOVING);
        other.put(hashed(E3, E1, E2), MOVING);
        ServiceTable here = table();
        ServiceTable there = other.table(Specs.placement(), Set.of(), ServiceTable.NEVER);
        List<EndpointSpec> hereInOrder = hashed(E1, E2, E3).endpoints();
        List<EndpointSpec> thereInOrder = hashed(E3, E1, E2).endpoints();

        Set<EndpointSpec> used = new HashSet<>();
        for (int hash = 0; hash < 1_000; hash++) {
            int mixed = hash * 0x9E37_79B1;
            EndpointSpec chosen = hereInOrder.get(here.find(VIP, 80, 6).policy().choose(mixed));
            assertEquals(
                    chosen, thereInOrder.get(there.find(VIP, 80, 6).policy().choose(mixed)));
            used.add(chosen);
        }
        assertEquals(3, used.size());
    }

    @Test
    void allowedSourcesAreAFilterForNewFlows() {
        ServiceSpec all = tcp(80, E1);
        book.put(
                new ServiceSpec(
                        all.key(),
                        "",
                        all.mode(),
                        all.selection(),
                        240,
                        all.endpoints(),
                        null,
                        List.of(
                                new SourcePrefix(Specs.address("10.0.0.0"), 8),
                                new SourcePrefix(Specs.address("192.168.80.7"), 32))),
                MOVING);

        SourceFilter allowed = table().find(VIP, 80, 6).allowed();
        assertTrue(allowed.allows(0x0A01_0203));
        assertTrue(allowed.allows(0xC0A8_5007));
        assertFalse(allowed.allows(0xC0A8_5008));

        book.put(all, MOVING);
        assertTrue(table().find(VIP, 80, 6).allowed().allows(0xC0A8_5008), "without networks everybody");
    }

    @Test
    void aRuleIsNamedByKeyAndName() {
        book.put(tcp(80, E1), MOVING);
        ServiceSpec spec = tcp(81, E1);
        book.put(new ServiceSpec(spec.key(), "web", spec.mode(), spec.selection(), 240, spec.endpoints()), MOVING);

        assertEquals("tcp 192.168.80.200:80", book.find(tcp(80, E1).key()).text());
        assertEquals("tcp 192.168.80.200:81 'web'", book.find(spec.key()).text());
    }

    @Test
    void aRemovedServiceIsGone() {
        book.put(tcp(80, E1), MOVING);
        ServiceBook.Entry entry = book.find(tcp(80, E1).key());

        assertSame(entry, book.remove(tcp(80, E1).key()));

        assertNull(book.remove(tcp(80, E1).key()));
        assertNull(book.byId(entry.id()));
        assertNull(table().find(VIP, 80, 6));
        assertFalse(table().owns(VIP));
    }

    private static Service find(ServiceTable table, String address, int port) {
        return table.find(Addresses.high(Specs.address(address)), Addresses.low(Specs.address(address)), port, 6);
    }

    private static EndpointHealth health(String endpoint, boolean healthy) {
        EndpointSpec spec = endpoint(endpoint);
        return new EndpointHealth(tcp(80, endpoint).key(), spec.address(), spec.port(), healthy);
    }

    private Set<Integer> chosen(int port) {
        Policy policy = table().find(VIP, port, 6).policy();
        Set<Integer> chosen = new HashSet<>();
        for (int flow = 0; flow < 6; flow++) {
            chosen.add(policy.choose(flow));
        }
        return chosen;
    }

    private static ServiceSpec hashed(String... endpoints) {
        ServiceSpec spec = tcp(80, endpoints);
        return new ServiceSpec(spec.key(), "", spec.mode(), Selection.HASH, 240, spec.endpoints());
    }

    private ServiceTable table() {
        return book.table(placement, Set.of(Specs.address("192.168.80.5")), ServiceTable.NEVER);
    }
}
