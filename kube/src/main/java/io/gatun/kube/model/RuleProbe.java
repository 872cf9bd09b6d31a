package io.gatun.kube.model;

/**
 * How a load balancer watches the endpoints of a rule. Field names of the wire in parentheses.
 *
 * @param type {@code none}, {@code ping}, {@code tcp}, {@code udp}, {@code sctp}, {@code http} or {@code https}, or
 *     empty for what the load balancer does by itself ({@code probetype})
 * @param port 0 for the port of the endpoint ({@code probeport})
 * @param request what is sent or asked for ({@code probereq})
 * @param response what has to come back ({@code proberesp})
 * @param timeoutSeconds 0 for the default ({@code probeTimeout})
 * @param retries 0 for the default ({@code probeRetries})
 */
public record RuleProbe(String type, int port, String request, String response, int timeoutSeconds, int retries) {
    /** Nothing said. */
    public static final RuleProbe UNSAID = new RuleProbe("", 0, "", "", 0, 0);
}
