package io.gatun.api.events;

import io.gatun.api.model.DropCounters;
import io.gatun.api.model.RateReport;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Differences of the forwarder's counters from second to second. For one thread. */
final class RateMeter {
    static final int SERVICES_MAX = 256;

    /** After a longer pause the mean since then would say nothing of now. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(5);
    /** Two measurements that were held up and come together. */
    private static final long TOO_SOON_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Of its time, the share of the conductor that goes into walks over the connection table, as a divisor. */
    private static final int WALK_SHARE = 20;

    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Forwarder forwarder;
    private Map<String, Long> counters = Map.of();
    private long countersNs;
    private Map<ServiceKey, ServiceSnapshot> services = Map.of();
    private long servicesNs;
    private long walkNs;
    private boolean begun;

    RateMeter(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    /** Since the last call; empty when that was long ago, or there was none. */
    Optional<RateReport> measure(long nowNs) {
        boolean resumed = !begun || nowNs - countersNs > PAUSE_NS;
        if (!resumed && nowNs - countersNs < TOO_SOON_NS) {
            return Optional.empty();
        }
        begun = true;
        Map<String, Long> before = counters;
        double seconds = (nowNs - countersNs) / SECOND_NS;
        counters = forwarder.counters();
        countersNs = nowNs;
        if (resumed) {
            walk(nowNs);
            return Optional.empty();
        }
        boolean fresh = nowNs - servicesNs >= WALK_SHARE * walkNs;
        List<RateReport.Service> busy = fresh ? services(nowNs) : List.of();
        int sent = Math.min(busy.size(), SERVICES_MAX);
        Rates rates = new Rates(before, counters, seconds);
        return Optional.of(new RateReport(
                Instant.now().toString(),
                rates.of("rx_packets"),
                rates.of("rx_bytes"),
                rates.of("tx_packets"),
                rates.of("tx_bytes"),
                rates.of("flows_opened"),
                forwarder.activity().connections(),
                rates.drops(),
                DropCounters.of(counters),
                List.copyOf(busy.subList(0, sent)),
                busy.size() - sent,
                fresh));
    }

    private void walk(long nowNs) {
        long startNs = System.nanoTime();
        Map<ServiceKey, ServiceSnapshot> found = new HashMap<>();
        forwarder.services().forEach(service -> found.put(service.spec().key(), service));
        walkNs = System.nanoTime() - startNs;
        services = found;
        servicesNs = nowNs;
    }

    private List<RateReport.Service> services(long nowNs) {
        Map<ServiceKey, ServiceSnapshot> before = services;
        double seconds = (nowNs - servicesNs) / SECOND_NS;
        walk(nowNs);
        List<RateReport.Service> busy = new ArrayList<>();
        services.forEach((key, service) -> {
            ServiceSnapshot was = before.get(key);
            if (was != null && !was.endpoints().equals(service.endpoints())) {
                busy.add(rates(was, service, seconds));
            }
        });
        busy.sort(Comparator.comparingDouble(RateReport.Service::packets).reversed());
        return busy;
    }

    private static RateReport.Service rates(ServiceSnapshot before, ServiceSnapshot now, double seconds) {
        Map<EndpointSpec, EndpointSnapshot> earlier = new HashMap<>();
        before.endpoints().forEach(endpoint -> earlier.put(endpoint.spec(), endpoint));
        List<RateReport.Endpoint> endpoints = new ArrayList<>();
        double packets = 0;
        double bytes = 0;
        long connections = 0;
        for (EndpointSnapshot endpoint : now.endpoints()) {
            EndpointSnapshot was = earlier.getOrDefault(endpoint.spec(), endpoint);
            RateReport.Endpoint rates = new RateReport.Endpoint(
                    AddressText.of(endpoint.spec().address(), endpoint.spec().port()),
                    rate(was.packets(), endpoint.packets(), seconds),
                    rate(was.bytes(), endpoint.bytes(), seconds),
                    endpoint.flows());
            endpoints.add(rates);
            packets += rates.packets();
            bytes += rates.bytes();
            connections += rates.connections();
        }
        return new RateReport.Service(now.spec().key().toString(), packets, bytes, connections, endpoints);
    }

    /** In tenths; a counter that began anew counts from there on. */
    private static double rate(long before, long now, double seconds) {
        return now <= before ? 0 : Math.round((now - before) / seconds * 10) / 10.0;
    }

    private record Rates(Map<String, Long> before, Map<String, Long> now, double seconds) {
        double of(String counter) {
            return rate(before.getOrDefault(counter, 0L), now.getOrDefault(counter, 0L), seconds);
        }

        Map<String, Double> drops() {
            Map<String, Long> dropped = DropCounters.of(before);
            Map<String, Double> drops = new TreeMap<>();
            DropCounters.of(now).forEach((reason, value) -> {
                double rate = rate(dropped.getOrDefault(reason, 0L), value, seconds);
                if (rate > 0) {
                    drops.put(reason, rate);
                }
            });
            return drops;
        }
    }
}
