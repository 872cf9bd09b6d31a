package io.gatun.api.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.model.RateReport;
import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.FakeForwarder;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateMeterTest {
    private static final long SECOND = 1_000_000_000L;
    /** Long enough that the walk before, however slow this machine is, is a small part of it. */
    private static final long LATER = 4 * SECOND;

    private final FakeForwarder forwarder = new FakeDataPlane().forwarder();
    private final RateMeter meter = new RateMeter(forwarder);

    @Test
    void ratesArePerSecondAndReasonsWithoutDropsAreLeftOut() {
        forwarder.count("rx_packets", 100);
        forwarder.count("drop_no_service", 5);
        forwarder.count("drop_fragment", 5);
        assertTrue(meter.measure(LATER).isEmpty(), "there is nothing to compare with");
        forwarder.count("rx_packets", 500);
        forwarder.count("rx_bytes", 24_000);
        forwarder.count("flows_opened", 1);
        forwarder.count("drop_no_service", 15);
        RateReport report = meter.measure(2 * LATER).orElseThrow();
        assertEquals(100, report.rxPackets());
        assertEquals(6_000, report.rxBytes());
        assertEquals(0.3, report.newFlows());
        assertEquals(Map.of("no_service", 2.5), report.drops());
        assertEquals(Map.of("no_service", 15L, "fragment", 5L), report.dropped());
    }

    @Test
    void servicesWithTrafficAreShownWithTheirEndpoints() {
        ServiceKey key = put(1, 2);
        meter.measure(LATER);
        RateReport idle = meter.measure(2 * LATER).orElseThrow();
        assertEquals(List.of(), idle.services());
        assertTrue(idle.fresh());
        forwarder.traffic(5);
        RateReport busy = meter.measure(3 * LATER).orElseThrow();
        assertEquals(
                List.of(new RateReport.Service(
                        key.toString(),
                        6,
                        360,
                        2,
                        List.of(
                                new RateReport.Endpoint("10.0.1.1:8080", 3, 180, 1),
                                new RateReport.Endpoint("10.0.1.2:8080", 3, 180, 1)))),
                busy.services());
        assertEquals(0, busy.servicesOmitted());
    }

    @Test
    void soManyServicesAndNoMore() {
        for (int i = 1; i <= RateMeter.SERVICES_MAX + 3; i++) {
            put(i, 1);
        }
        meter.measure(LATER);
        forwarder.traffic(2);
        RateReport report = meter.measure(2 * LATER).orElseThrow();
        assertEquals(RateMeter.SERVICES_MAX, report.services().size());
        assertEquals(3, report.servicesOmitted());
    }

    @Test
    void afterAPauseItBeginsAnewAndCallsThatComeTogetherAreOne() {
        meter.measure(SECOND);
        assertTrue(meter.measure(SECOND + SECOND / 100).isEmpty());
        assertTrue(meter.measure(2 * SECOND).isPresent());
        assertTrue(meter.measure(60 * SECOND).isEmpty());
        assertTrue(meter.measure(61 * SECOND).isPresent());
    }

    @Test
    void aCounterThatBeganAnewIsNoNegativeRate() {
        forwarder.count("tx_packets", 1_000);
        meter.measure(LATER);
        forwarder.count("tx_packets", 10);
        assertEquals(0, meter.measure(2 * LATER).orElseThrow().txPackets());
    }

    private ServiceKey put(int number, int endpoints) {
        ServiceKey key = ServiceKey.of(InetAddress.ofLiteral("10.0.0.1"), Protocol.TCP, number);
        List<EndpointSpec> servers = IntStream.rangeClosed(1, endpoints)
                .mapToObj(i -> new EndpointSpec(InetAddress.ofLiteral("10.0.1." + i), 8080, 1))
                .toList();
        forwarder.put(new ServiceSpec(key, "", NatMode.ONE_ARM, Selection.ROUND_ROBIN, 60, servers));
        return key;
    }
}
