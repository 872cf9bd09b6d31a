package io.gatun.api.metrics;

import io.gatun.api.roles.InstanceRole;
import io.gatun.api.roles.Roles;
import io.gatun.forwarder.control.AddressText;
import io.gatun.ha.bfd.BfdPeerSnapshot;
import io.gatun.ha.bfd.BfdState;
import io.gatun.ha.incident.Incident;
import io.gatun.ha.incident.Incidents;
import io.gatun.ha.incident.OutageHistogram;
import io.gatun.ha.role.Role;
import io.gatun.ha.vrrp.VrrpCounters;
import io.gatun.ha.vrrp.VrrpState;
import io.gatun.ha.vrrp.VrrpVerdict;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Of roles, VRRP, BFD, the announcer and takeovers. */
final class HaMetrics {
    private static final String ANNOUNCED = "_announced_frames";

    private final HaFigures figures;
    private final Roles roles;
    private final Incidents incidents;

    HaMetrics(HaFigures figures, Roles roles, Incidents incidents) {
        this.figures = figures;
        this.roles = roles;
        this.incidents = incidents;
    }

    void addTo(Families families) {
        for (InstanceRole role : roles.all()) {
            for (Role possible : Role.values()) {
                families.gauge(
                        "gatun_role",
                        "1 for the role that an instance has on this node",
                        role.state() == possible ? 1 : 0,
                        "cluster_instance",
                        role.instance(),
                        "role",
                        possible.name());
            }
        }
        figures.announcer().forEach((label, value) -> announcer(families, label, value));
        figures.vrrp(false).ifPresent(vrrp -> vrrp(families, "ipv4", vrrp));
        figures.vrrp(true).ifPresent(vrrp -> vrrp(families, "ipv6", vrrp));
        bfd(families);
        takeovers(families);
    }

    private static void announcer(Families families, String label, long value) {
        int underscore = label.indexOf('_');
        String protocol = label.substring(0, underscore);
        if (label.endsWith(ANNOUNCED)) {
            families.counter("gatun_announced_frames", "Announcements of VIPs sent", value, "protocol", protocol);
        } else {
            families.counter(
                    "gatun_neighbour_events",
                    "What the announcer did with frames of ARP and neighbour discovery, and why it kept silent",
                    value,
                    "protocol",
                    protocol,
                    "event",
                    label.substring(underscore + 1));
        }
    }

    private static void vrrp(Families families, String family, HaFigures.Vrrp vrrp) {
        for (VrrpState state : VrrpState.values()) {
            families.gauge(
                    "gatun_vrrp_state",
                    "1 for the state of the virtual router",
                    vrrp.state() == state ? 1 : 0,
                    "family",
                    family,
                    "state",
                    text(state));
        }
        VrrpCounters counters = vrrp.counters();
        String[] label = {"family", family};
        families.counter("gatun_vrrp_adverts_sent", "Adverts sent, one for each peer", counters.sent(), label);
        families.counter("gatun_vrrp_send_failures", "Adverts that could not be sent", counters.sendFailed(), label);
        families.counter(
                "gatun_vrrp_freezes", "Times that the thread was away for two intervals", counters.freezes(), label);
        families.counter("gatun_vrrp_vip_probes", "Times that a VIP was asked for", counters.probes(), label);
        families.counter("gatun_vrrp_takeovers_held_back", "Times that its owner answered", counters.heldBack(), label);
        for (VrrpVerdict verdict : VrrpVerdict.values()) {
            families.counter(
                    "gatun_vrrp_adverts_received",
                    "Frames received, by what was found",
                    counters.of(verdict),
                    "family",
                    family,
                    "verdict",
                    text(verdict));
        }
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void bfd(Families families) {
        for (BfdPeerSnapshot peer : figures.bfdPeers()) {
            String[] label = {"peer", AddressText.of(peer.peer())};
            families.gauge("gatun_bfd_up", "Whether the session is Up", peer.state() == BfdState.UP ? 1 : 0, label);
            families.gauge(
                    "gatun_bfd_detection_seconds",
                    "Silence after which the peer is down",
                    peer.detectionNs() / 1e9,
                    label);
        }
        figures.bfd()
                .forEach((name, value) -> families.counter(
                        "gatun_bfd_packets",
                        "Packets of BFD, sent, accepted and refused for which reason",
                        value,
                        "event",
                        name.substring(name.indexOf('_') + 1)));
    }

    private void takeovers(Families families) {
        List<Incident> all = incidents.all();
        families.counter(
                "gatun_takeovers",
                "Takeovers by this node",
                all.isEmpty() ? 0 : all.getLast().number());
        OutageHistogram.Snapshot outages = incidents.outages().snapshot();
        List<Double> bounds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        long below = 0;
        for (OutageHistogram.Bucket bucket : outages.buckets()) {
            bounds.add(bucket.le().equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bucket.le()));
            counts.add(bucket.count() - below);
            below = bucket.count();
        }
        families.add(HistogramSnapshot.builder()
                .name("gatun_takeover_outage_seconds")
                .help("How long nobody had the VIPs before a takeover by this node was announced")
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                        .sum(outages.sumS())
                        .build())
                .build());
    }
}
