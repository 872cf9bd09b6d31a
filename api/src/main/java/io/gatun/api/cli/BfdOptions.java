package io.gatun.api.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A BFD session as loxicmd writes it. */
final class BfdOptions {
    private static final int INTERVAL_US = 200_000;
    private static final int RETRIES = 3;

    @Parameters(paramLabel = "REMOTEIP", description = "the other node")
    String remote;

    @Option(
            names = "--instance",
            defaultValue = "default",
            paramLabel = "NAME",
            description = "cluster instance (default: ${DEFAULT-VALUE})")
    String instance;

    @Option(names = "--sourceIP", paramLabel = "IP", description = "our address")
    String source;

    @Option(names = "--interval", paramLabel = "MICROSECONDS", description = "from packet to packet")
    Long intervalUs;

    @Option(names = "--retryCount", paramLabel = "COUNT", description = "missed packets that mean dead")
    Integer retries;

    /** As {@code POST config/bfd} has it, to begin one: what is not given is as loxicmd has it. */
    Map<String, Object> created() {
        Map<String, Object> body = changed();
        body.putIfAbsent("interval", INTERVAL_US);
        body.putIfAbsent("retryCount", RETRIES);
        return body;
    }

    /** As {@code POST config/bfd} has it, to change one: what is not given stays. */
    Map<String, Object> changed() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("instance", instance);
        body.put("remoteIp", remote);
        body.put("sourceIp", source);
        body.put("interval", intervalUs);
        body.put("retryCount", retries);
        body.values().removeIf(value -> value == null);
        return body;
    }
}
