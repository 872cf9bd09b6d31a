package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * What makes a service distinct.
 *
 * @param vip the virtual address
 * @param protocol transport
 * @param port first port, 1-65535 (0 for ICMP)
 * @param portMax last port, equal to {@code port} unless the service spans a range
 * @param block loxilb's discriminator ("mark"), unsigned 32 bits
 */
public record ServiceKey(InetAddress vip, Protocol protocol, int port, int portMax, long block) {
    /** One port, block 0. */
    public static ServiceKey of(InetAddress vip, Protocol protocol, int port) {
        return new ServiceKey(vip, protocol, port, port, 0);
    }

    @Override
    public String toString() {
        return protocol.text() + " " + AddressText.of(vip, port) + (portMax == port ? "" : "-" + portMax)
                + (block == 0 ? "" : " block " + block);
    }
}
