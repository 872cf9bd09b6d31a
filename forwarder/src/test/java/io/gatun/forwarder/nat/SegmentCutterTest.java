package io.gatun.forwarder.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packet.Sum;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SegmentCutterTest {
    private static final int CWR = 0x80;

    private final SegmentCutter cutter = new SegmentCutter();
    private final Room room = new Room();
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));

    @Test
    void everySegmentIsThePacketThatItsSenderMeant() {
        for (String[] hosts : new String[][] {{"10.0.0.7", "192.168.80.200"}, {"2001:db8::7", "2001:db8::200"}}) {
            for (int length : new int[] {0, 1, 1_448, 1_449, 2_896, 20_001}) {
                for (int[] tags : new int[][] {{}, {80}}) {
                    cut(hosts, length, tags);
                }
            }
        }
    }

    @Test
    void severalDatagramsComeApart() {
        for (String[] hosts : new String[][] {{"10.0.0.7", "192.168.80.200"}, {"2001:db8::7", "2001:db8::200"}}) {
            byte[] payload = Packets.payload(2_500);
            Packet whole =
                    Packets.udp(hosts[0], 40_000, hosts[1], 80).payload(payload).sum(Sum.PARTIAL);
            room.put(whole);
            assertEquals(3, cutter.begin(room.buffer, Room.FRAME, room.ip, 17, room.transport, room.end, 1_200));
            for (int i = 0; i < 3; i++) {
                Packet wanted = whole.copy()
                        .sum(Sum.COMPLETE)
                        .identification(0x1234 + i)
                        .payload(Arrays.copyOfRange(payload, i * 1_200, Math.min(2_500, (i + 1) * 1_200)));
                byte[] bytes = new byte[cutter.next(target, 33)];
                target.getBytes(33, bytes);
                assertEquals(wanted.wire(), new WireFrame(bytes));
            }
        }
    }

    private void cut(String[] hosts, int length, int[] tags) {
        byte[] payload = Packets.payload(length);
        int flags = Packets.ACK | Packets.PSH | Packets.FIN | CWR;
        Packet whole = Packets.tcp(hosts[0], 40_000, hosts[1], 80)
                .vlan(tags)
                .flags(flags)
                .sequence(-5_000)
                .identification(0xFFFF)
                .tcpOptions(1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8)
                .payload(payload)
                .sum(Sum.PARTIAL);
        room.put(whole);
        int segments = cutter.begin(room.buffer, Room.FRAME, room.ip, 6, room.transport, room.end, 1_448);
        assertEquals(Math.max(1, (length + 1_447) / 1_448), segments);
        for (int i = 0; i < segments; i++) {
            Packet wanted = whole.copy()
                    .sum(Sum.COMPLETE)
                    .sequence(-5_000 + i * 1_448)
                    .identification(0xFFFF + i)
                    .flags(i == segments - 1 ? flags & (i == 0 ? -1 : ~CWR) : Packets.ACK | (i == 0 ? CWR : 0))
                    .payload(Arrays.copyOfRange(payload, i * 1_448, Math.min(length, (i + 1) * 1_448)));
            byte[] bytes = new byte[cutter.nextLength()];
            assertEquals(bytes.length, cutter.next(target, 33));
            target.getBytes(33, bytes);
            assertEquals(wanted.wire(), new WireFrame(bytes));
        }
        assertFalse(cutter.hasNext());
    }
}
