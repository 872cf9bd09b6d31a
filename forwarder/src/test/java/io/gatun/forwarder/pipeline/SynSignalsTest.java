package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import org.junit.jupiter.api.Test;

/** What endpoints answer to SYNs is counted, and only that. */
class SynSignalsTest {
    private static final int SERVICE = 1;
    private static final int SERVICE6 = 2;
    private static final int HOST_UNREACHABLE = 1;
    private static final int FRAG_NEEDED = 4;

    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).id(SERVICE).endpoint(E1, 8080),
            ServiceDraft.tcp(VIP6, 80).id(SERVICE6).endpoint(E61, 8080));
    private final SynSignals signals = rig.signals(SERVICE);

    @Test
    void aResetOfASynIsARefusal() {
        int port = open(40_000);
        rig.receiveOne(tcp(E1, 8080, VIP, port).flags(RST | ACK).acknowledgment(1_001));

        assertEquals("1 refused, 0 unreachable", counts(signals));
        assertEquals(0, signals.lastAnswer(0));
    }

    @Test
    void anAcceptedConnectionIsAnAnswerAndItsResetNoRefusal() {
        int port = open(40_000);
        rig.receiveOne(tcp(E1, 8080, VIP, port).flags(SYN | ACK));
        rig.receiveOne(tcp(E1, 8080, VIP, port).flags(RST));

        assertEquals("0 refused, 0 unreachable", counts(signals));
        assertNotEquals(0, signals.lastAnswer(0));
    }

    @Test
    void aClientThatResetsItsOwnSynSaysNothingOfTheEndpoint() {
        open(40_000);
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80).flags(RST));

        assertEquals("0 refused, 0 unreachable", counts(signals));
    }

    @Test
    void anErrorAboutASynIsCountedUnlessItIsAboutItsSize() {
        int port = open(40_000);
        Packet delivered = tcp(VIP, port, E1, 8080).flags(SYN);
        rig.receiveOne(icmpError(E1, VIP, 3, FRAG_NEEDED, 1_400, delivered, 64));
        assertEquals("0 refused, 0 unreachable", counts(signals));

        rig.receiveOne(icmpError(E1, VIP, 3, HOST_UNREACHABLE, 0, delivered, 64));
        assertEquals("0 refused, 1 unreachable", counts(signals));

        rig.receiveOne(tcp(E1, 8080, VIP, port).flags(SYN | ACK));
        rig.receiveOne(icmpError(E1, VIP, 3, HOST_UNREACHABLE, 0, delivered, 64));
        assertEquals("0 refused, 1 unreachable", counts(signals), "the connection is there");
    }

    @Test
    void theSameOverIpv6() {
        WireFrame sent = rig.receiveOne(tcp(CLIENT6, 40_000, VIP6, 80).flags(SYN));
        Packet delivered = tcp(VIP6, sent.sourcePort(), E61, 8080).flags(SYN);
        rig.receiveOne(icmpError(E61, VIP6, 1, 0, 0, delivered, 64));
        rig.receiveOne(tcp(E61, 8080, VIP6, sent.sourcePort()).flags(RST | ACK).acknowledgment(1_001));

        assertEquals("1 refused, 1 unreachable", counts(rig.signals(SERVICE6)));
    }

    private int open(int clientPort) {
        return rig.receiveOne(tcp(CLIENT, clientPort, VIP, 80).flags(SYN)).sourcePort();
    }

    private static String counts(SynSignals signals) {
        return signals.refused(0) + " refused, " + signals.unreachable(0) + " unreachable";
    }
}
