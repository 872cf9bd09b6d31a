package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takeovers by a node, in a table and one by one. Read as trees: a node may tell more of them than this version knows. */
final class IncidentText {
    static final String PATH = RestClient.GATUN + "/incidents";

    private static final Map<String, String> WORDS = words();

    private IncidentText() {}

    /** A row for each. */
    static Table table(JsonNode answer) {
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
        for (JsonNode incident : answer.path("incidents")) {
            table.row(
                    incident.path("number").asText(),
                    incident.path("time").asText(),
                    incident.path("family").asText(),
                    incident.path("detectedBy").asText(),
                    orDash(incident, "silentMs"),
                    incident.path("heldBack").asText(),
                    orDash(incident, "announcedMs"),
                    orDash(incident, "firstPacketMs"),
                    orDash(incident, "outageMs"),
                    incident.path("connectionsInherited").asText(),
                    incident.path("connectionsLost").asText(),
                    incident.path("alarm").asBoolean() ? "no traffic" : "-");
        }
        return table;
    }

    private static String orDash(JsonNode incident, String field) {
        return incident.path(field).asText("-");
    }

    /** All that is known of one, a line each, in the order of events. */
    static void print(JsonNode incident, PrintWriter out) {
        out.println("takeover " + incident.path("number").asText() + " of the VIPs of "
                + incident.path("family").asText() + " at "
                + incident.path("time").asText());
        WORDS.forEach((field, word) -> {
            if (incident.has(field)) {
                out.printf("  %-24s%s%n", word, value(incident, field));
            }
        });
        incident.properties().forEach(field -> {
            boolean told = WORDS.containsKey(field.getKey())
                    || field.getKey().equals("number")
                    || field.getKey().equals("family")
                    || field.getKey().equals("time");
            if (!told) {
                out.printf(
                        "  %-24s%s%n",
                        field.getKey(), field.getValue().asText(field.getValue().toString()));
            }
        });
        out.flush();
    }

    private static String value(JsonNode incident, String field) {
        String text = incident.path(field).asText();
        return switch (field) {
            case "silentMs" -> text + " ms before that";
            case "announcedMs", "firstPacketMs" -> text + " ms after that";
            case "outageMs" -> text + " ms";
            case "connectionsLost" -> text + " packets of connections not inherited";
            case "alarm" -> incident.path(field).asBoolean() ? "no packet came" : "none";
            case "complete" -> incident.path(field).asBoolean() ? "yes" : "not yet";
            default -> text;
        };
    }

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("detectedBy", "detected by");
        words.put("silentMs", "owner last heard");
        words.put("heldBack", "held back by answers");
        words.put("announcedMs", "announced");
        words.put("firstPacketMs", "first packet");
        words.put("outageMs", "outage");
        words.put("connectionsInherited", "connections inherited");
        words.put("connectionsLost", "connections lost");
        words.put("alarm", "alarm");
        words.put("complete", "complete");
        return words;
    }
}
