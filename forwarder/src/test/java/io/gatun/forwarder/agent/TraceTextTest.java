package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.high;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.FAR_ENDPOINT;
import static io.gatun.forwarder.pipeline.Lan.NODE;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.TraceQuery;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceDraft;
import io.gatun.forwarder.pipeline.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Real packets through a pipeline in memory, and what a trace says of them. */
class TraceTextTest {
    private Trace trace;

    @Test
    void aConnectionFromItsFirstPacketToItsAnswer() {
        PipelineRig rig =
                traced(VIP, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).id(5));

        WireFrame syn = rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        int port = syn.sourcePort();
        assertEquals("""
                steering: ours, came in as tcp 192.168.80.10:40000 > 192.168.80.200:80
                rule: rule 5
                flow: opened by this packet or by one just before it
                endpoint: 192.168.80.101:8080
                rewrite: tcp 192.168.80.200:PORT > 192.168.80.101:8080
                next-hop: MAC 02:00:c0:a8:50:65
                = forward
                """.replace("PORT", Integer.toString(port)), told(rig));

        rig.receiveOne(tcp(E1, 8080, VIP, port).flags(ACK));
        assertEquals("""
                steering: ours, came in as tcp 192.168.80.101:8080 > 192.168.80.200:PORT
                rule: rule 5, from its endpoint
                flow: known
                endpoint: 192.168.80.101:8080
                rewrite: tcp 192.168.80.200:80 > 192.168.80.10:40000
                next-hop: MAC 02:00:c0:a8:50:0a
                = forward
                """.replace("PORT", Integer.toString(port)), told(rig));
    }

    @Test
    void aRefusalIsADropThatItsSenderIsToldOf() {
        PipelineRig rig = traced(VIP, ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));

        rig.receive(tcp(CLIENT, 40_000, VIP, 81));

        assertEquals("""
                steering: ours, came in as tcp 192.168.80.10:40000 > 192.168.80.200:81
                rule: no rule has this destination
                flow: none
                drop: no_service, its sender is told: tcp 192.168.80.200:81 > 192.168.80.10:40000
                = drop no_service
                """, told(rig));
    }

    @Test
    void aSilentDropIsJustThat() {
        PipelineRig rig = traced(
                VIP,
                ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).allow("10.0.0.0/8").id(5));

        rig.receive(tcp(CLIENT, 40_000, VIP, 80));

        assertEquals(
                "drop: source_denied\n= drop source_denied\n",
                told(rig).lines().skip(3).collect(lines()));
    }

    @Test
    void anEchoToTheVipIsAnsweredHere() {
        PipelineRig rig = traced(VIP6, ServiceDraft.tcp(VIP6, 80).endpoint("fd00:80::101", 8080));

        rig.receiveOne(echo(CLIENT6, VIP6, 7, 1));

        assertEquals("""
                steering: ours, came in as icmpv6 fd00:80::10 > fd00:80::200
                rule: no rule has this destination
                flow: none
                rewrite: answered by this node itself: icmpv6 fd00:80::200 > fd00:80::10
                = answer
                """, told(rig));
    }

    @Test
    void nat64AndTunnelsAreNamed() {
        PipelineRig nat64 =
                traced(VIP6, ServiceDraft.tcp(VIP6, 80).endpoint(E1, 8080).snat(NODE, 12_000, 12_000));
        nat64.receiveOne(tcp(CLIENT6, 40_000, VIP6, 80));
        assertTrue(
                told(nat64).contains("rewrite: NAT64, tcp 192.168.80.5:12000 > 192.168.80.101:8080\n"),
                "the packet became one of IPv4");

        PipelineRig tunnel =
                traced(VIP, ServiceDraft.tcp(VIP, 80).endpoint(FAR_ENDPOINT, 0).tunnel(VIP));
        tunnel.receiveOne(tcp(CLIENT, 40_000, VIP, 80));
        assertEquals("""
                endpoint: 10.9.9.9
                rewrite: none, but an outer header 192.168.80.200 > 10.9.9.9
                next-hop: MAC 02:00:c0:a8:50:01
                = forward
                """, told(tunnel).lines().skip(3).collect(lines()));
    }

    @Test
    void directReturnKeepsAllButTheMac() {
        PipelineRig rig = traced(VIP, ServiceDraft.tcp(VIP, 80).endpoint(E1, 0).direct());

        rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80));

        assertEquals("""
                rewrite: none but the MAC
                next-hop: MAC 02:00:c0:a8:50:65
                = forward
                """, told(rig).lines().skip(3).collect(lines()));
    }

    @Test
    void aPacketMayWaitForAMac() {
        PipelineRig rig = traced(VIP, ServiceDraft.tcp(VIP, 80).endpoint(UNRESOLVED, 8080));

        rig.receive(tcp(CLIENT, 40_000, VIP, 80));

        assertEquals(
                "next-hop: its MAC is not known yet, the packet waits for it\n= forward\n",
                told(rig).lines().skip(5).collect(lines()));
    }

    @Test
    void aTraceEndsWhenItsReaderDoes() {
        PipelineRig rig = new PipelineRig(ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        List<Trace> installed = new ArrayList<>();
        TraceSession session = session(rig, 5, 60_000);

        assertThrows(
                IllegalStateException.class,
                () -> session.run(wanted -> install(rig, installed, wanted, tcp(CLIENT, 40_000, VIP, 80)), packet -> {
                    throw new IllegalStateException("gone");
                }));

        assertEquals(2, installed.size());
        assertEquals(null, installed.getLast());
    }

    @Test
    void anInterruptEndsItTooAndStaysOne() {
        PipelineRig rig = new PipelineRig(ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        List<Boolean> interruptedWhileInstalling = new ArrayList<>();
        TraceSession session = session(rig, 5, 60_000);

        int shown = session.run(
                wanted -> {
                    interruptedWhileInstalling.add(Thread.currentThread().isInterrupted());
                    if (wanted != null) {
                        Thread.currentThread().interrupt();
                    }
                },
                packet -> {});

        assertEquals(0, shown);
        assertTrue(Thread.interrupted());
        assertEquals(List.of(false, false), interruptedWhileInstalling);
    }

    @Test
    void aTraceEndsWhenItHasShownEnough() {
        PipelineRig rig = new PipelineRig(ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080));
        List<String> seen = new ArrayList<>();

        int shown = session(rig, 2, 60_000)
                .run(
                        wanted -> install(
                                rig,
                                new ArrayList<>(),
                                wanted,
                                tcp(CLIENT, 1, VIP, 80),
                                tcp(CLIENT, 2, VIP, 80),
                                tcp(CLIENT, 3, VIP, 80)),
                        packet -> seen.add(packet.port() + " " + packet.length() + " "
                                + packet.explanation().verdict()));

        assertEquals(2, shown);
        assertEquals(List.of("agent 0 54 forward", "agent 0 54 forward"), seen);
    }

    private static void install(PipelineRig rig, List<Trace> installed, Trace wanted, Packet... packets) {
        installed.add(wanted);
        rig.trace(wanted);
        if (wanted != null) {
            rig.receive(packets);
        }
    }

    private static TraceSession session(PipelineRig rig, int count, long timeoutMs) {
        TraceText text = new TraceText(rig.published(), id -> Optional.of("rule " + id));
        return new TraceSession(new TraceQuery(Specs.address(VIP), count, timeoutMs), text, agent -> "agent " + agent);
    }

    private PipelineRig traced(String address, ServiceDraft... services) {
        trace = new Trace(high(address), low(address), 100);
        return new PipelineRig(services).trace(trace);
    }

    /** Of the one packet that was seen since the last call: a line a step, and the verdict. */
    private String told(PipelineRig rig) {
        List<Explanation> all = new ArrayList<>();
        TraceText text = new TraceText(rig.published(), id -> Optional.of("rule " + id));
        trace.read(record -> all.add(text.explain(record)), 100);
        assertEquals(1, all.size());
        Explanation told = all.getFirst();
        return told.steps().stream()
                        .map(step -> step.stage() + ": " + step.text() + "\n")
                        .collect(Collectors.joining())
                + "= " + told.verdict() + (told.dropReason().isEmpty() ? "" : " " + told.dropReason()) + "\n";
    }

    private static Collector<CharSequence, ?, String> lines() {
        return Collectors.joining("\n", "", "\n");
    }
}
