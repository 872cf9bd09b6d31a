package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.Frame.address;

import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Replaces the program on in0 again and again while out0 sends it frames for a VIP, then sends one for another address.
 * A packet socket on in0 stands for the host: it sees what XDP passes.
 */
final class ReplaceUnderLoad {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ETH_P_IP = 0x0800;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int POLLIN = 1;
    private static final int REPLACEMENTS = 100;
    private static final String VIP = "192.168.80.200";
    private static final String OTHER = "192.168.80.99";

    private final Libc libc = Libc.system();
    private final Fd tap = packetSocket("in0", ETH_P_IP);
    private final Fd sender = packetSocket("out0", 0);
    private final UnsafeBuffer received = BpfAttr.offHeap(2048);

    public static void main(String[] arguments) throws InterruptedException {
        new ReplaceUnderLoad().run();
    }

    private void run() throws InterruptedException {
        String mode = replace().mode();
        AtomicBoolean running = new AtomicBoolean(true);
        Thread load = new Thread(() -> {
            UnsafeBuffer frame = frameTo(VIP);
            while (running.get()) {
                send(frame);
            }
        });
        load.start();
        for (int i = 0; i < REPLACEMENTS; i++) {
            replace();
        }
        running.set(false);
        load.join();
        int seen = drain();
        send(frameTo(OTHER));
        boolean otherSeen = awaitFrame() && drain() == 0;
        System.out.println(mode + ": VIP frames seen by the host " + seen + ", others seen " + otherSeen);
        tap.close();
        sender.close();
    }

    private Steering.Attached replace() {
        try (Steering steering = Steering.load(libc, SteeringHook.XDP, 4, 1)) {
            steering.putAddress(address(VIP), Steering.OWN_ALL, 0, 0);
            return steering.attach(Links.ifindex("in0"), "in0");
        }
    }

    private boolean awaitFrame() {
        UnsafeBuffer pollfd = BpfAttr.offHeap(8);
        pollfd.putInt(0, tap.number());
        pollfd.putShort(4, (short) POLLIN);
        return SysException.check(libc.poll(pollfd.addressOffset(), 1, 5000), "poll") == 1;
    }

    /** Empties the tap and counts the frames for the VIP. */
    private int drain() {
        int count = 0;
        while (libc.recvfrom(tap.number(), received.addressOffset(), 2048, MSG_DONTWAIT, 0, 0) > 0) {
            count += received.getByte(33) == (byte) 200 ? 1 : 0;
        }
        return count;
    }

    private void send(UnsafeBuffer frame) {
        libc.sendto(sender.number(), frame.addressOffset(), frame.capacity(), 0, 0, 0);
    }

    private static UnsafeBuffer frameTo(String destination) {
        byte[] bytes = Frame.of(Frame.Packet.udp("192.168.80.10", 4000, destination, 53))
                .bytes(60);
        UnsafeBuffer frame = BpfAttr.offHeap(bytes.length);
        frame.putBytes(0, bytes);
        return frame;
    }

    private Fd packetSocket(String ifname, int protocol) {
        Fd fd = Fd.own(libc, libc.socket(AF_PACKET, SOCK_RAW, 0), "socket(AF_PACKET)");
        UnsafeBuffer address = BpfAttr.offHeap(20); // struct sockaddr_ll
        address.putShort(0, (short) AF_PACKET);
        address.putShort(2, (short) protocol, ByteOrder.BIG_ENDIAN);
        address.putInt(4, Links.ifindex(ifname));
        SysException.check(libc.bind(fd.number(), address.addressOffset(), address.capacity()), "bind " + ifname);
        return fd;
    }
}
