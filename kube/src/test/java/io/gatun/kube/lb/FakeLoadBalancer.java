package io.gatun.kube.lb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A load balancer in this process that keeps rules as loxilb's REST does (contract section 3), or as Gatun's does, and
 * can be down, slow, hung, broken, or started anew without its rules.
 */
final class FakeLoadBalancer implements AutoCloseable {
    /** Which load balancer it is like. */
    enum Kind {
        GATUN,
        LOXILB
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String RULES = "/netlox/v1/config/loadbalancer";
    private static final int ENDPOINTS_MAX = 32;
    private static final String SUCCESS = "{\"result\":\"Success\"}";

    private final Kind kind;
    private final Signal signal;
    private final int port;
    private final Map<String, ObjectNode> rules = new LinkedHashMap<>();
    private final Map<String, String> states = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private CountDownLatch hung = new CountDownLatch(0);
    private int replacements;
    private volatile boolean broken;
    private volatile long delayMs;

    FakeLoadBalancer(Kind kind, Signal signal) {
        this.kind = kind;
        this.signal = signal;
        this.port = listen(0);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Kind kind() {
        return kind;
    }

    /** No process listens. */
    synchronized void down() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    synchronized void up() {
        if (server == null) {
            listen(port);
        }
    }

    /** Another process, which has read nothing back, without a moment in which it was seen to be down. */
    synchronized void loseEverything() {
        rules.clear();
        states.clear();
    }

    /** From now on 500 for everything but the health probe. */
    void breakDown(boolean now) {
        broken = now;
    }

    /** From now on nothing under {@code config} is answered. */
    synchronized void hang(boolean now) {
        hung.countDown();
        hung = new CountDownLatch(now ? 1 : 0);
    }

    /** From now on every answer takes so long. */
    void slow(long ms) {
        delayMs = ms;
    }

    /** All requests but health probes, as {@code METHOD path}. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    synchronized void forgetRequests() {
        requests.clear();
    }

    /** Requests that put a rule in the place of what was there. */
    synchronized int replacements() {
        return replacements;
    }

    synchronized Map<String, String> states() {
        return new TreeMap<>(states);
    }

    synchronized void state(String instance, String state) {
        states.put(instance, state);
    }

    /** Its rules as a client reads them. */
    synchronized Map<RuleKey, Rule> rules() {
        try {
            return Wire.rules(all().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it has exactly these rules, as they were sent, and no other. */
    synchronized boolean has(Map<RuleKey, Rule> wanted) {
        return rules.size() == wanted.size()
                && wanted.values().stream()
                        .allMatch(rule ->
                                Wire.rule(rule).equals(rules.get(rule.key().toString())));
    }

    /** Somebody else posts or removes a rule. */
    synchronized void meddle(Rule rule) {
        rules.put(rule.key().toString(), Wire.rule(rule));
    }

    synchronized void meddleAway(RuleKey key) {
        rules.remove(key.toString());
    }

    @Override
    public void close() {
        hang(false);
        down();
    }

    private synchronized int listen(int wanted) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        try {
            if (delayMs > 0) {
                Thread.sleep(delayMs);
            }
            if (path.startsWith("/netlox/v1/config")) {
                CountDownLatch latch;
                synchronized (this) {
                    requests.add(exchange.getRequestMethod() + " " + path);
                    latch = hung;
                }
                latch.await();
            }
        } catch (InterruptedException e) {
            return;
        }
        if (isDown()) {
            exchange.close(); // a process that is gone changes nothing
            return;
        }
        answer(exchange, path, body);
        signal.raise();
    }

    private synchronized boolean isDown() {
        return server == null;
    }

    private void answer(HttpExchange exchange, String path, byte[] body) throws IOException {
        int status = 200;
        String text;
        if (broken && !path.equals("/netlox/v1")) {
            status = 500;
            text = "{\"code\":500,\"fields\":null,\"message\":\"broken\",\"result\":\"broken\"}";
        } else {
            text = switch (exchange.getRequestMethod()) {
                case "POST" -> path.equals(RULES) ? post(JSON.readTree(body)) : role(JSON.readTree(body));
                case "DELETE" -> delete(path);
                default -> get(path);
            };
            int given = JSON.readTree(text).path("code").asInt(0);
            status = given == 0 ? 200 : given;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String error(int code, String result) {
        return "{\"code\":" + code + ",\"fields\":null,\"message\":\"" + result + "\",\"result\":\"" + result + "\"}";
    }

    private synchronized String get(String path) {
        return switch (path) {
            case RULES + "/all" -> all();
            case "/netlox/v1/config/cistate/all" -> {
                ObjectNode answer = JSON.createObjectNode();
                ArrayNode list = answer.putArray("Attr");
                states.forEach((instance, state) -> list.addObject()
                        .put("instance", instance)
                        .put("state", state)
                        .putNull("sync")
                        .put("vip", "0.0.0.0"));
                yield answer.toString();
            }
            case "/netlox/v1/version" ->
                "{\"version\":\"1\",\"buildInfo\":\"" + (kind == Kind.GATUN ? "gatun on Java 25" : "2026_11_01")
                        + "\"}";
            default -> error(404, "path " + path + " was not found");
        };
    }

    private String all() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("lbAttr");
        rules.values().forEach(rule -> list.add(told(rule.deepCopy())));
        return answer.toString();
    }

    private ObjectNode told(ObjectNode rule) {
        ObjectNode service = (ObjectNode) rule.get("serviceArguments");
        if (service.get("inactiveTimeOut").asInt() == 0) {
            service.put("inactiveTimeOut", service.get("protocol").asString().equals("udp") ? 20 : 240);
        }
        String probe = service.get("probetype").asString();
        if (!probe.isEmpty() && !probe.equals("none")) {
            service.put("monitor", true);
        }
        if (kind == Kind.LOXILB) {
            service.remove(List.of("privateIP", "probereq", "proberesp", "probeTimeout", "probeRetries"));
        }
        for (String list : List.of("secondaryIPs", "allowedSources")) {
            if (rule.get(list).isEmpty()) {
                rule.putNull(list);
            }
        }
        ArrayNode reversed = JSON.createArrayNode();
        for (JsonNode endpoint : rule.get("endpoints")) {
            reversed.insert(
                    0, ((ObjectNode) endpoint.deepCopy()).put("state", "active").put("counter", "1:60"));
        }
        rule.set("endpoints", reversed);
        List<String> zeros = new ArrayList<>();
        service.properties().forEach(field -> {
            if (List.of("0", "false", "\"\"").contains(field.getValue().toString())) {
                zeros.add(field.getKey());
            }
        });
        service.remove(zeros);
        return rule;
    }

    private synchronized String post(JsonNode body) {
        ObjectNode rule = (ObjectNode) body;
        ObjectNode service = (ObjectNode) rule.get("serviceArguments");
        if (service.get("mode").asInt() == 4) {
            return error(400, "service-args error: mode=4, give another");
        }
        String key = new RuleKey(
                        service.get("externalIP").asString(),
                        service.get("port").asInt(),
                        service.get("protocol").asString())
                .toString();
        ObjectNode present = rules.get(key);
        JsonNode operation = service.remove("oper");
        if (operation != null) {
            return share(key, present, rule, operation.asInt());
        }
        replacements++;
        if (present == null || kind == Kind.GATUN) {
            return rule.equals(rules.put(key, rule)) ? error(409, "lbrule-exists error") : SUCCESS;
        }
        ObjectNode before = (ObjectNode) present.get("serviceArguments");
        boolean changed = !present.get("endpoints").equals(rule.get("endpoints"))
                || present.get("allowedSources").size()
                        != rule.get("allowedSources").size();
        for (String field : List.of("probetype", "probeport", "probereq", "proberesp", "sel", "mode")) {
            changed |= !before.get(field).equals(service.get(field));
        }
        if (!changed) {
            return error(409, "lbrule-exists error");
        }
        for (String field : List.of("name", "monitor", "bgp", "managed", "privateIP")) {
            service.set(field, before.get(field));
        }
        for (String field : List.of("probeRetries", "probeTimeout")) {
            service.remove(field);
            if (before.has(field)) {
                service.set(field, before.get(field));
            }
        }
        rules.put(key, rule);
        return SUCCESS;
    }

    /** Attaches or detaches: of a rule that is there, nothing else changes. */
    private String share(String key, ObjectNode present, ObjectNode asked, int operation) {
        Map<String, JsonNode> all = new TreeMap<>();
        if (present != null) {
            present.get("endpoints").forEach(each -> all.put(target(each), each));
        } else if (operation == Wire.DETACH) {
            return error(404, "lbrule not-exists error");
        }
        for (JsonNode each : asked.get("endpoints")) {
            if (operation == Wire.DETACH) {
                all.remove(target(each));
            } else if (kind == Kind.GATUN) {
                all.put(target(each), each);
            } else {
                all.putIfAbsent(target(each), each);
            }
        }
        if (all.size() > ENDPOINTS_MAX) {
            return error(400, "endpoints-range error");
        }
        if (all.isEmpty()) {
            rules.remove(key);
            return SUCCESS;
        }
        ObjectNode next = present == null ? asked : present.deepCopy();
        ArrayNode endpoints = JSON.createArrayNode();
        all.values().forEach(endpoints::add);
        next.set("endpoints", endpoints);
        return next.equals(rules.put(key, next)) && operation == Wire.ATTACH
                ? error(409, "lbrule-exists error")
                : SUCCESS;
    }

    private static String target(JsonNode endpoint) {
        return endpoint.get("endpointIP").asString() + " "
                + endpoint.get("targetPort").asInt();
    }

    private synchronized String role(JsonNode body) {
        states.put(body.get("instance").asString(), body.get("state").asString());
        return SUCCESS;
    }

    private synchronized String delete(String path) {
        String[] parts = path.split("/", -1);
        RuleKey key = new RuleKey(parts[6], Integer.parseInt(parts[8]), parts[10]);
        ObjectNode gone = rules.remove(key.toString());
        return gone != null || kind == Kind.GATUN ? SUCCESS : error(404, "no-rule error");
    }
}
