package io.gatun.kube.controller;

import io.gatun.kube.metrics.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The controller in numbers. */
final class Measures {
    private static final String PREFIX = "gatun_controller_";

    private Measures() {}

    static List<Measure> of(boolean inCharge, boolean watching, Figures figures, Counts counts) {
        List<Measure> all = new ArrayList<>();
        gauge(all, "in_charge", "Whether this replica acts", inCharge ? 1L : 0L);
        gauge(all, "watching", "Whether all watches of the Kubernetes API are open", watching ? 1L : 0L);
        counter(all, "terms", "Times that this replica came to act", counts.terms.sum());
        String services = "Services of ours, by what became of them";
        gauge(all, "services", services, figures.served(), "state", "served");
        gauge(all, "services", services, figures.refused(), "state", "refused");
        gauge(all, "services", services, figures.released(), "state", "released");
        gauge(all, "services_programmed", "Services whose rules are on all load balancers", figures.programmed());
        gauge(all, "rules", "Rules that each load balancer is to have", figures.rules());
        for (Figures.PoolUse use : figures.pools()) {
            String family = use.family().text().toLowerCase(Locale.ROOT);
            gauge(all, "pool_size", "Addresses of a pool", use.size(), "pool", use.pool(), "family", family);
            gauge(all, "pool_used", "Addresses of a pool in use", use.used(), "pool", use.pool(), "family", family);
        }
        counter(all, "rounds", "Times that all was concluded anew", counts.rounds.sum());
        counter(all, "rounds_seconds", "Time that took", counts.roundNs.sum() / 1e9);
        String writes = "Services written, by outcome";
        counter(all, "writes", writes, counts.written.sum(), "outcome", "done");
        counter(all, "writes", writes, counts.conflicts.sum(), "outcome", "conflict");
        counter(all, "writes", writes, counts.failed.sum(), "outcome", "failed");
        counter(all, "events", "Events written, by outcome", counts.events.sum(), "outcome", "done");
        counter(all, "events", "Events written, by outcome", counts.eventsLost.sum(), "outcome", "lost");
        return all;
    }

    private static void gauge(List<Measure> all, String name, String help, double value, String... labels) {
        all.add(new Measure(PREFIX + name, help, false, value, List.of(labels)));
    }

    private static void gauge(List<Measure> all, String name, String help, long value, String... labels) {
        gauge(all, name, help, (double) value, labels);
    }

    private static void counter(List<Measure> all, String name, String help, long value, String... labels) {
        counter(all, name, help, (double) value, labels);
    }

    private static void counter(List<Measure> all, String name, String help, double value, String... labels) {
        all.add(new Measure(PREFIX + name, help, true, value, List.of(labels)));
    }
}
