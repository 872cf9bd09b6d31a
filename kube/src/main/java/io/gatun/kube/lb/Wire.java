package io.gatun.kube.lb;

import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** loxilb's JSON: strict in what is sent, tolerant in what is read. */
final class Wire {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

    private static final String SERVICE = "serviceArguments";

    /** What a request does to the endpoints of a rule, where it does not replace it. */
    static final int ATTACH = 1;

    static final int DETACH = 2;

    private Wire() {}

    /** A rule as it is posted. */
    static ObjectNode rule(Rule rule) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode service = body.putObject(SERVICE);
        service.put("externalIP", rule.key().address())
                .put("privateIP", rule.privateAddress())
                .put("port", rule.key().port())
                .put("protocol", rule.key().protocol())
                .put("sel", rule.select())
                .put("mode", rule.mode())
                .put("bgp", false)
                .put("monitor", rule.monitor())
                .put("inactiveTimeOut", rule.inactiveTimeoutSeconds())
                .put("block", 0)
                .put("managed", true)
                .put("probetype", rule.probe().type())
                .put("probeport", rule.probe().port())
                .put("probereq", rule.probe().request())
                .put("proberesp", rule.probe().response())
                .put("name", rule.name());
        if (rule.probe().timeoutSeconds() != 0) {
            service.put("probeTimeout", rule.probe().timeoutSeconds());
        }
        if (rule.probe().retries() != 0) {
            service.put("probeRetries", rule.probe().retries());
        }
        if (rule.proxyProtocol()) {
            service.put("proxyprotocolv2", true);
        }
        ArrayNode secondary = body.putArray("secondaryIPs");
        rule.secondaryAddresses().forEach(address -> secondary.addObject().put("secondaryIP", address));
        ArrayNode sources = body.putArray("allowedSources");
        rule.allowedSources().forEach(prefix -> sources.addObject().put("prefix", prefix));
        ArrayNode endpoints = body.putArray("endpoints");
        for (RuleEndpoint endpoint : rule.endpoints()) {
            endpoints
                    .addObject()
                    .put("endpointIP", endpoint.address())
                    .put("targetPort", endpoint.port())
                    .put("weight", endpoint.weight());
        }
        return body;
    }

    /** A rule as it is posted to attach or detach some of its endpoints. */
    static ObjectNode part(Rule rule, List<RuleEndpoint> endpoints, int operation) {
        ObjectNode body = rule(rule.with(rule.name(), endpoints, List.of()));
        ((ObjectNode) body.get(SERVICE)).put("oper", operation);
        return body;
    }

    /** Whether that is what a body is for. */
    static boolean detaches(ObjectNode body) {
        return body.path(SERVICE).path("oper").asInt(0) == DETACH;
    }

    /** A role as it is posted. */
    static ObjectNode role(String instance, String state, String vip) {
        return JSON.createObjectNode()
                .put("instance", instance)
                .put("state", state)
                .put("vip", vip);
    }

    static byte[] bytes(ObjectNode body) {
        return JSON.writeValueAsBytes(body);
    }

    /** What an answer says of itself: {@code result}, or {@code message}, or nothing. */
    static String result(byte[] body) {
        try {
            JsonNode answer = JSON.readTree(body);
            String result = text(answer, "result");
            return result.isEmpty() ? text(answer, "message") : result;
        } catch (JacksonException e) {
            return "";
        }
    }

    /**
     * The rules of {@code GET config/loadbalancer/all} that could be ours: what has a host, a mark or a range of ports is
     * not. Addresses are canonical; what a load balancer does not tell is 0, false or empty.
     */
    static Map<RuleKey, Rule> rules(byte[] body) throws IOException {
        Map<RuleKey, Rule> rules = new LinkedHashMap<>();
        for (JsonNode entry : array(body, "lbAttr")) {
            JsonNode service = entry.path(SERVICE);
            String host = text(service, "host");
            int port = service.path("port").asInt(0);
            int portMax = service.path("portMax").asInt(0);
            String protocol = text(service, "protocol");
            if (service.path("block").asLong(0) == 0
                    && (host.isEmpty() || host.equals("any"))
                    && (portMax == 0 || portMax == port)
                    && PROTOCOLS.contains(protocol)) {
                Addresses.canonical(text(service, "externalIP")).ifPresent(address -> {
                    RuleKey key = new RuleKey(address, port, protocol);
                    rules.put(key, rule(key, service, entry));
                });
            }
        }
        return rules;
    }

    /** Instances and their states, of {@code GET config/cistate/all}. */
    static Map<String, String> roles(byte[] body) throws IOException {
        Map<String, String> roles = new LinkedHashMap<>();
        for (JsonNode entry : array(body, "Attr")) {
            roles.put(text(entry, "instance"), text(entry, "state"));
        }
        return roles;
    }

    /** Whether the answer of {@code GET version} is Gatun's. */
    static boolean isGatun(byte[] body) {
        try {
            return text(JSON.readTree(body), "buildInfo").startsWith("gatun");
        } catch (JacksonException e) {
            return false;
        }
    }

    private static Rule rule(RuleKey key, JsonNode service, JsonNode entry) {
        List<RuleEndpoint> endpoints = new ArrayList<>();
        for (JsonNode endpoint : entry.path("endpoints")) {
            endpoints.add(new RuleEndpoint(
                    Addresses.orAsIs(text(endpoint, "endpointIP")),
                    endpoint.path("targetPort").asInt(0),
                    endpoint.path("weight").asInt(0)));
        }
        return new Rule(
                key,
                text(service, "name"),
                service.path("mode").asInt(0),
                service.path("sel").asInt(0),
                service.path("inactiveTimeOut").asInt(0),
                service.path("monitor").asBoolean(false),
                new RuleProbe(
                        text(service, "probetype"),
                        service.path("probeport").asInt(0),
                        text(service, "probereq"),
                        text(service, "proberesp"),
                        service.path("probeTimeout").asInt(0),
                        service.path("probeRetries").asInt(0)),
                service.path("proxyprotocolv2").asBoolean(false),
                Addresses.orAsIs(text(service, "privateIP")),
                texts(entry.path("secondaryIPs"), "secondaryIP").stream()
                        .map(Addresses::orAsIs)
                        .toList(),
                texts(entry.path("allowedSources"), "prefix").stream()
                        .map(Addresses::network)
                        .toList(),
                endpoints);
    }

    private static JsonNode array(byte[] body, String name) throws IOException {
        try {
            JsonNode answer = JSON.readTree(body).path(name);
            if (answer.isArray() || answer.isNull()) {
                return answer;
            }
            throw new IOException("the answer has no list " + name);
        } catch (JacksonException e) {
            throw new IOException("the answer is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static List<String> texts(JsonNode array, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : array) {
            texts.add(text(each, name));
        }
        return texts;
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : "";
    }
}
