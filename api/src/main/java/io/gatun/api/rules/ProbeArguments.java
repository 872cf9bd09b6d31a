package io.gatun.api.rules;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.EndpointEntry;
import io.gatun.api.model.ServiceArguments;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Protocol;
import io.gatun.ha.health.HealthPlan;
import io.gatun.ha.health.ProbePace;
import io.gatun.ha.health.ProbeTarget;
import io.gatun.ha.health.ProbeType;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How endpoints are probed, of rules and of endpoints that clients make: the same checks and defaults. */
public final class ProbeArguments {
    private static final long PERIOD_MAX_S = 86_400;
    private static final int COUNT_MAX = 100;
    private static final int PORT_MAX = 65_535;
    private static final int TEXT_LENGTH_MAX = 1024;

    private ProbeArguments() {}

    /**
     * Checks what a client wants to have probed.
     *
     * @throws io.gatun.api.model.ApiException with the phrase of loxilb
     */
    public static void check(EndpointEntry probe) {
        ProbeType type = type(probe.probeType(), "probeType");
        checkPort(type, "probePort", probe.probePort());
        if (type.hasPort() && probe.probePort() == 0) {
            throw invalid("host-args error", "probePort", 0, "give the port at which " + type.text() + " asks");
        }
        if (probe.name().length() > TEXT_LENGTH_MAX
                || probe.name().chars().anyMatch(Character::isISOControl)
                || probe.probeReq().length() > TEXT_LENGTH_MAX
                || probe.probeResp().length() > TEXT_LENGTH_MAX) {
            throw invalid("host-args error", "name, probeReq or probeResp", "...", "give less than 1024 characters");
        }
        checkPath(type, "probeReq", probe.probeReq());
        checkNumber("inactiveReTries", probe.inactiveReTries(), COUNT_MAX);
        checkNumber("probeDuration", probe.probeDuration(), PERIOD_MAX_S);
        checkOwn(probe.probeIntervalMs(), probe.probeTimeoutMs(), probe.probeRise());
    }

    static void check(ServiceArguments arguments) {
        if (!arguments.probetype().isEmpty()) {
            ProbeType type = type(arguments.probetype(), "probetype");
            checkPort(type, "probeport", arguments.probeport());
            checkPath(type, "probereq", arguments.probereq());
        } else {
            checkPort(ProbeType.NONE, "probeport", arguments.probeport());
        }
        checkNumber("probeTimeout", arguments.probeTimeout(), PERIOD_MAX_S);
        checkNumber("probeRetries", arguments.probeRetries(), COUNT_MAX);
        checkOwn(arguments.probeIntervalMs(), arguments.probeTimeoutMs(), arguments.probeRise());
    }

    /**
     * What is asked of an endpoint that a client has made.
     *
     * @param usual where the client says nothing
     */
    public static HealthPlan.Probe probe(EndpointEntry entry, InetAddress address, ProbePace usual) {
        return new HealthPlan.Probe(
                new ProbeTarget(
                        address,
                        type(entry.probeType(), "probeType"),
                        entry.probePort(),
                        entry.probeReq(),
                        entry.probeResp()),
                pace(
                        entry.probeDuration(),
                        entry.probeIntervalMs(),
                        entry.probeTimeoutMs(),
                        entry.inactiveReTries(),
                        entry.probeRise(),
                        usual));
    }

    /** What is asked of an endpoint of a rule; empty where the rule does not want to know. */
    static Optional<HealthPlan.Probe> probe(Rule rule, EndpointSpec endpoint, ProbePace usual) {
        ServiceArguments a = rule.arguments();
        if (!a.monitor()) {
            return Optional.empty();
        }
        ProbeType type = a.probetype().isEmpty()
                ? usual(rule.key().protocol(), endpoint.port())
                : type(a.probetype(), "probetype");
        int port = !type.hasPort() ? 0 : a.probeport() != 0 ? a.probeport() : endpoint.port();
        return Optional.of(new HealthPlan.Probe(
                new ProbeTarget(endpoint.address(), type, port, a.probereq(), a.proberesp()),
                pace(
                        a.probeTimeout(),
                        a.probeIntervalMs(),
                        a.probeTimeoutMs(),
                        a.probeRetries(),
                        a.probeRise(),
                        usual)));
    }

    /** Of a rule that names no kind: its own protocol, where the endpoint has a port to ask at. */
    private static ProbeType usual(Protocol protocol, int port) {
        if (port == 0) {
            return ProbeType.PING;
        }
        return switch (protocol) {
            case TCP -> ProbeType.TCP;
            case UDP -> ProbeType.UDP;
            case SCTP -> ProbeType.SCTP;
            case ICMP -> ProbeType.PING;
        };
    }

    private static ProbePace pace(long periodS, long intervalMs, long timeoutMs, int fall, int rise, ProbePace usual) {
        long wantedMs = intervalMs == 0 ? TimeUnit.SECONDS.toMillis(periodS) : intervalMs;
        return ProbePace.of(wantedMs, timeoutMs, fall, rise, usual);
    }

    private static ProbeType type(String text, String field) {
        if (text.isEmpty()) {
            return ProbeType.PING;
        }
        return Arrays.stream(ProbeType.values())
                .filter(type -> type.text().equals(text))
                .findFirst()
                .orElseThrow(() -> invalid(
                        "malformed-service-ptype error",
                        field,
                        text,
                        "give tcp, udp, sctp, ping, http, https or none"));
    }

    private static void checkPort(ProbeType type, String field, int port) {
        if (port < 0 || port > PORT_MAX) {
            throw invalid("malformed-service-pport error", field, port, "give 1-65535, or 0 for the endpoint's");
        }
        if (!type.hasPort() && port != 0) {
            throw invalid("malformed-service-pport error", field, port, "give 0, or a probetype that has ports");
        }
    }

    private static void checkPath(ProbeType type, String field, String path) {
        if (type != ProbeType.HTTP && type != ProbeType.HTTPS) {
            return;
        }
        try {
            URI.create("http://endpoint" + (path.startsWith("/") ? path : "/" + path));
        } catch (IllegalArgumentException e) {
            throw invalid("host-args error", field, path, "give the path of a URL such as /healthz");
        }
    }

    private static void checkNumber(String field, long value, long max) {
        if (value < 0 || value > max) {
            throw invalid("host-args error", field, value, "give 0-" + max + (max == PERIOD_MAX_S ? " seconds" : ""));
        }
    }

    private static void checkOwn(long intervalMs, long timeoutMs, int rise) {
        long maxMs = TimeUnit.SECONDS.toMillis(PERIOD_MAX_S);
        if (intervalMs != 0 && (intervalMs < ProbePace.INTERVAL_MIN_MS || intervalMs > maxMs)) {
            throw invalid(
                    "host-args error",
                    "probeIntervalMs",
                    intervalMs,
                    "give " + ProbePace.INTERVAL_MIN_MS + "-" + maxMs + ", or 0 for the period in seconds");
        }
        checkNumber("probeTimeoutMs", timeoutMs, maxMs);
        checkNumber("probeRise", rise, COUNT_MAX);
    }
}
