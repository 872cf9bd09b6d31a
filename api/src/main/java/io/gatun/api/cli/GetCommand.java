package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.model.ClusterInstance;
import io.gatun.api.model.Conntrack;
import io.gatun.api.model.EndpointReport;
import io.gatun.api.model.EndpointState;
import io.gatun.api.model.Json;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.model.Port;
import io.gatun.api.model.SyncReport;
import io.gatun.api.model.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The verb get: each noun is one GET and one table. */
@Command(
        name = "get",
        description = "Show what a Gatun has.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class GetCommand {
    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Command(
            name = "lb",
            aliases = {"loadbalancer", "loadbalance", "lbrule"},
            description = "Load balancer rules.",
            mixinStandardHelpOptions = true)
    int loadBalancers() {
        return show(RestClient.NETLOX + "/config/loadbalancer/all", LoadBalancer.All.class, all -> {
            List<LoadBalancer> rules = orEmpty(all.lbAttr());
            return api.wide() ? LbTables.wide(rules) : LbTables.plain(rules);
        });
    }

    @Command(
            name = "ct",
            aliases = {"conntrack", "conntracks"},
            description = "Connections, two rows each.",
            mixinStandardHelpOptions = true)
    int connections(
            @Option(names = "--servName", paramLabel = "NAME", description = "only of the rule of this name")
                    String service) {
        return show(RestClient.NETLOX + "/config/conntrack/all", Conntrack.All.class, all -> {
            Table table = new Table(
                    "Service Name", "DestIP", "SrcIP", "DPort", "SPort", "Proto", "State", "Act", "Packets", "Bytes");
            for (Conntrack row : orEmpty(all.ctAttr())) {
                if (service == null || service.equals(row.servName())) {
                    table.row(
                            row.servName(),
                            row.destinationIP(),
                            row.sourceIP(),
                            row.destinationPort(),
                            row.sourcePort(),
                            row.protocol(),
                            row.conntrackState(),
                            row.conntrackAct(),
                            row.packets(),
                            row.bytes());
                }
            }
            return table;
        });
    }

    @Command(
            name = "port",
            aliases = {"ports", "intf", "interface"},
            description = "Interfaces being served.",
            mixinStandardHelpOptions = true)
    int ports() {
        return show(
                RestClient.NETLOX + "/config/port/all",
                Port.All.class,
                all -> PortTable.of(orEmpty(all.portAttr()), api.wide()));
    }

    @Command(
            name = "hastate",
            description = "Roles of cluster instances; with -o wide takeovers by the node too.",
            mixinStandardHelpOptions = true)
    int roles() {
        int code = show(RestClient.NETLOX + "/config/cistate/all", ClusterInstance.All.class, all -> {
            Table table = new Table("Instance", "HAState");
            orEmpty(all.attr()).forEach(role -> table.row(role.instance(), role.state()));
            return table;
        });
        if (api.wide()) {
            spec.commandLine().getOut().println();
            IncidentText.table(api.client().get(IncidentText.PATH, JsonNode.class))
                    .print(spec.commandLine());
        }
        return code;
    }

    @Command(
            name = "ep",
            aliases = {"endpoint", "endpoints"},
            description = "Endpoints of all rules.",
            mixinStandardHelpOptions = true)
    int endpoints() {
        return show(RestClient.NETLOX + "/config/endpoint/all", EndpointState.All.class, all -> {
            Table table = new Table(
                    "Host",
                    "Name",
                    "ptype",
                    "port",
                    "duration",
                    "retries",
                    "minDelay",
                    "avgDelay",
                    "maxDelay",
                    "State");
            for (EndpointState row : orEmpty(all.attr())) {
                table.row(
                        row.hostName(),
                        row.name(),
                        row.probeType(),
                        row.probePort(),
                        row.probeDuration(),
                        row.inactiveReTries(),
                        row.minDelay(),
                        row.avgDelay(),
                        row.maxDelay(),
                        row.currState());
            }
            return table;
        });
    }

    @Command(
            name = "health",
            description = "What probes and packets say of endpoints.",
            mixinStandardHelpOptions = true)
    int health() {
        return show(RestClient.GATUN + "/health", EndpointReport.All.class, all -> {
            Table table = new Table(
                    "Rule",
                    "Endpoint",
                    "Weight",
                    "Active",
                    "Probe",
                    "Ejected",
                    "Refused",
                    "Unreachable",
                    "Unanswered",
                    "Connections",
                    "Drained");
            for (EndpointReport row : orEmpty(all.endpoints())) {
                table.row(
                        row.rule(),
                        row.endpoint(),
                        row.weight(),
                        row.active(),
                        row.probe(),
                        row.ejected(),
                        row.refused(),
                        row.unreachable(),
                        row.unanswered(),
                        row.connections(),
                        row.drained() == null ? "-" : row.drained());
            }
            return table;
        });
    }

    @Command(
            name = "sync",
            description = "The exchange of connections with other nodes; nothing without --peer.",
            mixinStandardHelpOptions = true)
    int sync() {
        return show(RestClient.GATUN + "/sync", SyncReport.class, report -> {
            Table table = new Table("Counter", "Value");
            report.counters().forEach(table::row);
            return table;
        });
    }

    @Command(name = "lbversion", description = "Version of the Gatun that is asked.", mixinStandardHelpOptions = true)
    int version() {
        if (api.json()) {
            return showJson(RestClient.NETLOX + "/version");
        }
        Version version = api.client().get(RestClient.NETLOX + "/version", Version.class);
        spec.commandLine().getOut().println(version.version() + " " + version.buildInfo());
        return Gatun.EXIT_OK;
    }

    @Command(
            name = "ip",
            aliases = {"ipv4address", "ipv4", "ipaddress"},
            description = "Addresses of interfaces.",
            mixinStandardHelpOptions = true)
    int addresses() {
        return show(
                RestClient.NETLOX + ConfigKind.IP.allPath(),
                JsonNode.class,
                answer -> NodeTables.addresses(answer, api.wide()));
    }

    @Command(
            name = "firewall",
            aliases = {"Firewall", "fw", "firewalls"},
            description = "Firewall rules; with -o wide what they have counted.",
            mixinStandardHelpOptions = true)
    int firewall() {
        return show(
                RestClient.NETLOX + ConfigKind.FIREWALL.allPath(),
                JsonNode.class,
                answer -> NodeTables.firewall(answer, api.wide()));
    }

    @Command(
            name = "bfd",
            aliases = "bfd-session",
            description = "BFD sessions with other nodes.",
            mixinStandardHelpOptions = true)
    int bfd() {
        return show(
                RestClient.NETLOX + ConfigKind.BFD.allPath(),
                JsonNode.class,
                answer -> NodeTables.bfd(answer, api.wide()));
    }

    @Command(
            name = "log-level",
            aliases = {"loglevel", "param", "params"},
            description = "What changes while it runs: the log level.",
            mixinStandardHelpOptions = true)
    int parameters() {
        return show(RestClient.NETLOX + "/config/params", JsonNode.class, NodeTables::parameters);
    }

    @Command(
            name = "process",
            aliases = {"Process", "processes"},
            description = "Processes of the node, as top shows them.",
            mixinStandardHelpOptions = true)
    int processes() {
        return show(RestClient.NETLOX + "/status/process", JsonNode.class, NodeTables::processes);
    }

    @Command(
            name = "metrics",
            description = "All metrics, in the text format of Prometheus.",
            mixinStandardHelpOptions = true)
    int metrics() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(api.client().text(RestClient.NETLOX + "/metrics"));
        out.flush();
        return Gatun.EXIT_OK;
    }

    private <T> int show(String path, Class<T> type, Function<T, Table> table) {
        if (api.json()) {
            return showJson(path);
        }
        table.apply(api.client().get(path, type)).print(spec.commandLine());
        return Gatun.EXIT_OK;
    }

    /** The answer as it is, with what no table shows. */
    private int showJson(String path) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Json.pretty(api.client().get(path, JsonNode.class)));
        out.flush();
        return Gatun.EXIT_OK;
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}
