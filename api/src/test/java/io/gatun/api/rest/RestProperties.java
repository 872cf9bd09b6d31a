package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.forwarder.control.ServiceSnapshot;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class RestProperties {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static Path directory;
    private static Api api;

    @BeforeContainer
    static void start() throws IOException {
        directory = Files.createTempDirectory("gatun-api");
        api = Api.start(directory);
    }

    @AfterContainer
    static void stop() throws IOException {
        api.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Whatever is sent, the answer is a success or a refusal in one sentence, and a refusal leaves all as it was. */
    @Property(tries = 400)
    void refusalChangesNothing(@ForAll("requests") String body) {
        JsonNode rulesBefore = api.rules();
        List<ServiceSnapshot> servicesBefore = api.forwarder().services();
        HttpResponse<String> response = api.post("/config/loadbalancer", body);
        int status = response.statusCode();
        if (response.body().equals("{\"result\":\"Success\"}")) {
            assertEquals(200, status);
        } else {
            boolean onlyHash = response.body().contains("Only Hash Selection criteria allowed for DSR mode");
            assertTrue(onlyHash ? status == 200 : status >= 400 && status < 500, body + " -> " + response.body());
            assertTrue(Api.json(response).get("result").asText().length() > 8, body);
            assertEquals(rulesBefore, api.rules(), body);
            assertEquals(servicesBefore, api.forwarder().services(), body);
        }
    }

    /** A rule of a client in which some values were replaced by others of any type. */
    @Provide
    Arbitrary<String> requests() {
        Arbitrary<String> mutated = Arbitraries.integers()
                .between(0, 40)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .flatMap(places -> values(2).list().ofSize(places.size()).map(values -> mutate(places, values)));
        return Arbitraries.oneOf(
                mutated,
                values(3).map(JsonNode::toString),
                Arbitraries.strings().ofMaxLength(40));
    }

    private static Arbitrary<JsonNode> values(int depth) {
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                Arbitraries.integers().map(NODES::numberNode),
                Arbitraries.integers().between(-1, 6).map(NODES::numberNode),
                Arbitraries.doubles().map(NODES::numberNode),
                Arbitraries.longs().map(NODES::numberNode),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.strings().ofMaxLength(20).map(NODES::textNode),
                Arbitraries.of("tcp", "udp", "icmp", "192.168.80.1", "2001:db8::1", "::1", "::", "", "none")
                        .map(NODES::textNode),
                Arbitraries.just(NODES.nullNode()));
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<JsonNode> arrays = values(depth - 1)
                .list()
                .ofMaxSize(3)
                .map(items -> NODES.arrayNode().addAll(items));
        Arbitrary<JsonNode> objects =
                values(depth - 1).map(value -> NODES.objectNode().set("serviceArguments", value));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, leaves),
                net.jqwik.api.Tuple.of(1, arrays),
                net.jqwik.api.Tuple.of(1, objects));
    }

    private static String mutate(List<Integer> places, List<JsonNode> values) {
        try {
            JsonNode tree = new ObjectMapper().readTree(Bodies.LOXICMD);
            for (int i = 0; i < places.size(); i++) {
                List<Runnable> slots = new ArrayList<>();
                JsonNode value = values.get(i);
                collect(tree, value, slots);
                slots.get(places.get(i) % slots.size()).run();
            }
            return tree.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void collect(JsonNode node, JsonNode value, List<Runnable> slots) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                slots.add(() -> object.set(name, value));
                collect(object.get(name), value, slots);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int place = i;
                slots.add(() -> array.set(place, value));
                collect(array.get(i), value, slots);
            }
        }
    }
}
