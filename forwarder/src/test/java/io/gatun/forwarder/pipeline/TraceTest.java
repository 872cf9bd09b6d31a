package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.high;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets that somebody wants to see, as they came and as they left. */
class TraceTest {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080),
            ServiceDraft.udp(VIP6, 53).endpoint(E61, 53));
    private final List<String> seen = new ArrayList<>();

    @SuppressWarnings("EnumOrdinal") // as the record has it
    private void read(Trace trace) {
        seen.clear();
        trace.read(
                record -> seen.add(record.flow()
                        + (record.reason() == TraceRecord.NO_REASON
                                ? ""
                                : " " + DropReason.values()[record.reason()].label())
                        + " " + record.length() + " " + record.lengthAfter()),
                100);
    }

    @Test
    void newKnownAndRefusedPacketsInOrder() {
        Trace trace = new Trace(0, low(VIP), 10);
        rig.trace(trace);
        rig.receive(tcp(CLIENT, 40_000, VIP, 80).paddedTo(60));
        rig.receive(tcp(CLIENT, 40_000, VIP, 80).flags(ACK));
        rig.receive(tcp(CLIENT, 40_000, VIP, 80).totalLength(9_000));
        rig.receive(tcp(CLIENT, 40_001, VIP, 80).flags(RST));
        rig.receive(udp(CLIENT6, 40_000, VIP6, 53));

        read(trace);

        assertEquals(List.of("2 60 54", "1 54 54", "0 no_flow 54 0"), seen);
    }

    @Test
    void itHasTheBytesBeforeAndAfter() {
        Trace trace = new Trace(high(VIP6), low(VIP6), 10);
        rig.trace(trace);
        Packet question = udp(CLIENT6, 40_000, VIP6, 53).payload(payload(400));
        WireFrame sent = rig.receiveOne(question);

        List<byte[]> both = new ArrayList<>();
        trace.read(
                record -> {
                    both.add(bytes(record.before()));
                    both.add(bytes(record.after()));
                },
                1);

        assertEquals(new WireFrame(Arrays.copyOf(question.bytes(), TraceRecord.FRAME_MAX)), new WireFrame(both.get(0)));
        assertEquals(new WireFrame(Arrays.copyOf(sent.bytes(), TraceRecord.FRAME_MAX)), new WireFrame(both.get(1)));
    }

    private static byte[] bytes(org.agrona.DirectBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    @Test
    void onlySoManyAreShownOfBothDirections() {
        Trace trace = new Trace(0, low(E1), 2);
        rig.trace(trace);
        int port = rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80)).sourcePort();
        for (int i = 0; i < 3; i++) {
            rig.receive(tcp(E1, 8080, VIP, port).flags(SYN | ACK));
        }

        read(trace);

        assertEquals(List.of("1 54 54", "1 54 54"), seen);
    }
}
