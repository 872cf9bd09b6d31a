package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.icmp;
import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.ELSEWHERE;
import static io.gatun.forwarder.pipeline.Lan.NOWHERE;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.control.SourcePrefix;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.Lan;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import java.net.InetAddress;
import java.util.List;
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
            ServiceDraft.udp(VIP, 56).endpoint(NOWHERE, 53),
            ServiceDraft.udp(VIP, 57).allow("192.168.80.64/26").endpoint(E1, 53),
            ServiceDraft.udp(VIP6, 53).snat("192.168.80.77", 1024, 65_535).endpoint(E1, 53));

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
            case FRAGMENT -> lostFragment();
            case TTL_EXPIRED -> receive(syn().ttl(1));
            case PROTOCOL_UNSUPPORTED -> receive(syn().wireProtocol(47));
            case ICMP_UNSUPPORTED -> receive(icmp(CLIENT, VIP, 13, 0));
            case ICMP_NO_FLOW -> receive(icmpError(E1, VIP, 3, 3, 0, udp(VIP, 7, E1, 53), 500));
            case BAD_CHECKSUM -> badChecksum();
            case NO_SERVICE -> receive(tcp(CLIENT, 40_000, VIP, 9));
            case NO_FLOW -> receive(syn().flags(ACK));
            case SOURCE_DENIED -> receive(udp(CLIENT, 1, VIP, 57));
            case FIREWALL -> forbidden();
            case NOT_MASTER -> standby();
            case NO_ENDPOINT -> receive(tcp(CLIENT, 40_000, VIP, 83));
            case NO_PORT -> receive(udp(CLIENT, 1, VIP, 53), udp(CLIENT, 2, VIP, 53));
            case TABLE_FULL -> fullTable();
            case HALF_OPEN_SOURCE -> halfOpen(0, 2);
            case HALF_OPEN_FULL -> halfOpen(4, 1);
            case TABLE_BUSY -> receive(tcp(CLIENT, 40_000, VIP, 81), tcp(CLIENT, 40_000, VIP, 82));
            case TOO_BIG -> receive(udp(CLIENT, 1, VIP, 53).payload(Packets.payload(1600)));
            case UNTRANSLATABLE -> untranslatable();
            case NO_ROUTE -> receive(udp(CLIENT, 1, VIP, 56));
            case NEIGHBOUR_UNRESOLVED -> givenUp();
            case TX_RING_FULL -> fullRing();
            case EGRESS_FULL -> egressFull();
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

    private PipelineRig forbidden() {
        SourcePrefix client = new SourcePrefix(InetAddress.ofLiteral(CLIENT), 32);
        rig.access(new AccessRules().replace(List.of(new AccessRule(client, false))));
        return receive(syn());
    }

    private PipelineRig givenUp() {
        receive(udp(CLIENT, 1, VIP, 54)).advance(1, TimeUnit.SECONDS).cycle();
        return rig;
    }

    private PipelineRig lostFragment() {
        receive(udp(CLIENT, 1, VIP, 53).payload(Packets.payload(64)).piece(1480, /* more= */ false, 7))
                .advance(1, TimeUnit.SECONDS)
                .cycle();
        return rig;
    }

    private PipelineRig badChecksum() {
        receive(syn());
        return receive(icmpError(CLIENT, VIP, 3, 3, 0, tcp(VIP, 80, CLIENT, 40_000), 500)
                .sum(Packet.Sum.WRONG));
    }

    /** A redirect-like parameter problem has no word in IPv4. */
    private PipelineRig untranslatable() {
        receive(udp(CLIENT6, 1, VIP6, 53));
        return receive(icmpError(CLIENT6, VIP6, 4, 2, 0, udp(VIP6, 53, CLIENT6, 1), 500));
    }

    private PipelineRig egressFull() {
        rig.exits().add(Lan.OTHER_INTERFACE).full();
        return receive(udp(CLIENT, 1, VIP, 55));
    }

    private static PipelineRig fullTable() {
        PipelineRig small = new PipelineRig(
                new TableLayout(1, 1), 64, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        for (int i = 0; i <= TableLayout.SLOTS_PER_BUCKET / 2; i++) {
            small.receive(tcp(CLIENT, 40_000 + i, VIP, 80));
        }
        return small;
    }

    /** With room for four half-open connections: first another agent's, then some of one client. */
    private static PipelineRig halfOpen(int others, int own) {
        PipelineRig small = new PipelineRig(
                new TableLayout(1, 4), 64, 4, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        for (int i = 0; i < others; i++) {
            FlowDraft draft = new FlowDraft().key(i, 2, 3, 6).tcpState(FlowStates.SYN_SENT);
            small.shared()
                    .halfOpen()
                    .found(small.flows().wrap(new FlowSlot(), small.flows().insert(draft, 0)));
        }
        for (int i = 0; i < own; i++) {
            small.receive(tcp(CLIENT, 40_000 + i, VIP, 80));
        }
        return small;
    }

    private PipelineRig fullRing() {
        rig.port().transmitRoom(2);
        return receive(syn(), syn(), syn(), syn().macs(0x0200_0000_0009L, 0x0200_0000_0008L));
    }

    private static Packet syn() {
        return Packets.tcp(CLIENT, 40_000, VIP, 80);
    }
}
