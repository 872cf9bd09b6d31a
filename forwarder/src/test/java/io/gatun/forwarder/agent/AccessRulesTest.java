package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.OTHER_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.control.SourcePrefix;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client's network is forbidden, whatever it sends. */
class AccessRulesTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080),
            ServiceDraft.udp(VIP, 53).endpoint(E1, 53),
            ServiceDraft.udp(VIP6, 53).endpoint(E61, 53));
    private final AccessRules rules = new AccessRules();

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    @Test
    void theLongestNetworkDecidesAndOthersPass() {
        access(drop("192.168.80.8/29"), allow("192.168.80.12/32"), drop("fd00:80::10/128"));

        assertEquals(List.of(), rig.receive(tcp(CLIENT, 40_000, VIP, 80)));
        assertEquals(List.of(), rig.receive(udp(CLIENT6, 40_000, VIP6, 53)));
        rig.receiveOne(tcp(OTHER_CLIENT, 40_000, VIP, 80));
        rig.receiveOne(tcp(FAR_CLIENT, 40_000, VIP, 80));

        assertEquals("drop_firewall 2, flows_opened 2, rx_packets 4, tx_packets 2", rig.counted());
    }

    @Test
    void nothingOfAForbiddenClientIsAnswered() {
        access(drop("192.168.80.10/32"));

        assertEquals(List.of(), rig.receive(echo(CLIENT, VIP, 1, 1)));
        assertEquals(List.of(), rig.receive(udp(CLIENT, 40_000, VIP, 9)));
        assertEquals(List.of(), rig.receive(tcp(CLIENT, 40_000, VIP, 9)));

        assertEquals("drop_firewall 3, rx_packets 3", rig.counted());
    }

    @Test
    void anOpenConnectionOfAClientEndsAndItsEndpointMayStillAnswer() {
        int source = rig.receiveOne(udp(CLIENT, 40_000, VIP, 53)).sourcePort();
        access(drop("192.168.80.0/24"));

        assertEquals(List.of(), rig.receive(udp(CLIENT, 40_000, VIP, 53)));
        rig.receiveOne(udp(E1, 53, VIP, source));
        rig.receiveOne(icmpError(E1, VIP, 3, 3, 0, udp(VIP, source, E1, 53), 500));
    }

    @Test
    void rulesThatStayGoOnCounting() {
        access(drop("192.168.80.0/24"));
        rig.receive(tcp(CLIENT, 40_000, VIP, 80), tcp(OTHER_CLIENT, 40_000, VIP, 80));
        access(drop("192.168.80.0/24"), drop("10.0.0.0/8"));
        rig.receive(tcp(CLIENT, 40_000, VIP, 80), tcp(FAR_CLIENT, 40_000, VIP, 80));

        assertEquals(
                List.of(3L, 1L),
                rules.counts().stream().map(count -> count.packets()).toList());
        long frame = tcp(CLIENT, 40_000, VIP, 80).bytes().length;
        assertEquals(3 * frame, rules.counts().getFirst().bytes());

        access();
        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        assertEquals(List.of(), rules.counts());
    }

    private void access(AccessRule... wanted) {
        rig.access(rules.replace(List.of(wanted)));
    }

    private static AccessRule drop(String network) {
        return rule(network, false);
    }

    private static AccessRule allow(String network) {
        return rule(network, true);
    }

    private static AccessRule rule(String network, boolean allowed) {
        List<String> parts = Stream.of(network.split("/", 2)).toList();
        return new AccessRule(
                new SourcePrefix(InetAddress.ofLiteral(parts.getFirst()), Integer.parseInt(parts.getLast())), allowed);
    }
}
