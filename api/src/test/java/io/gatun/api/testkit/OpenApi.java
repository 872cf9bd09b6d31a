package io.gatun.api.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The document that describes REST, as the server has it in its jar. */
public final class OpenApi {
    private final JsonNode document;
    private final ObjectNode closed;
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private final Map<JsonNode, JsonSchema> schemas = new HashMap<>();

    /** One method of one path. */
    public record Operation(String method, String path, JsonNode node) {
        /** The schema of the body, or null. */
        public JsonNode body() {
            return node.at("/requestBody/content/application~1json/schema").isMissingNode()
                    ? null
                    : node.at("/requestBody/content/application~1json/schema");
        }

        public Iterable<JsonNode> parameters() {
            return node.path("parameters");
        }

        /** Whether the answer is JSON as a whole. */
        public boolean answersJson() {
            return content().has("application/json");
        }

        /** Whether the answer goes on until the client leaves. */
        public boolean streams() {
            return content().has("text/event-stream");
        }

        private JsonNode content() {
            return node.at("/responses/200/content");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private OpenApi(JsonNode document) {
        this.document = document;
        this.closed = document.deepCopy();
        close(closed.get("components"));
    }

    public static OpenApi read() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/io/gatun/api/openapi.json")) {
            return new OpenApi(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode document() {
        return document;
    }

    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    /** A schema, or what its reference leads to. */
    public JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    /** What is wrong with an answer: also a property that the document does not have. Empty when all is well. */
    public List<String> wrong(Operation operation, int status, JsonNode answer) {
        JsonNode responses = operation.node().get("responses");
        String key = Integer.toString(status);
        JsonNode response = resolve(responses.has(key) ? responses.get(key) : responses.get("default"));
        JsonNode schema = response.get("content").elements().next().get("schema");
        return schemas.computeIfAbsent(schema, this::compile).validate(answer).stream()
                .map(Object::toString)
                .toList();
    }

    private JsonSchema compile(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", closed.get("components"));
        return factory.getSchema(whole);
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && object.path("type").isTextual()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(OpenApi::close);
    }
}
