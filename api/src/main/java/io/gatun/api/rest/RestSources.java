package io.gatun.api.rest;

import io.gatun.api.daemon.LiveConfiguration;
import io.gatun.api.endpoints.EndpointStore;
import io.gatun.api.events.NodeEvents;
import io.gatun.api.export.SavedState;
import io.gatun.api.firewall.FirewallStore;
import io.gatun.api.params.ParamsStore;
import io.gatun.api.roles.Roles;
import io.gatun.api.rules.RuleStore;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.incident.Incidents;

/** The parts of a node that REST answers from and changes. */
public record RestSources(
        Forwarder forwarder,
        RuleStore rules,
        EndpointStore endpoints,
        HealthMonitor monitor,
        Roles roles,
        Incidents incidents,
        FirewallStore firewall,
        ParamsStore params,
        SavedState saved,
        MetricsRoutes metrics,
        NodeEvents events,
        LiveConfiguration configuration) {}
