package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.Frame.address;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Ours goes to the socket of the queue that it came from, and nowhere once that socket is gone. */
@Root.Needed
class QueueTest {
    private static final int AF_XDP = 44;
    private static final int SOCK_RAW = 3;
    private static final int SOL_XDP = 283;
    private static final int XDP_UMEM_REG = 4;
    private static final int FRAME_BYTES = 4096;

    private final Libc libc = Libc.system();

    @Test
    void oursGoesToTheSocketOfItsQueueWhileThatLives() {
        String name = Links.newName();
        Links.ip("link add " + name + " numrxqueues 2 type veth peer name " + name + "p numtxqueues 2");
        try (Steering steering = Steering.load(libc, SteeringHook.XDP, 4, 2)) {
            int ifindex = Links.ifindex(name);
            steering.putAddress(address("192.168.80.200"), Steering.OWN_ALL, 0, 0);
            byte[] ours = Frame.of(Frame.Packet.tcp("192.168.80.10", 4000, "192.168.80.200", 80))
                    .bytes();
            byte[] other = Frame.of(Frame.Packet.tcp("192.168.80.10", 4000, "192.168.80.99", 80))
                    .bytes();
            try (Fd socket = socketWithMemory()) {
                steering.bindQueue(1, socket.number());
                assertEquals(XdpAction.DROP, verdict(steering, ours, ifindex, 0));
                assertEquals(XdpAction.REDIRECT, verdict(steering, ours, ifindex, 1));
                assertEquals(XdpAction.PASS, verdict(steering, other, ifindex, 1));
            }
            assertEquals(XdpAction.DROP, verdict(steering, ours, ifindex, 1));
        } finally {
            Links.ip("link delete " + name);
        }
    }

    private static int verdict(Steering steering, byte[] frame, int ifindex, int queue) {
        return steering.program().testRun(frame, ifindex, queue).verdict();
    }

    /** The least that the map takes: a socket with a UMEM (struct xdp_umem_reg), unbound. */
    private Fd socketWithMemory() {
        Fd socket = Fd.own(libc, libc.socket(AF_XDP, SOCK_RAW, 0), "socket(AF_XDP)");
        UnsafeBuffer memory = BpfAttr.offHeap(2 * FRAME_BYTES);
        UnsafeBuffer registration = BpfAttr.offHeap(24);
        registration.putLong(0, (memory.addressOffset() + FRAME_BYTES - 1) & -FRAME_BYTES);
        registration.putLong(8, FRAME_BYTES);
        registration.putInt(16, FRAME_BYTES);
        int result = libc.setsockopt(socket.number(), SOL_XDP, XDP_UMEM_REG, registration.addressOffset(), 24);
        SysException.check(result, "setsockopt(XDP_UMEM_REG)");
        return socket;
    }
}
