package io.gatun.api.cli;

import io.gatun.api.model.ClusterInstance;
import io.gatun.api.model.Conntrack;
import io.gatun.api.model.EndpointReport;
import io.gatun.api.model.EndpointState;
import io.gatun.api.model.IncidentReport;
import io.gatun.api.model.Json;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.model.Port;
import io.gatun.api.model.SyncReport;
import io.gatun.api.model.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BiConsumer;
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
        return show(RestClient.NETLOX + "/config/loadbalancer/all", LoadBalancer.All.class, (all, out) -> {
            List<LoadBalancer> rules = all.lbAttr() == null ? List.of() : all.lbAttr();
            if (api.wide()) {
                LbTables.wide(rules).print(out);
            } else {
                LbTables.plain(rules).print(out);
            }
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
        return show(RestClient.NETLOX + "/config/conntrack/all", Conntrack.All.class, (all, out) -> {
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
            table.print(out);
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
                (all, out) -> PortTable.of(orEmpty(all.portAttr()), api.wide()).print(out));
    }

    @Command(
            name = "hastate",
            description = "Roles of cluster instances; with -o wide takeovers by the node too.",
            mixinStandardHelpOptions = true)
    int roles() {
        return show(RestClient.NETLOX + "/config/cistate/all", ClusterInstance.All.class, (all, out) -> {
            Table table = new Table("Instance", "HAState");
            orEmpty(all.attr()).forEach(role -> table.row(role.instance(), role.state()));
            table.print(out);
            if (api.wide()) {
                out.println();
                takeovers().print(out);
            }
        });
    }

    private Table takeovers() {
        Table table = new Table(
                "Takeover",
                "Time",
                "Family",
                "Detected by",
                "Silent ms",
                "Held back",
                "Announced ms",
                "First packet ms",
                "Outage ms",
                "Inherited",
                "Lost",
                "Alarm");
        IncidentReport.All all = api.client().get(RestClient.GATUN + "/incidents", IncidentReport.All.class);
        for (IncidentReport row : orEmpty(all.incidents())) {
            table.row(
                    row.number(),
                    row.time(),
                    row.family(),
                    row.detectedBy(),
                    row.silentMs(),
                    row.heldBack(),
                    orDash(row.announcedMs()),
                    orDash(row.firstPacketMs()),
                    orDash(row.outageMs()),
                    row.connectionsInherited(),
                    row.connectionsLost(),
                    row.alarm() ? "no traffic" : "-");
        }
        return table;
    }

    private static Object orDash(Double value) {
        return value == null ? "-" : value;
    }

    @Command(
            name = "ep",
            aliases = {"endpoint", "endpoints"},
            description = "Endpoints of all rules.",
            mixinStandardHelpOptions = true)
    int endpoints() {
        return show(RestClient.NETLOX + "/config/endpoint/all", EndpointState.All.class, (all, out) -> {
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
            table.print(out);
        });
    }

    @Command(
            name = "health",
            description = "What probes and packets say of endpoints.",
            mixinStandardHelpOptions = true)
    int health() {
        return show(RestClient.GATUN + "/health", EndpointReport.All.class, (all, out) -> {
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
            table.print(out);
        });
    }

    @Command(
            name = "sync",
            description = "The exchange of connections with other nodes; nothing without --peer.",
            mixinStandardHelpOptions = true)
    int sync() {
        return show(RestClient.GATUN + "/sync", SyncReport.class, (report, out) -> {
            Table table = new Table("Counter", "Value");
            report.counters().forEach(table::row);
            table.print(out);
        });
    }

    @Command(name = "lbversion", description = "Version of the Gatun that is asked.", mixinStandardHelpOptions = true)
    int version() {
        return show(
                RestClient.NETLOX + "/version",
                Version.class,
                (version, out) -> out.println(version.version() + " " + version.buildInfo()));
    }

    private <T> int show(String path, Class<T> type, BiConsumer<T, PrintWriter> table) {
        T answer = api.client().get(path, type);
        PrintWriter out = spec.commandLine().getOut();
        if (api.json()) {
            out.println(Json.pretty(answer));
        } else {
            table.accept(answer, out);
        }
        out.flush();
        return Gatun.EXIT_OK;
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}
