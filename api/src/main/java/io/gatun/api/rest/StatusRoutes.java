package io.gatun.api.rest;

import io.gatun.api.model.DropCounters;
import io.gatun.api.model.EndpointReport;
import io.gatun.api.model.IncidentReport;
import io.gatun.api.model.IoPort;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.StatusReport;
import io.gatun.api.model.Version;
import io.gatun.api.roles.Roles;
import io.gatun.api.rules.Rule;
import io.gatun.api.rules.RuleStore;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.ha.incident.Incidents;
import io.gatun.ha.role.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /gatun/v1/status}: all that a person wants to see at once. */
final class StatusRoutes {
    private static final Path NODE_NAME = Path.of("/proc/sys/kernel/hostname");

    private final RuleStore rules;
    private final HealthRoutes health;
    private final Roles roles;
    private final Forwarder forwarder;
    private final Incidents incidents;
    private final Supplier<Optional<String>> stalled;
    private final Instant since = Instant.now();

    StatusRoutes(RestSources from, HealthRoutes health) {
        this.rules = from.rules();
        this.health = health;
        this.roles = from.roles();
        this.forwarder = from.forwarder();
        this.incidents = from.incidents();
        this.stalled = from.events()::stalled;
    }

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/status", this::status);
    }

    private void status(Context context) throws IOException {
        List<Rule> all = rules.rules();
        Replies.json(
                context,
                new StatusReport(
                        Files.readString(NODE_NAME).strip(),
                        Version.current().version(),
                        Instant.now().toString(),
                        since.toString(),
                        roles.all().stream()
                                .map(each -> new StatusReport.RoleOf(
                                        each.instance(), each.state().name(), isActive(each.state())))
                                .toList(),
                        vips(all),
                        services(all),
                        forwarder.ports().stream().map(IoPort::of).toList(),
                        DropCounters.of(forwarder.counters()),
                        SyncRoutes.counters(forwarder),
                        IncidentReport.All.of(incidents).incidents(),
                        stalled.get().orElse(null)));
    }

    /** Who was told nothing serves. */
    private static boolean isActive(Role role) {
        return role == Role.MASTER || role == Role.NOT_DEFINED;
    }

    /** In the order in which they became known. */
    private List<StatusReport.Vip> vips(List<Rule> all) {
        Map<InetAddress, Rule> first = new LinkedHashMap<>();
        Map<InetAddress, Integer> services = new HashMap<>();
        for (Rule rule : all) {
            if (rule.announced()) {
                first.putIfAbsent(rule.key().vip(), rule);
                services.merge(rule.key().vip(), 1, Integer::sum);
            }
        }
        List<StatusReport.Vip> vips = new ArrayList<>();
        first.forEach((vip, rule) -> vips.add(new StatusReport.Vip(
                IpLiteral.text(vip), rule.instance(), isActive(roles.role(rule.instance())), services.get(vip))));
        return vips;
    }

    private List<StatusReport.Service> services(List<Rule> all) {
        Map<String, List<EndpointReport>> endpoints = new HashMap<>();
        health.reports()
                .forEach(report -> endpoints
                        .computeIfAbsent(report.rule(), unknown -> new ArrayList<>())
                        .add(report));
        Map<String, ServiceSnapshot> served = new HashMap<>();
        forwarder.services().forEach(service -> served.put(service.spec().key().toString(), service));
        return all.stream()
                .map(rule -> service(rule, served.get(rule.key().toString()), endpoints))
                .toList();
    }

    private static StatusReport.Service service(
            Rule rule, ServiceSnapshot served, Map<String, List<EndpointReport>> endpoints) {
        String key = rule.key().toString();
        return new StatusReport.Service(
                key,
                rule.arguments().name(),
                text(rule.mode()),
                text(rule.selection()),
                served != null,
                served != null && served.survivesTakeover(),
                endpoints.getOrDefault(key, unserved(rule, key)));
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Endpoints of a rule that is not in force get nothing. */
    private static List<EndpointReport> unserved(Rule rule, String key) {
        return rule.endpoints().stream()
                .map(endpoint -> new EndpointReport(
                        key,
                        AddressText.of(endpoint.address(), endpoint.port()),
                        endpoint.weight(),
                        false,
                        "none",
                        null,
                        false,
                        0,
                        0,
                        0,
                        0,
                        null))
                .toList();
    }
}
