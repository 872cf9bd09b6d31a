package io.gatun.forwarder.warmup;

import static io.gatun.forwarder.packet.Ipv4Flyweight.PROTOCOL_TCP;

import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes the frames of the warm-up as a client or an endpoint sends them, of one family and protocol. */
final class ScratchFrames {
    private static final int UDP_LENGTH_FIELD = 4;

    private final UnsafeBuffer memory;
    private final boolean wide;
    private final int protocol;
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final TransportFlyweight transport = new TransportFlyweight();

    ScratchFrames(UnsafeBuffer memory, boolean wide, int protocol) {
        this.memory = memory;
        this.wide = wide;
        this.protocol = protocol;
    }

    boolean isTcp() {
        return protocol == PROTOCOL_TCP;
    }

    /** Source port of a frame in memory. */
    int sourcePort(int offset) {
        return transport.wrap(memory, offset + headerBytes(), protocol).ports() >>> Short.SIZE;
    }

    /**
     * Writes a frame from the client to the VIP, or from the endpoint to the VIP.
     *
     * @param port the other end's: of the client, or the one by which the endpoint knows the connection
     * @param flags of TCP
     * @param payload bytes of payload, whose contents do not matter
     * @return bytes of the frame
     */
    int write(int offset, boolean fromClient, int port, int sequence, int acknowledgment, int flags, int payload) {
        int length = (isTcp() ? TransportFlyweight.TCP_LENGTH_MIN : TransportFlyweight.UDP_LENGTH) + payload;
        ethernet.wrap(memory, offset)
                .addresses(ScratchLan.GATUN_MAC, fromClient ? ScratchLan.CLIENT_MAC : ScratchLan.ENDPOINT_MAC)
                .type(wide ? EthernetFlyweight.TYPE_IPV6 : EthernetFlyweight.TYPE_IPV4);
        long pseudoHeader = wide ? ipv6(offset, fromClient, length) : ipv4(offset, fromClient, length);
        int start = offset + headerBytes();
        int ports = fromClient
                ? port << Short.SIZE | ScratchLan.SERVICE_PORT
                : ScratchLan.ENDPOINT_PORT << Short.SIZE | port;
        transport.wrap(memory, start, protocol);
        if (isTcp()) {
            transport.tcpHeader(ports, sequence, acknowledgment, flags);
        } else {
            transport.ports(ports).checksum(0);
            memory.putShort(start + UDP_LENGTH_FIELD, (short) length, ByteOrder.BIG_ENDIAN);
        }
        transport.checksum(InternetChecksum.of(pseudoHeader + InternetChecksum.sum(memory, start, length)));
        return headerBytes() + length;
    }

    private int headerBytes() {
        return EthernetFlyweight.LENGTH + (wide ? Ipv6Flyweight.LENGTH : Ipv4Flyweight.LENGTH_MIN);
    }

    private long ipv4(int offset, boolean fromClient, int length) {
        int source = fromClient ? ScratchLan.CLIENT : ScratchLan.ENDPOINT;
        ip.wrap(memory, offset + EthernetFlyweight.LENGTH)
                .header(protocol, Ipv4Flyweight.LENGTH_MIN + length, source, ScratchLan.VIP);
        return InternetChecksum.pseudoHeader(source, ScratchLan.VIP, protocol, length);
    }

    private long ipv6(int offset, boolean fromClient, int length) {
        long source = fromClient ? ScratchLan.CLIENT6 : ScratchLan.ENDPOINT6;
        ip6.wrap(memory, offset + EthernetFlyweight.LENGTH)
                .header(protocol, length, ScratchLan.HIGH6, source, ScratchLan.HIGH6, ScratchLan.VIP6);
        return InternetChecksum.pseudoHeader6(
                ScratchLan.HIGH6, source, ScratchLan.HIGH6, ScratchLan.VIP6, protocol, length);
    }
}
