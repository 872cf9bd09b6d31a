package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of what the node has beside rules and connections. They are read as trees: a field that a server leaves out is
 * an empty cell.
 */
final class NodeTables {
    private static final List<String> PROCESS = List.of(
            "pid",
            "user",
            "priority",
            "nice",
            "virtMemory",
            "residentSize",
            "sharedMemory",
            "status",
            "CPUUsage",
            "MemoryUsage",
            "time",
            "command");
    private static final List<String> FIREWALL_FIELDS = List.of(
            "sourceIP",
            "destinationIP",
            "minSourcePort",
            "maxSourcePort",
            "minDestinationPort",
            "maxDestinationPort",
            "protocol",
            "portName",
            "preference");

    private NodeTables() {}

    static Table addresses(JsonNode answer, boolean wide) {
        Table table = wide ? new Table("Device Name", "IP Address", "Sync") : new Table("Device Name", "IP Address");
        for (JsonNode device : answer.path("ipAttr")) {
            List<String> addresses = new ArrayList<>();
            device.path("ipAddress").forEach(address -> addresses.add(address.asText()));
            List<String> cells = new ArrayList<>(List.of(text(device, "dev"), String.join("\n", addresses)));
            if (wide) {
                cells.add(text(device, "sync"));
            }
            table.row(cells);
        }
        return table;
    }

    /** @param wide with packets and bytes */
    static Table firewall(JsonNode answer, boolean wide) {
        List<String> heads = new ArrayList<>(List.of(
                "Source IP",
                "destination IP",
                "min SPort",
                "max SPort",
                "min DPort",
                "max DPort",
                "protocol",
                "port Name",
                "preference",
                "Option"));
        if (wide) {
            heads.add("Counters");
        }
        Table table = new Table(heads);
        for (JsonNode rule : answer.path("fwAttr")) {
            List<String> cells = new ArrayList<>();
            FIREWALL_FIELDS.forEach(field -> cells.add(firewallCell(rule.path("ruleArguments"), field)));
            cells.add(action(rule.path("opts")));
            if (wide) {
                cells.add(text(rule.path("opts"), "counter"));
            }
            table.row(cells);
        }
        return table;
    }

    /** Numbers that are left out are zeros there. */
    private static String firewallCell(JsonNode rule, String field) {
        boolean word = field.endsWith("IP") || field.endsWith("Name");
        return word || rule.has(field) ? text(rule, field) : "0";
    }

    private static String action(JsonNode options) {
        List<String> words = new ArrayList<>();
        if (options.path("allow").asBoolean()) {
            words.add("Allow");
        } else if (options.path("drop").asBoolean()) {
            words.add("Drop");
        } else if (options.path("trap").asBoolean()) {
            words.add("Trap");
        } else if (options.path("redirect").asBoolean()) {
            words.add("Redirect(" + text(options, "redirectPortName") + ")");
        }
        if (options.path("record").asBoolean()) {
            words.add("Record");
        }
        if (options.path("fwMark").asLong() != 0) {
            words.add("FwMark(" + text(options, "fwMark") + ")");
        }
        return String.join(",", words);
    }

    static Table bfd(JsonNode answer, boolean wide) {
        Table table = wide
                ? new Table("Instance", "RemoteIP", "SourceIP", "Port", "Interval", "Retry Count", "State")
                : new Table("Instance", "RemoteIP", "State");
        for (JsonNode session : answer.path("Attr")) {
            String instance = text(session, "instance");
            String remote = text(session, "remoteIp");
            String state = text(session, "state");
            if (wide) {
                String interval = text(session, "interval") + " us";
                String source = text(session, "sourceIp");
                table.row(
                        instance, remote, source, text(session, "port"), interval, text(session, "retryCount"), state);
            } else {
                table.row(instance, remote, state);
            }
        }
        return table;
    }

    static Table parameters(JsonNode answer) {
        Table table = new Table("Param Name", "Value");
        table.row("Log level", text(answer, "logLevel"));
        return table;
    }

    static Table processes(JsonNode answer) {
        Table table = new Table(PROCESS);
        for (JsonNode process : answer.path("processAttr")) {
            table.row(PROCESS.stream().map(field -> text(process, field)).toList());
        }
        return table;
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }
}
