package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.TestNamespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * The tap's filter over a real interface: BPF_PROG_TEST_RUN cannot give a filter the bytes before the IP header. Each case
 * of {@link SteeringCases} is sent, and after it a marker that is always ours: what has not come before the marker was
 * refused.
 */
@Root.Needed
class SteeringFilterTest {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_BPF = 50;
    private static final int SO_RCVBUF = 8;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int ETH_P_ALL_NETWORK_ORDER = 0x0300;
    private static final int FRAME_MAX = 4_096;
    private static final int MARKER_PORT = 60_606;

    private final Libc libc = Libc.system();
    private final UnsafeBuffer buffer = BpfAttr.offHeap(FRAME_MAX);

    @Test
    void keepsWhatIsOursAndNothingElse() throws Exception {
        TestNamespace.assumeAvailable();
        try (TestNamespace namespace = TestNamespace.create()) {
            namespace.ip("link add in0 index 101 type veth peer name out0 index 102");
            namespace.ip("link set in0 up");
            namespace.ip("link set out0 up");
            namespace.call(() -> {
                judgeAll();
                return null;
            });
        }
    }

    private void judgeAll() {
        List<String> wrong = new ArrayList<>();
        try (Steering steering = Steering.load(libc, SteeringHook.TCX, 16, 1);
                Fd tap = socket();
                Fd sender = socket()) {
            SteeringCases.configure(steering);
            filter(tap, steering.filterFd());
            bind(tap, 101);
            byte[] marker = Frame.of(
                            Frame.Packet.udp(SteeringCases.IPV4.client, MARKER_PORT, SteeringCases.IPV4.vip, 1))
                    .bytes(60);
            for (SteeringCases.Case example : SteeringCases.all()) {
                send(sender, example.frame().bytes());
                send(sender, marker);
                boolean kept = awaitMarker(tap, marker);
                if (kept != example.ours()) {
                    wrong.add(example + (kept ? ", but kept" : ", but refused"));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Reads up to the marker. @return whether something came before it */
    private boolean awaitMarker(Fd tap, byte[] marker) {
        boolean before = false;
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() - deadlineNs < 0) {
            long length = libc.recvfrom(tap.number(), buffer.addressOffset(), FRAME_MAX, MSG_DONTWAIT, 0, 0);
            if (length == -Errno.EAGAIN) {
                Thread.onSpinWait();
                continue;
            }
            SysException.check(length, "recvfrom(in0)");
            byte[] frame = new byte[(int) length];
            buffer.getBytes(0, frame);
            if (Arrays.equals(frame, marker)) {
                return before;
            }
            before = true;
        }
        throw new AssertionError("the marker has not come");
    }

    private Fd socket() {
        return Fd.own(libc, libc.socket(AF_PACKET, SOCK_RAW, 0), "socket(AF_PACKET)");
    }

    private void filter(Fd tap, int programFd) {
        option(tap, SO_RCVBUF, 1 << 20);
        option(tap, SO_ATTACH_BPF, programFd);
    }

    private void option(Fd socket, int name, int value) {
        buffer.putInt(0, value);
        SysException.check(
                libc.setsockopt(socket.number(), SOL_SOCKET, name, buffer.addressOffset(), Integer.BYTES),
                "setsockopt(" + name + ")");
    }

    private void bind(Fd tap, int ifindex) {
        SysException.check(libc.bind(tap.number(), address(ifindex), 20), "bind(in0)");
    }

    private void send(Fd sender, byte[] bytes) {
        UnsafeBuffer packet = BpfAttr.offHeap(bytes.length);
        packet.putBytes(0, bytes);
        UnsafeBuffer target = BpfAttr.offHeap(20);
        target.putShort(0, (short) AF_PACKET);
        target.putInt(4, 102);
        SysException.check(
                libc.sendto(sender.number(), packet.addressOffset(), bytes.length, 0, target.addressOffset(), 20),
                "sendto(out0)");
    }

    /** struct sockaddr_ll in the scratch buffer. */
    private long address(int ifindex) {
        buffer.setMemory(0, 20, (byte) 0);
        buffer.putShort(0, (short) AF_PACKET);
        buffer.putShort(2, (short) ETH_P_ALL_NETWORK_ORDER);
        buffer.putInt(4, ifindex);
        return buffer.addressOffset();
    }
}
