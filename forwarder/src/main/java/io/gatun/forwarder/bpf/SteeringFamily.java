package io.gatun.forwarder.bpf;

/**
 * What the two IP versions differ in, for the steering program and its maps.
 *
 * <pre>
 *   key of gatun_addrN            key of gatun_svcN and gatun_epN, network byte order
 *   +-----------------+           +-----------------+----------+-------------+-------+
 *   | address 4 or 16 |           | address 4 or 16 | port u16 | protocol u8 | 0  u8 |
 *   +-----------------+           +-----------------+----------+-------------+-------+
 * </pre>
 */
enum SteeringFamily {
    /** RFC 791, RFC 792. */
    IPV4("ip4", 0x0800, 4, 20, 12, 16, 1),
    /** RFC 8200, RFC 4443. */
    IPV6("ip6", 0x86dd, 16, 40, 8, 24, 58);

    final String label;
    final int etherType;
    final int addressBytes;
    /** Of the header without options and extensions. */
    final int headerBytes;

    final int source;
    final int destination;
    final int icmp;
    final String addresses;
    final String services;
    final String endpoints;

    SteeringFamily(
            String label, int etherType, int addressBytes, int headerBytes, int source, int destination, int icmp) {
        this.label = label;
        this.etherType = etherType;
        this.addressBytes = addressBytes;
        this.headerBytes = headerBytes;
        this.source = source;
        this.destination = destination;
        this.icmp = icmp;
        char version = label.charAt(2);
        this.addresses = "gatun_addr" + version;
        this.services = "gatun_svc" + version;
        this.endpoints = "gatun_ep" + version;
    }

    /** A place of the program in the part of this family. */
    String label(String place) {
        return label + "_" + place;
    }

    int version() {
        return this == IPV4 ? 4 : 6;
    }

    int echoRequest() {
        return this == IPV4 ? 8 : 128;
    }

    int echoReply() {
        return this == IPV4 ? 0 : 129;
    }

    /** ICMP types that quote a packet: unreachable, too big, time exceeded, parameter problem. */
    int[] errors() {
        return this == IPV4 ? new int[] {3, 11, 12} : new int[] {1, 2, 3, 4};
    }

    int tupleBytes() {
        return addressBytes + 4;
    }

    /** Where the key stands on the stack: its end is 8 byte aligned, and so is its start. */
    int key() {
        return this == IPV4 ? -8 : -24;
    }

    int keyPort() {
        return key() + addressBytes;
    }

    int keyProtocol() {
        return keyPort() + 2;
    }
}
