package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.WireFrame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/** Other interfaces over plain memory: what was sent out of each is kept. */
public final class MemoryEgress implements Egress {
    /** MAC of the host's end of the local pair. */
    public static final long HOST_MAC = 0x0267_6174_7500L;

    private final Set<Integer> served = new HashSet<>();
    private final List<Sent> sent = new ArrayList<>();
    private boolean full;
    private boolean recording = true;
    private long transmitted;

    /** A frame and the interface by which it left. */
    public record Sent(int interfaceIndex, WireFrame frame) {}

    /** Serves an interface. */
    public MemoryEgress add(int interfaceIndex) {
        served.add(interfaceIndex);
        return this;
    }

    /** From now on nothing is taken, or everything again. */
    public MemoryEgress full(boolean wanted) {
        full = wanted;
        return this;
    }

    /** From now on nothing is taken. */
    public MemoryEgress full() {
        full = true;
        return this;
    }

    /** Whether sent frames are kept for {@link #take}; otherwise they are only counted, without allocation. */
    public MemoryEgress recording(boolean wanted) {
        recording = wanted;
        return this;
    }

    /** Frames sent since the start. */
    public long transmitted() {
        return transmitted;
    }

    /** What was sent since the last call. */
    public List<Sent> take() {
        List<Sent> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** Our MAC on an interface. */
    public static long macOn(int interfaceIndex) {
        return 0x0267_0000_0100L + interfaceIndex;
    }

    @Override
    public long mac(int interfaceIndex) {
        return served.contains(interfaceIndex) ? macOn(interfaceIndex) : NOT_SERVED;
    }

    @Override
    public boolean send(int interfaceIndex, UnsafeBuffer memory, int offset, int length, int offload) {
        if (full) {
            return false;
        }
        assertTrue(offset >= HEADROOM, "no room for an engine's header before the frame");
        transmitted++;
        if (recording) {
            byte[] bytes = new byte[length];
            memory.getBytes(offset, bytes);
            sent.add(new Sent(interfaceIndex, new WireFrame(bytes, offload)));
        }
        return true;
    }
}
