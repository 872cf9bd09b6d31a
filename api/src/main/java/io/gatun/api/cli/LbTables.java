package io.gatun.api.cli;

import io.gatun.api.model.LoadBalancer;
import io.gatun.api.model.LoadBalancer.Endpoint;
import io.gatun.api.model.ServiceArguments;
import java.util.List;

/** The two tables of {@code gatun get lb}. */
final class LbTables {
    private LbTables() {}

    /** A row per rule. */
    static Table plain(List<LoadBalancer> rules) {
        Table table = new Table(
                "Ext IP", "Port", "Proto", "Name", "Mark", "Sel", "Mode", "# of Endpoints", "Timeout", "Monitor");
        for (LoadBalancer rule : rules) {
            ServiceArguments arguments = rule.serviceArguments();
            table.row(
                    arguments.externalIP(),
                    ports(arguments),
                    arguments.protocol(),
                    arguments.name(),
                    arguments.block(),
                    Codes.SELECT.word(arguments.sel()),
                    Codes.MODE.word(arguments.mode()),
                    rule.endpoints().size(),
                    arguments.inactiveTimeOut(),
                    arguments.monitor() ? "On" : "Off");
        }
        return table;
    }

    /** A row per endpoint; what belongs to the rule stands in its first row. A state that nobody probes is not shown. */
    static Table wide(List<LoadBalancer> rules) {
        Table table = new Table(
                "Ext IP",
                "Sec IPs",
                "Sources",
                "Host",
                "Port",
                "Proto",
                "Name",
                "Mark",
                "Sel",
                "Mode",
                "Endpoint",
                "EPort",
                "Weight",
                "State",
                "Counters",
                "Takeover");
        for (LoadBalancer rule : rules) {
            ServiceArguments arguments = rule.serviceArguments();
            boolean first = true;
            for (Endpoint endpoint : rule.endpoints()) {
                table.row(
                        first ? arguments.externalIP() : "",
                        first ? secondaryIps(rule) : "",
                        first ? sources(rule) : "",
                        first ? arguments.host() : "",
                        first ? ports(arguments) : "",
                        first ? arguments.protocol() : "",
                        first ? arguments.name() : "",
                        first ? arguments.block() : "",
                        first ? Codes.SELECT.word(arguments.sel()) : "",
                        first ? Codes.MODE.word(arguments.mode()) : "",
                        endpoint.endpointIP(),
                        endpoint.targetPort(),
                        endpoint.weight(),
                        arguments.monitor() ? endpoint.state() : "-",
                        endpoint.counter(),
                        first ? takeover(rule) : "");
                first = false;
            }
        }
        return table;
    }

    /** What becomes of its connections when another node takes the VIP over. */
    private static String takeover(LoadBalancer rule) {
        return rule.survivesTakeover() == null ? "-" : rule.survivesTakeover() ? "survives" : "ends";
    }

    private static String ports(ServiceArguments arguments) {
        return arguments.portMax() == 0
                ? Integer.toString(arguments.port())
                : arguments.port() + "-" + arguments.portMax();
    }

    private static String secondaryIps(LoadBalancer rule) {
        List<LoadBalancer.SecondaryIp> ips = rule.secondaryIPs() == null ? List.of() : rule.secondaryIPs();
        return String.join(
                " ", ips.stream().map(LoadBalancer.SecondaryIp::secondaryIP).toList());
    }

    private static String sources(LoadBalancer rule) {
        List<LoadBalancer.AllowedSource> sources = rule.allowedSources() == null ? List.of() : rule.allowedSources();
        return String.join(
                " ", sources.stream().map(LoadBalancer.AllowedSource::prefix).toList());
    }
}
