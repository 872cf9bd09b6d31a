package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Kinds of things that are saved to files and applied from them, with loxicmd's names for them. */
enum ConfigKind {
    LB("LB", "lbconfig.txt", "lbAttr", "/config/loadbalancer", "Loadbalancer|lb|LB"),
    ENDPOINT("Endpoint", "EPconfig.txt", "Attr", "/config/endpoint", "Endpoint|ep|endpoints"),
    FIREWALL("Firewall", "FWconfig.txt", "fwAttr", "/config/firewall", "Firewall|fw|firewalls|firewall"),
    BFD("BFD", "BFDconfig.txt", "Attr", "/config/bfd", "BFD|bfd"),
    IP("IP", "ipconfig", "ipAttr", "/config/ipv4address", "ipv4address|ipv4|ipaddress|ip|IP|IPaddress");

    private static final List<String> ONLY_IN_ANSWERS =
            List.of("survivesTakeover", "minDelay", "avgDelay", "maxDelay", "currState", "reason", "state", "counter");

    private final String title;
    private final String file;
    private final String list;
    private final String path;
    private final Pattern words;

    ConfigKind(String title, String file, String list, String path, String words) {
        this.title = title;
        this.file = file;
        this.list = list;
        this.path = path;
        this.words = Pattern.compile(words);
    }

    /** The kind that a file calls so. */
    static Optional<ConfigKind> of(String word) {
        for (ConfigKind kind : values()) {
            if (kind.words.matcher(word).matches()) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** As in "LB Configuration saved in ...". */
    String title() {
        return title;
    }

    /** Its name in the directory that loxicmd saves to. */
    String file() {
        return file;
    }

    /** Name of the array in which all of them are answered and saved. */
    String list() {
        return list;
    }

    /** Where one is posted. */
    String path() {
        return path;
    }

    /** Where all are. */
    String allPath() {
        return path + "/all";
    }

    /**
     * Whether it belongs in a file: rules of kube-loxilb, which brings them itself, and those that only mirror another
     * service do not.
     */
    boolean isSaved(JsonNode item) {
        JsonNode service = item.path("serviceArguments");
        return !service.path("managed").asBoolean()
                && !service.path("snat").asBoolean()
                && !service.path("name").asText("").contains("ipvs");
    }

    /** What can be posted: without what only answers tell. */
    JsonNode posted(JsonNode item) {
        JsonNode copy = item.deepCopy();
        strip(copy);
        copy.path("endpoints").forEach(ConfigKind::strip);
        strip(copy.path("opts"));
        return copy;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(ONLY_IN_ANSWERS);
        }
    }

    /** Where the thing with this body is deleted. */
    String deletePath(JsonNode body) {
        return switch (this) {
            case LB -> loadBalancerPath(body.path("serviceArguments"));
            case ENDPOINT ->
                endpointPath(
                        text(body, "hostName"),
                        text(body, "name"),
                        text(body, "probeType"),
                        body.has("probePort") ? text(body, "probePort") : "");
            case FIREWALL -> firewallPath(body.path("ruleArguments"));
            case BFD -> bfdPath(text(body, "remoteIp"), text(body, "instance"));
            case IP -> addressPath(text(body, "ipAddress"), text(body, "dev"));
        };
    }

    private static String loadBalancerPath(JsonNode service) {
        String host = text(service, "host");
        return DeleteLbCommand.path(
                host.isEmpty() ? DeleteLbCommand.ANY_HOST : host,
                text(service, "externalIP"),
                new PortPair(
                        service.path("port").asInt(), service.path("portMax").asInt()),
                text(service, "protocol"),
                "?bgp=" + service.path("bgp").asBoolean() + "&block="
                        + service.path("block").asLong());
    }

    static String endpointPath(String host, String name, String probeType, String probePort) {
        return "/config/endpoint/epipaddress/" + RestClient.escaped(host) + "?name=" + RestClient.escaped(name)
                + "&probe_type=" + RestClient.escaped(probeType) + "&probe_port=" + RestClient.escaped(probePort);
    }

    private static String firewallPath(JsonNode rule) {
        Map<String, String> values = new LinkedHashMap<>();
        rule.properties()
                .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
        return firewallPath(values);
    }

    /** @param rule what it matches, by the names of the wire */
    static String firewallPath(Map<String, ?> rule) {
        return "/config/firewall?" + RestClient.query(rule);
    }

    static String bfdPath(String remote, String instance) {
        return "/config/bfd/remoteIP/" + RestClient.escaped(remote) + "?instance=" + RestClient.escaped(instance);
    }

    /** @param cidr address and length of the mask, each a part of the path */
    static String addressPath(String cidr, String device) {
        int slash = cidr.indexOf('/');
        String address = slash < 0 ? cidr : cidr.substring(0, slash);
        String length = slash < 0 ? "32" : cidr.substring(slash + 1);
        return "/config/ipv4address/" + RestClient.escaped(address) + "/" + RestClient.escaped(length) + "/dev/"
                + RestClient.escaped(device);
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }
}
