package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A frame in memory with room before and behind it, at an odd offset, and where its parts are. */
final class Room {
    static final int FRAME = 101;

    final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(100_000));
    int ip;
    int transport;
    int end;
    int protocol;

    Room put(Packet packet) {
        buffer.setMemory(0, buffer.capacity(), (byte) 0xEE);
        WireFrame wire = packet.wire();
        buffer.putBytes(FRAME, wire.bytes());
        ip = FRAME + wire.ip();
        transport = FRAME + wire.transport();
        protocol = wire.protocol();
        end = Math.min(FRAME + wire.ipEnd(), FRAME + wire.length());
        return this;
    }

    WireFrame frame(int offset, int frameEnd) {
        byte[] bytes = new byte[frameEnd - offset];
        buffer.getBytes(offset, bytes);
        return new WireFrame(bytes);
    }

    WireFrame frame() {
        return frame(FRAME, end);
    }
}
