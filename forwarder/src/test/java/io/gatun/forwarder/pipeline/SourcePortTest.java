package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.packet.WireFrame;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which source ports connections get, and what happens when there is none, or no room. */
class SourcePortTest {
    private static final int FIRST = 2_000;

    @Test
    void connectionsToOneEndpointHaveDifferentPortsUntilAllAreTaken() {
        for (int space : new int[] {1, 2, 3, 64, 100, 128}) {
            PipelineRig rig = rig(space, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < space; i++) {
                WireFrame sent = establish(rig, 40_000 + i);
                ports.add(sent.sourcePort());
                assertTrue(sent.sourcePort() >= FIRST && sent.sourcePort() < FIRST + space);
            }
            assertEquals(space, ports.size());
            rig.counted();

            assertEquals(List.of(), rig.receive(tcp(CLIENT, 50_000, VIP, 80)));
            assertEquals("drop_no_port 1, rx_packets 1", rig.counted());
            assertEquals(2L * space, rig.flows().liveCount());
        }
    }

    @Test
    void onePortServesManyEndpoints() {
        PipelineRig rig = rig(1, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).endpoint(E2, 8080));

        assertEquals(FIRST, rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80)).sourcePort());
        assertEquals(FIRST, rig.receiveOne(tcp(CLIENT, 40_001, VIP, 80)).sourcePort());
    }

    @Test
    void aServicesOwnPortIsNeverASource() {
        PipelineRig rig = rig(
                4,
                ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080),
                ServiceDraft.tcp(VIP, FIRST).endpoint(E2, 1),
                ServiceDraft.tcp(VIP, FIRST + 2).endpoint(E2, 2),
                ServiceDraft.udp(VIP, FIRST + 1).endpoint(E2, 3));
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            ports.add(establish(rig, 40_000 + i).sourcePort());
        }

        assertEquals(Set.of(FIRST + 1, FIRST + 3), ports);
        assertEquals(List.of(), rig.receive(tcp(CLIENT, 50_000, VIP, 80)));
    }

    @Test
    void protocolsDoNotShareTheirPorts() {
        PipelineRig rig = rig(
                1,
                ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080),
                ServiceDraft.udp(VIP, 80).endpoint(E1, 8080));

        assertEquals(FIRST, rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80)).sourcePort());
        assertEquals(FIRST, rig.receiveOne(udp(CLIENT, 40_000, VIP, 80)).sourcePort());
    }

    @Test
    void twoNodesChooseAlike() {
        ServiceDraft[] rules = {ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080)};
        PipelineRig one = new PipelineRig(rules);
        PipelineRig other = new PipelineRig(rules);

        for (int i = 0; i < 50; i++) {
            assertEquals(
                    one.receiveOne(tcp(CLIENT, 40_000 + i, VIP, 80)),
                    other.receiveOne(tcp(CLIENT, 40_000 + i, VIP, 80)));
        }
    }

    @Test
    void aFullTableRefusesNewFlowsAndKeepsOldOnes() {
        PipelineRig rig = new PipelineRig(
                new TableLayout(1, 1), 64, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        int opened = TableLayout.SLOTS_PER_BUCKET / 2;
        for (int i = 0; i < opened; i++) {
            establish(rig, 40_000 + i);
        }
        rig.counted();

        assertEquals(List.of(), rig.receive(tcp(CLIENT, 50_000, VIP, 80)));
        assertEquals(List.of(), rig.receive(tcp(CLIENT, 50_001, VIP, 80)));

        assertEquals("drop_table_full 2, rx_packets 2", rig.counted());
        assertEquals(2L * opened, rig.flows().liveCount());
        for (int i = 0; i < opened; i++) {
            WireFrame sent = rig.receiveOne(tcp(CLIENT, 40_000 + i, VIP, 80).flags(ACK));
            assertEquals(ip(E1), sent.destination());
        }
        rig.flows().forEachLive((flow, slot) -> assertFalse(flow.sourcePort() == 50_000), Integer.MAX_VALUE);
    }

    @Test
    void aPortIsFreeAgainWhenItsFlowIsGone() {
        PipelineRig rig = rig(1, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        establish(rig, 40_000);
        assertEquals(List.of(), rig.receive(tcp(CLIENT, 40_001, VIP, 80)));

        rig.flows().removeIf(flow -> true, FlowTable.tick(rig.nowNs()));

        assertEquals(FIRST, rig.receiveOne(tcp(CLIENT, 40_001, VIP, 80)).sourcePort());
    }

    /** A whole handshake: what is half-open would be given up. @return the SYN as it was sent on */
    private static WireFrame establish(PipelineRig rig, int clientPort) {
        WireFrame sent = rig.receiveOne(tcp(CLIENT, clientPort, VIP, 80));
        rig.receiveOne(tcp(E1, 8080, VIP, sent.sourcePort()).flags(SYN | ACK).acknowledgment(1_001));
        rig.receiveOne(
                tcp(CLIENT, clientPort, VIP, 80).flags(ACK).sequence(1_001).acknowledgment(1_001));
        return sent;
    }

    private static PipelineRig rig(int space, ServiceDraft... services) {
        for (ServiceDraft service : services) {
            service.snat(VIP, FIRST, FIRST + space - 1);
        }
        return new PipelineRig(services);
    }
}
