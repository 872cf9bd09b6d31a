package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.GATUN_MAC;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.icmp;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.ROUTER;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nobody here wants is answered as a host would: RFC 9293 section 3.10.7.1, RFC 1122 section 4.1.3.1. */
class RefusalTest {
    private final PipelineRig rig = new PipelineRig(ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));

    @AfterEach
    void noFrameAndNoFlowIsLeft() {
        rig.port().assertConserved();
        assertEquals(0, rig.flows().liveCount());
    }

    @Test
    void aSynToAClosedPortIsResetWithItsNumberAcknowledged() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 81).sequence(1_000);

        assertEquals(
                answer(81).flags(RST | ACK).sequence(0).acknowledgment(1_001).wire(), rig.receiveOne(syn));
        assertEquals("drop_no_service 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void dataAndFinAreAcknowledgedToo() {
        Packet segment = tcp(CLIENT, 40_000, VIP, 81)
                .flags(SYN | FIN)
                .sequence(-3)
                .payload(payload(10))
                .paddedTo(100);

        assertEquals(answer(81).flags(RST | ACK).sequence(0).acknowledgment(9).wire(), rig.receiveOne(segment));
    }

    @Test
    void aSegmentWithAckIsResetAtTheNumberItAcknowledges() {
        Packet segment = tcp(CLIENT, 40_000, VIP, 80)
                .flags(PSH | ACK)
                .sequence(1_000)
                .acknowledgment(0x8000_0001)
                .payload(payload(50));

        assertEquals(
                answer(80).flags(RST).sequence(0x8000_0001).acknowledgment(0).wire(), rig.receiveOne(segment));
        assertEquals("drop_no_flow 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void optionsOfTheSegmentAreNotInTheAnswer() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 81)
                .ipOptions(1, 1, 1, 0)
                .tcpOptions(2, 4, 5, 0xB4)
                .sequence(5);

        assertEquals(answer(81).flags(RST | ACK).sequence(0).acknowledgment(6).wire(), rig.receiveOne(syn));
    }

    @Test
    void aResetIsNotAnswered() {
        assertTrue(rig.receive(
                        tcp(CLIENT, 40_000, VIP, 81).flags(RST),
                        tcp(CLIENT, 40_000, VIP, 80).flags(RST | ACK))
                .isEmpty());
        assertEquals("drop_no_flow 1, drop_no_service 1, rx_packets 2", rig.counted());
    }

    @Test
    void aDatagramToAClosedPortIsAnsweredWithItsHeadersQuoted() {
        Packet datagram = udp(CLIENT, 5000, VIP, 53).ttl(17).payload(payload(400));

        assertEquals(unreachable(datagram, 28).wire(), rig.receiveOne(datagram));
        assertEquals("drop_no_service 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void theQuoteHasTheOptionsAndOfTheDataNothing() {
        Packet datagram = udp(CLIENT, 5000, VIP, 53).ipOptions(1, 1, 1, 1, 1, 1, 1, 0);

        assertEquals(unreachable(datagram, 36).wire(), rig.receiveOne(datagram));
    }

    @Test
    void aClientBehindARouterIsAnsweredThroughWhereItCameFrom() {
        Packet syn = tcp(FAR_CLIENT, 40_000, VIP, 81).macs(GATUN_MAC, macOf(ip(ROUTER)));

        byte[] sent = rig.receiveOne(syn).bytes();

        byte[] towards =
                tcp(CLIENT, 1, VIP, 1).macs(macOf(ip(ROUTER)), GATUN_MAC).bytes();
        assertEquals(0, Arrays.compare(towards, 0, 12, sent, 0, 12));
    }

    @Test
    void anEndpointsSegmentToAPortWeDoNotUseIsReset() {
        Packet stray = tcp(E1, 8080, VIP, 33_333).flags(ACK).acknowledgment(77);

        assertEquals(
                from(33_333, E1, 8080).flags(RST).sequence(77).acknowledgment(0).wire(), rig.receiveOne(stray));
    }

    @Test
    void whatIsUnknownRightAfterATakeoverIsDroppedInSilence() {
        Service service = ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).build();
        rig.services(ServiceTables.of(List.of(service)).table(rig.nowNs() + TimeUnit.SECONDS.toNanos(1)));
        Packet segment = tcp(CLIENT, 40_000, VIP, 80).flags(ACK).acknowledgment(7);
        Packet reply = tcp(E1, 8080, VIP, 33_333).flags(SYN | ACK).acknowledgment(77);

        assertTrue(rig.receive(segment, reply).isEmpty());
        assertEquals("drop_no_flow 1, drop_no_service 1, rx_packets 2", rig.counted());

        rig.advance(1, TimeUnit.SECONDS);
        assertEquals(answer(80).flags(RST).sequence(7).acknowledgment(0).wire(), rig.receiveOne(segment));
    }

    @Test
    void anEchoRequestIsAnswered() {
        for (int length : new int[] {0, 1, 56, 1472}) {
            Packet ping =
                    echo(CLIENT, VIP, 4711, 3).ttl(3).payload(payload(length)).paddedTo(60);
            Packet pong = icmp(VIP, CLIENT, 0, 0)
                    .icmp(0, 0, 4711 << 16 | 3)
                    .payload(payload(length))
                    .macs(macOf(ip(CLIENT)), GATUN_MAC);
            assertEquals(pong.wire(), rig.receiveOne(ping));
            assertEquals("rx_packets 1, tx_packets 1", rig.counted());
        }
    }

    @Test
    void anEchoRequestOfNothingButZerosIsAnsweredWithARightChecksum() {
        Packet ping = echo(CLIENT, VIP, 0, 0).payload(new byte[56]);

        assertTrue(rig.receiveOne(ping).checksumsRight());
    }

    @Test
    void aStandbyIsSilentToWhatItDoesNotKnow() {
        rig.rules(ServiceDraft.tcp(VIP, 80).standby().endpoint(E1, 8080));

        assertEquals(
                List.of(),
                rig.receive(
                        tcp(CLIENT, 40_000, VIP, 80),
                        tcp(CLIENT, 40_000, VIP, 80).flags(ACK),
                        tcp(CLIENT, 40_000, VIP, 81),
                        udp(CLIENT, 5000, VIP, 53),
                        echo(CLIENT, VIP, 1, 1)));
        assertEquals("drop_not_master 5, rx_packets 5", rig.counted());
    }

    @Test
    void refusalsComeInBurstsOfAHundredAndAThousandASecond() {
        assertEquals(100, refused(500));
        assertEquals(0, refused(10));
        rig.advance(1, TimeUnit.MILLISECONDS);
        assertEquals(1, refused(10));
        rig.advance(7, TimeUnit.MILLISECONDS);
        assertEquals(7, refused(50));
        rig.advance(1, TimeUnit.HOURS);
        assertEquals(100, refused(500));
        assertEquals(rig.count("rx_packets"), rig.count("drop_no_service"));
    }

    @Test
    void fractionsOfAMillisecondAreNotLost() {
        refused(100);
        int answers = 0;
        for (int i = 0; i < 500; i++) {
            rig.advance(1_900, TimeUnit.MICROSECONDS);
            answers += refused(3);
        }

        assertEquals(950, answers);
    }

    @Test
    void refusalsGoOnWhateverTheClockShows() {
        rig.at(Long.MIN_VALUE / 2);
        refused(500);
        rig.advance(1, TimeUnit.SECONDS);

        assertEquals(100, refused(500));
    }

    private int refused(int packets) {
        int answers = 0;
        for (int i = 0; i < packets; i++) {
            answers += rig.receive(tcp(CLIENT, 40_000, VIP, 81)).size();
        }
        return answers;
    }

    /** The beginning of a RST from the VIP to the client's port 40000. */
    private static Packet answer(int port) {
        return from(port, CLIENT, 40_000);
    }

    private static Packet from(int port, String to, int toPort) {
        return tcp(VIP, port, to, toPort).window(0).identification(0).macs(macOf(ip(to)), GATUN_MAC);
    }

    private static Packet unreachable(Packet datagram, int quoted) {
        byte[] quote = Arrays.copyOfRange(datagram.bytes(), 14, 14 + quoted);
        return icmp(VIP, CLIENT, 3, 3).identification(0).payload(quote).macs(macOf(ip(CLIENT)), GATUN_MAC);
    }
}
