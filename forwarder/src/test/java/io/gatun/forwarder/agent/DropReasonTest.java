package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.icmp;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.ELSEWHERE;
import static io.gatun.forwarder.pipeline.Lan.NOWHERE;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reason for a silence can be caused. A constant without a fixture does not compile: the switch names them all. */
class DropReasonTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080),
            ServiceDraft.tcp(VIP, 81).plainDnat().endpoint(E1, 8080),
            ServiceDraft.tcp(VIP, 82).plainDnat().endpoint(E1, 8080),
            ServiceDraft.tcp(VIP, 83).unusable(E1, 8080),
            ServiceDraft.udp(VIP, 53).snat(VIP, 2000, 2000).endpoint(E2, 53),
            ServiceDraft.udp(VIP, 54).endpoint(UNRESOLVED, 53),
            ServiceDraft.udp(VIP, 55).endpoint(ELSEWHERE, 53),
            ServiceDraft.udp(VIP, 56).endpoint(NOWHERE, 53));

    @ParameterizedTest
    @EnumSource
    void canBeCaused(DropReason reason) {
        PipelineRig used = cause(reason);

        assertEquals(1, used.counters().drops(reason), () -> reason + " is not among " + used.counted());
        used.port().assertConserved();
    }

    /** Makes one packet, and only one, be dropped for this reason. */
    private PipelineRig cause(DropReason reason) {
        return switch (reason) {
            case TRUNCATED -> receive(syn().totalLength(200));
            case MALFORMED -> receive(syn().dataOffset(4));
            case NOT_OUR_MAC -> receive(syn().macs(0x0200_0000_0009L, 0x0200_0000_0008L));
            case FRAGMENT -> receive(syn().fragment(0x2000));
            case TTL_EXPIRED -> receive(syn().ttl(1));
            case PROTOCOL_UNSUPPORTED -> receive(syn().wireProtocol(47));
            case ICMP_UNSUPPORTED -> receive(icmp(CLIENT, VIP, 13, 0));
            case NO_SERVICE -> receive(tcp(CLIENT, 40_000, VIP, 9));
            case NO_FLOW -> receive(syn().flags(ACK));
            case NOT_MASTER -> standby();
            case NO_ENDPOINT -> receive(tcp(CLIENT, 40_000, VIP, 83));
            case NO_PORT -> receive(udp(CLIENT, 1, VIP, 53), udp(CLIENT, 2, VIP, 53));
            case TABLE_FULL -> fullTable();
            case TABLE_BUSY -> receive(tcp(CLIENT, 40_000, VIP, 81), tcp(CLIENT, 40_000, VIP, 82));
            case NO_ROUTE -> receive(udp(CLIENT, 1, VIP, 56));
            case NEIGHBOUR_UNRESOLVED -> givenUp();
            case TX_RING_FULL -> fullRing();
        };
    }

    @ParameterizedTest
    @EnumSource
    void itsLabelIsItsNameInLowerCase(DropReason reason) {
        assertEquals(reason, DropReason.valueOf(reason.label().toUpperCase(java.util.Locale.ROOT)));
        assertEquals(0, rig.count("drop_" + reason.label()));
    }

    private PipelineRig receive(Packet... packets) {
        rig.receive(packets);
        return rig;
    }

    private PipelineRig standby() {
        rig.rules(ServiceDraft.tcp(VIP, 80).standby().endpoint(E1, 8080));
        return receive(syn());
    }

    private PipelineRig givenUp() {
        receive(udp(CLIENT, 1, VIP, 54)).advance(1, TimeUnit.SECONDS).cycle();
        return rig;
    }

    private static PipelineRig fullTable() {
        PipelineRig small = new PipelineRig(
                new TableLayout(1, 1), 64, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        for (int i = 0; i <= TableLayout.SLOTS_PER_BUCKET / 2; i++) {
            small.receive(tcp(CLIENT, 40_000 + i, VIP, 80));
        }
        return small;
    }

    private PipelineRig fullRing() {
        rig.port().transmitRoom(2);
        return receive(syn(), syn(), syn(), syn().flags(RST).ttl(1));
    }

    private static Packet syn() {
        return Packets.tcp(CLIENT, 40_000, VIP, 80);
    }
}
