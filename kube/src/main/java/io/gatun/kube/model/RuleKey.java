package io.gatun.kube.model;

/**
 * What tells one rule of a load balancer from another.
 *
 * @param address the virtual IP, in its canonical text form (RFC 5952 for IPv6)
 * @param port 1 to 65,535
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
public record RuleKey(String address, int port, String protocol) implements Comparable<RuleKey> {
    @Override
    public int compareTo(RuleKey other) {
        int order = address.compareTo(other.address);
        if (order == 0) {
            order = Integer.compare(port, other.port);
        }
        return order == 0 ? protocol.compareTo(other.protocol) : order;
    }

    @Override
    public String toString() {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port + "/" + protocol;
    }
}
