package io.gatun.ha.announce;

import io.gatun.forwarder.sys.Errno;
import io.gatun.ha.wire.ArpFlyweight;
import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.NdpExamples;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;

/** A wire whose two ends are lists. */
final class MemoryWire implements LinkWire {
    private final Queue<byte[]> inbound = new ArrayDeque<>();
    private final List<String> outbound = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private boolean down;
    private boolean closed;

    void arrive(String hex) {
        arrive(Frames.bytes(hex));
    }

    void arrive(byte[] frame) {
        inbound.add(frame);
    }

    void down(boolean isDown) {
        down = isDown;
    }

    boolean isClosed() {
        return closed;
    }

    /** What was sent since this was last asked. */
    List<String> takeSent() {
        List<String> sent = List.copyOf(outbound);
        outbound.clear();
        return sent;
    }

    @Override
    public int receive(UnsafeBuffer buffer) {
        if (down) {
            return -Errno.ENETDOWN;
        }
        byte[] frame = inbound.poll();
        if (frame == null) {
            return 0;
        }
        int length = Math.min(frame.length, buffer.capacity());
        buffer.putBytes(0, frame, 0, length);
        return frame.length;
    }

    @Override
    public int send(UnsafeBuffer buffer, int lengthBytes) {
        if (down) {
            return -Errno.ENETDOWN;
        }
        byte[] frame = new byte[lengthBytes];
        buffer.getBytes(0, frame);
        outbound.add(lengthBytes == ArpFlyweight.LENGTH_BYTES ? Frames.hex(frame) : NdpExamples.hex(frame));
        return lengthBytes;
    }

    @Override
    public int join(IpAddress group) {
        groups.add(group.toString());
        return down ? -Errno.ENODEV : 0;
    }

    @Override
    public int leave(IpAddress group) {
        return groups.remove(group.toString()) ? 0 : -1;
    }

    /** Joined and not yet left, once for each join. */
    List<String> groups() {
        return List.copyOf(groups);
    }

    @Override
    public void close() {
        closed = true;
    }
}
