package io.gatun.kube.model;

/**
 * Where a load balancer sends connections of a rule.
 *
 * @param address of a node or a pod, in canonical text form
 * @param port 1 to 65,535
 * @param weight 0 takes no new connections
 */
public record RuleEndpoint(String address, int port, int weight) implements Comparable<RuleEndpoint> {
    /** What tells it from others: with weight 0, whatever its own. */
    public RuleEndpoint target() {
        return weight == 0 ? this : new RuleEndpoint(address, port, 0);
    }

    @Override
    public int compareTo(RuleEndpoint other) {
        int order = address.compareTo(other.address);
        if (order == 0) {
            order = Integer.compare(port, other.port);
        }
        return order == 0 ? Integer.compare(weight, other.weight) : order;
    }
}
