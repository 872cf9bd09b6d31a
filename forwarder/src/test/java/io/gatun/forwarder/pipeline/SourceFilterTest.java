package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.high;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may use a service: silence for all others. */
class SourceFilterTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80)
                    .allow("192.168.80.8/29")
                    .allow("10.0.0.0/8")
                    .endpoint(E1, 8080),
            ServiceDraft.udp(VIP6, 53).allow("fd00:80::10/128").endpoint(E61, 53),
            ServiceDraft.icmp(VIP).allow("10.0.0.0/8").endpoint(E1, 0));

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    @Test
    void sourcesOfTheNetworksMayOpen() {
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        rig.receiveOne(tcp(FAR_CLIENT, 40_000, VIP, 80));
        rig.receiveOne(udp(CLIENT6, 40_000, VIP6, 53));

        assertEquals("flows_opened 3, rx_packets 3, tx_packets 3", rig.counted());
    }

    @Test
    void othersGetNoAnswerAndAreCounted() {
        assertEquals(List.of(), rig.receive(tcp("192.168.80.16", 40_000, VIP, 80)));
        assertEquals(List.of(), rig.receive(udp("fd00:80::11", 40_000, VIP6, 53)));
        assertEquals(List.of(), rig.receive(echo(CLIENT, VIP, 1, 1)));

        assertEquals("drop_source_denied 3, rx_packets 3", rig.counted());
        assertEquals(0, rig.flows().liveCount());
    }

    @Test
    void aMappedSourceIsNoWayAround() {
        assertEquals(List.of(), rig.receive(sixFrom("::ffff:10.0.0.1", "::ffff:192.168.80.200")));

        assertEquals("drop_malformed 1, rx_packets 1", rig.counted());
    }

    /** Java makes IPv4 addresses of the literals, so that the addresses are put into the bytes. */
    private static Packet sixFrom(String source, String destination) {
        return tcp(CLIENT6, 40_000, VIP6, 80).from6(high(source), low(source)).to6(high(destination), low(destination));
    }

    @Test
    void everyLengthHoldsItsOwnAndNoMore() {
        long high = 0x2001_0DB8_1234_5678L;
        long low = 0x9ABC_DEF0_1357_9BDFL;
        for (int length = 0; length <= 128; length++) {
            SourceFilter filter = new SourceFilter(List.of(new SourceFilter.Network(high, low, length)));
            assertTrue(filter.allows(high, low), "itself in /" + length);
            for (int bit = 0; bit < 128; bit++) {
                long otherHigh = bit < 64 ? high ^ 1L << (63 - bit) : high;
                long otherLow = bit < 64 ? low : low ^ 1L << (127 - bit);
                assertEquals(bit >= length, filter.allows(otherHigh, otherLow), "bit " + bit + " of /" + length);
            }
        }
    }

    @Test
    void theLongestNetworkIsTheOneThatIsNamed() {
        SourceFilter filter = new SourceFilter(List.of(
                SourceFilter.Network.ofIpv4(ip("10.0.0.0"), 8), SourceFilter.Network.ofIpv4(ip("10.1.0.0"), 16)));

        assertEquals(96 + 16, filter.longest(0, low("10.1.2.3")));
        assertEquals(96 + 8, filter.longest(0, low("10.2.2.3")));
        assertEquals(-1, filter.longest(0, low("11.1.2.3")));
        assertTrue(SourceFilter.EVERYBODY.allows(ip("11.1.2.3")));
    }
}
