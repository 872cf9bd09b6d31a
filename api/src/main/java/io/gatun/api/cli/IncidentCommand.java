package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.model.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatun incident}: what takeovers left on record. */
@Command(
        name = "incident",
        aliases = "incidents",
        description = "Takeovers of the VIPs by the node that is asked; without COMMAND the list.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]")
final class IncidentCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "The last 64, oldest first.", mixinStandardHelpOptions = true)
    int list() {
        JsonNode answer = api.client().get(IncidentText.PATH, JsonNode.class);
        if (api.json()) {
            printJson(answer);
        } else {
            IncidentText.table(answer).print(spec.commandLine());
        }
        return Gatun.EXIT_OK;
    }

    @Command(name = "show", description = "All that is known of one.", mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "NUMBER", arity = "0..1", description = "of the list (default: the last one)")
                    Long number) {
        JsonNode incident = find(api.client().get(IncidentText.PATH, JsonNode.class), number);
        if (api.json()) {
            printJson(incident);
        } else {
            IncidentText.print(incident, spec.commandLine().getOut());
        }
        return Gatun.EXIT_OK;
    }

    private static JsonNode find(JsonNode answer, Long number) {
        List<String> numbers = new ArrayList<>();
        JsonNode found = null;
        for (JsonNode incident : answer.path("incidents")) {
            long own = incident.path("number").asLong();
            numbers.add(Long.toString(own));
            if (number == null || number == own) {
                found = incident;
            }
        }
        if (numbers.isEmpty()) {
            throw new ClientException("this node has taken nothing over since it started, ask the other one");
        }
        if (found == null) {
            throw new ClientException(
                    "NUMBER=" + number + " is not on record, give one of " + String.join(", ", numbers));
        }
        return found;
    }

    private void printJson(JsonNode tree) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Json.pretty(tree));
        out.flush();
    }
}
