package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A golden packet for every cell of protocol x mode x family x engine: in, exactly out, back in, exactly out. */
class CellTest {
    static Stream<Cell> cells() {
        return Cell.all().stream().filter(cell -> cell.reason() == null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void packetsGoAsTheModeSays(Cell cell) {
        PipelineRig rig = new PipelineRig(cell.service());
        rig.exits().add(Lan.INTERFACE);
        int port = 0;
        for (boolean opening : new boolean[] {true, false}) {
            if (!opening && cell.isCut()) {
                isCut(rig, cell);
            } else {
                WireFrame out = rig.receiveOne(cell.request(opening), cell.offload(opening));
                port = opening ? portOf(cell, out) : port;
                same(cell.requestOut(opening, port), cell.requestOffload(opening), out);
                assertEquals((opening ? "flows_opened 1, " : "") + "rx_packets 1, tx_packets 1", rig.counted());
            }
            if (!cell.mode().isDirect()) {
                WireFrame out = rig.receiveOne(cell.reply(opening, port), cell.offload(opening));
                same(cell.replyOut(opening), cell.offload(opening), out);
                assertEquals("rx_packets 1, tx_packets 1", rig.counted());
            }
        }
        String state = cell.state();
        assertEquals(cell.mode().isDirect() ? state : state + " " + state, rig.states());
        rig.port().assertConserved();
    }

    @Test
    void cellsThatMakeNoSenseSayWhy() {
        List<Cell> senseless =
                Cell.all().stream().filter(cell -> cell.reason() != null).toList();
        assertEquals(4 * (2 + 4 + 4), senseless.size());
        senseless.forEach(cell -> assertNotNull(cell.reason(), cell.toString()));
        assertEquals(4 * (4 * 6 + 2), cells().count());
    }

    private static void isCut(PipelineRig rig, Cell cell) {
        assertEquals(List.of(), rig.receive(cell.request(/* opening= */ false), cell.offload(/* opening= */ false)));
        List<WireFrame> wanted = cell.segments().stream().map(Packet::wire).toList();
        assertEquals(
                wanted,
                rig.exits().take().stream().map(MemoryEgress.Sent::frame).toList());
        assertEquals("rx_packets 1, tx_packets " + wanted.size(), rig.counted());
        wanted.forEach(segment -> assertTrue(segment.checksumsRight()));
    }

    private static int portOf(Cell cell, WireFrame frame) {
        return cell.transport() == Cell.Transport.ECHO
                ? frame.unsignedShort(frame.transport() + 4)
                : frame.sourcePort();
    }

    private static void same(Packet wanted, int offload, WireFrame sent) {
        assertEquals(wanted.wire(), sent);
        assertEquals(offload, sent.offload(), "what is left to the device");
        assertTrue(Offload.isPartial(offload) || sent.checksumsRight(), "checksums");
    }
}
