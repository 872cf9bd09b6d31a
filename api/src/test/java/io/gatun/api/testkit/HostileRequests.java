package io.gatun.api.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Requests for an operation of the document: right ones, nearly right ones, and such as no client sends by mistake. */
public final class HostileRequests {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "0",
            "-1",
            "80",
            "65536",
            "99999999999999999999",
            "1e9",
            "NaN",
            "null",
            "true",
            "all",
            "any",
            "tcp",
            "TCP",
            "MASTER",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "fe80::1%lo",
            "0.0.0.0",
            "255.255.255.255",
            "192.168.80.200",
            "192.168.080.200",
            "10.0.0.0/8",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "/",
            "..",
            "../../../../etc/passwd",
            "%00",
            "%2e%2e%2f",
            "%",
            "a\u0000b",
            "a\nb: c\r\n",
            "\ud800",
            "\uffff\u202e",
            "é😀",
            "'; DROP TABLE rules; --",
            "<script>alert(1)</script>",
            "${jndi:ldap://127.0.0.1/a}",
            "{{7*7}}",
            "%s%s%n%x",
            "[]",
            "{}",
            "x".repeat(300),
            "1".repeat(5_000));
    private static final List<String> METHODS =
            List.of("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW");
    private static final String BROKEN = "Broken header";
    private static final List<String> HEADERS = List.of(
            "Content-Type: text/plain",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: multipart/form-data; boundary=",
            "Content-Encoding: gzip",
            "Accept: text/html",
            "Accept-Encoding: ,;q=",
            "Authorization: ",
            "Authorization: Bearer ${x}",
            "Cookie: a=b; c=\"",
            "X-Forwarded-For: 127.0.0.1, ::1",
            "X-HTTP-Method-Override: DELETE",
            "Range: bytes=0-0,5-",
            "If-Modified-Since: never",
            "Origin: null",
            "Connection: upgrade",
            "Upgrade: websocket",
            "Content-Type: ",
            BROKEN);
    private static final int NESTED = 3_000;

    private final OpenApi openApi;
    private final RandomGenerator random;

    public HostileRequests(OpenApi openApi, RandomGenerator random) {
        this.openApi = openApi;
        this.random = random;
    }

    /** The bytes of one; their Content-Length is right, so that the server owes an answer. */
    public byte[] next(OpenApi.Operation operation) {
        String path = operation.path();
        List<String> query = new ArrayList<>();
        if (path.endsWith("/trace")) {
            query.add("timeout=1ms"); // a trace waits as long as it is told
        }
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.get("name").asText();
            if (parameter.get("in").asText().equals("path")) {
                path = path.replace("{" + name + "}", value(parameter));
            } else if (!rarely()) {
                query.add(encoded(rarely() ? text() : name) + "=" + value(parameter));
            }
        }
        if (rarely()) {
            query.add(encoded(text()) + "=" + encoded(text()));
        }
        if (rarely()) {
            path = switch (random.nextInt(5)) {
                case 0 -> path + "/" + encoded(text());
                case 1 -> path + "//";
                case 2 -> path + ";a=b";
                case 3 -> path.toUpperCase(Locale.ROOT);
                default -> path + "/../" + encoded(text());
            };
        }
        String method = rarely() ? one(METHODS) : operation.method();
        byte[] body = method.equals("GET") || method.equals("HEAD") ? new byte[0] : body(operation);
        StringBuilder head = new StringBuilder(method + " " + path);
        if (!query.isEmpty()) {
            head.append('?').append(String.join("&", query));
        }
        head.append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        for (int i = random.nextInt(3); i > 0; i--) {
            String header = one(HEADERS);
            // After a head that cannot be read the server closes, whether or not it has read a body.
            if (body.length == 0 || !header.equals(BROKEN)) {
                head.append(header).append("\r\n");
            }
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private String value(JsonNode parameter) {
        String value = random.nextInt(3) == 0
                ? text()
                : scalar(parameter.get("schema")).asText();
        boolean asItIs = random.nextInt(8) == 0 && value.chars().allMatch(c -> c > ' ' && c < 127 && c != '#');
        return asItIs ? value : encoded(value);
    }

    private byte[] body(OpenApi.Operation operation) {
        JsonNode schema = operation.body();
        if (schema == null) {
            return random.nextInt(4) == 0 ? utf8(text()) : new byte[0];
        }
        JsonNode right = build(schema, 0);
        return switch (random.nextInt(10)) {
            case 0, 1 -> utf8(right.toString());
            case 2 -> Arrays.copyOf(utf8(right.toString()), random.nextInt(1 + utf8(right.toString()).length));
            case 3 -> noise();
            case 4 -> utf8(anything(3).toString());
            case 5 -> utf8(one(List.of("[", "{\"a\":")).repeat(NESTED));
            case 6 -> utf8(otherCase(right.toString()));
            default -> {
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    spoil(right);
                }
                yield utf8(right.toString());
            }
        };
    }

    /** A value that the schema allows; properties that need not be there are left out now and then. */
    private JsonNode build(JsonNode reference, int depth) {
        JsonNode schema = openApi.resolve(reference);
        JsonNode properties = schema.get("properties");
        if (properties != null) {
            ObjectNode object = NODES.objectNode();
            List<String> required = new ArrayList<>();
            schema.path("required").forEach(name -> required.add(name.asText()));
            properties.properties().forEach(property -> {
                if (required.contains(property.getKey()) || random.nextInt(5) == 0) {
                    object.set(property.getKey(), build(property.getValue(), depth + 1));
                }
            });
            return object;
        }
        if (schema.has("items")) {
            ArrayNode array = NODES.arrayNode();
            for (int i = random.nextInt(4); i > 0; i--) {
                array.add(build(schema.get("items"), depth + 1));
            }
            return array;
        }
        return scalar(schema);
    }

    private JsonNode scalar(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        if (schema.has("examples")) {
            return schema.get("examples")
                    .get(random.nextInt(schema.get("examples").size()));
        }
        String type = schema.path("type").isArray()
                ? schema.get("type").get(0).asText()
                : schema.path("type").asText();
        return switch (type) {
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer", "number" -> {
                long min = schema.path("minimum").asLong(0);
                long max = schema.path("maximum").asLong(1_000);
                yield NODES.numberNode(
                        switch (random.nextInt(4)) {
                            case 0 -> min;
                            case 1 -> max;
                            default -> random.nextLong(min, Math.max(min + 1, Math.min(max, min + 9_000)));
                        });
            }
            default -> NODES.textNode(text());
        };
    }

    /** Puts something else in one place of the tree, or takes it away. */
    private void spoil(JsonNode tree) {
        List<Runnable> places = new ArrayList<>();
        collect(tree, places);
        if (!places.isEmpty()) {
            places.get(random.nextInt(places.size())).run();
        }
    }

    private void collect(JsonNode node, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(property -> {
                places.add(() -> object.set(property.getKey(), anything(2)));
                places.add(() -> object.remove(property.getKey()));
                collect(property.getValue(), places);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int place = i;
                places.add(() -> array.set(place, anything(2)));
                collect(array.get(i), places);
            }
            places.add(() -> array.add(anything(1)));
        }
    }

    private JsonNode anything(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt(-2, 70_000));
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 -> NODES.numberNode(random.nextDouble() * 1e300);
            case 5, 6 -> NODES.textNode(text());
            case 7 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(40); i > 0; i--) {
                    array.add(anything(depth - 1));
                }
                yield array;
            }
            default -> NODES.objectNode().set(text(), anything(depth - 1));
        };
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String otherCase(String text) {
        StringBuilder other = new StringBuilder(text.length());
        text.chars()
                .map(c -> random.nextInt(4) == 0 ? Character.toUpperCase(c) : c)
                .forEach(c -> other.append((char) c));
        return other.toString();
    }

    private boolean rarely() {
        return random.nextInt(12) == 0;
    }

    private String text() {
        return one(TEXTS);
    }

    private String one(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
