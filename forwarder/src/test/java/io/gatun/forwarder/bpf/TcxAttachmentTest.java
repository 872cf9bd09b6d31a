package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.Frame.address;
import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R10;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Condition;
import io.gatun.forwarder.bpf.asm.HelperCall;
import io.gatun.forwarder.bpf.asm.Width;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.TestNamespace;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tcx ingress hook of a veth interface; what is told by frames goes over it, in a namespace of its own. */
@Root.Needed
class TcxAttachmentTest {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_VNET_HDR = 15;
    private static final int IN = 101;
    private static final int OUT = 102;
    private static final String COUNT = "someone_count";
    private static final SteeringCases NET = SteeringCases.IPV4;

    private final Libc libc = Libc.system();
    private final String name = Links.newName();
    private final Set<Integer> openBefore = Fd.open().keySet();
    private int ifindex;

    @BeforeEach
    void makeLink() {
        Links.ip("link add " + name + " type veth peer name " + name + "p");
        ifindex = Links.ifindex(name);
    }

    @AfterEach
    void removeLink() {
        Links.ip("link delete " + name);
        assertEquals(openBefore, Fd.open().keySet(), () -> "left open: " + Fd.open());
    }

    @Test
    void outlivesTheProcessAndIsReplacedByTheNext() {
        int left = Integer.parseInt(Links.java(List.of(), AttachAndExit.class, "TCX", name, "" + ifindex)
                .strip());
        assertEquals(left, found().programId());
        try (Steering next = load()) {
            assertEquals(new Steering.Attached(SteeringHook.TCX, "tcx", left, ""), next.attach(ifindex, name));
            assertEquals(next.program().id(), found().programId());
            assertEquals("gatun_steer_tc", found().name());
        }
        assertTrue(Steering.detach(libc, ifindex, name));
        assertTrue(BpfProgram.fromId(libc, left).isEmpty());
    }

    @Test
    void detachRemovesOursOnceAndFromBothHooks() {
        assertFalse(Steering.detach(libc, ifindex, name));
        try (Steering tcx = load();
                Steering xdp = Steering.load(libc, SteeringHook.XDP, 4, 1)) {
            tcx.attach(ifindex, name);
            xdp.attach(ifindex, name);
            assertEquals(2, Steering.find(libc, ifindex, name).size());
            assertTrue(Steering.detach(libc, ifindex, name));
            assertTrue(Steering.find(libc, ifindex, name).isEmpty());
            assertFalse(Steering.detach(libc, ifindex, name));
            tcx.attach(ifindex, name);
            xdp.attach(ifindex, name);
            assertTrue(xdp.detach(SteeringHook.XDP, ifindex, name));
            assertEquals(SteeringHook.TCX, found().hook());
            assertTrue(xdp.detach(SteeringHook.TCX, ifindex, name));
        }
    }

    @Test
    void aForeignXdpProgramDoesNotKeepOursAtTcx() {
        XdpAttachment foreignHook = new XdpAttachment(libc, ifindex, name, "someone", ProgramRecord.none());
        try (BpfProgram foreign =
                        BpfProgramTest.returning("someone_else", XdpAction.PASS).load(libc, Map.of());
                Steering steering = load()) {
            foreignHook.attach(foreign);
            steering.attach(ifindex, name);
            assertTrue(Steering.detach(libc, ifindex, name));
            assertEquals(foreign.id(), foreignHook.current().orElseThrow().programId());
            assertThrows(AttachException.class, () -> Steering.detach(libc, ifindex, name));
        }
    }

    @Test
    void aForeignProgramGoesOnBehindOurs() throws Exception {
        inNamespace(() -> {
            TcxAttachment foreignHook = new TcxAttachment(libc, IN, "in0", "someone", ProgramRecord.none());
            try (BpfMap count = countMap();
                    BpfProgram foreign = counter().load(libc, Map.of(COUNT, count));
                    Steering first = load();
                    Steering second = load();
                    Fd sender = packetSocket()) {
                foreignHook.attach(foreign);
                assertEquals(0, first.attach(IN, "in0").replacedId());
                assertEquals(first.program().id(), second.attach(IN, "in0").replacedId());
                Frame ours = Frame.of(Frame.Packet.udp(NET.client, 1, NET.vip, 53));
                send(sender, ours.bytes(80));
                send(sender, ours.tagged(0x8100).bytes(80));
                send(
                        sender,
                        Frame.of(Frame.Packet.udp(NET.client, 1, NET.unknown, 53))
                                .bytes(80));
                awaitCount(1, count);
                send(sender, ours.tagged(0x88a8).tagged(0x8100).bytes(80));
                awaitCount(2, count);
                assertTrue(Steering.detach(libc, IN, "in0"));
                assertEquals(foreign.id(), foreignHook.current().orElseThrow().programId());
                send(sender, ours.bytes(80));
                awaitCount(3, count);
            }
            return null;
        });
    }

    @Test
    void aFrameWhoseLinearPartIsShortIsJudgedWhole() throws Exception {
        inNamespace(() -> {
            TcxAttachment foreignHook = new TcxAttachment(libc, IN, "in0", "someone", ProgramRecord.none());
            try (BpfMap count = countMap();
                    BpfProgram foreign = counter().load(libc, Map.of(COUNT, count));
                    Steering steering = load();
                    Fd sender = packetSocket()) {
                steering.putAddress(address(NET.shared), Steering.SERVICES, 0, 0);
                steering.putService(address(NET.shared), 53, Frame.UDP);
                foreignHook.attach(foreign);
                steering.attach(IN, "in0");
                UnsafeBuffer yes = BpfAttr.offHeap(4);
                yes.putInt(0, 1);
                int result = libc.setsockopt(sender.number(), SOL_PACKET, PACKET_VNET_HDR, yes.addressOffset(), 4);
                SysException.check(result, "setsockopt(PACKET_VNET_HDR)");
                Frame.Packet packet =
                        Frame.Packet.udp(NET.client, 1, NET.shared, 53).options(40);
                send(sender, withShortLinearPart(Frame.of(packet)));
                send(sender, withShortLinearPart(Frame.of(Frame.Packet.udp(NET.client, 1, NET.shared, 54))));
                awaitCount(1, count);
                assertTrue(Steering.detach(libc, IN, "in0"));
                send(sender, withShortLinearPart(Frame.of(packet)));
                awaitCount(2, count);
            }
            return null;
        });
    }

    /** struct virtio_net_hdr and a frame larger than a page, of which only the Ethernet header shall be linear. */
    private static byte[] withShortLinearPart(Frame frame) {
        byte[] packet = new byte[10 + 6_000];
        packet[2] = 14; // hdr_len
        System.arraycopy(frame.bytes(6_000), 0, packet, 10, 6_000);
        return packet;
    }

    private void inNamespace(Callable<Void> body) throws Exception {
        try (TestNamespace namespace = TestNamespace.create()) {
            namespace.ip("link add name in0 index " + IN + " mtu 9000 type veth peer name out0 index " + OUT);
            namespace.ip("link set in0 up");
            namespace.ip("link set out0 mtu 9000 up");
            namespace.call(body);
        }
    }

    @Test
    void anOlderKernelIsNamedInOneSentence() {
        Libc older = (Libc) Proxy.newProxyInstance(
                Libc.class.getClassLoader(),
                new Class<?>[] {Libc.class},
                (proxy, method, arguments) -> method.getName().equals("bpf") && (int) arguments[0] == BpfAttr.PROG_QUERY
                        ? -Errno.EINVAL
                        : method.invoke(libc, arguments));
        try (Steering steering = Steering.load(older, SteeringHook.TCX, 4, 1)) {
            assertEquals(
                    "interface " + name + ": this kernel has no tcx hook, run Linux 6.6 or newer, or choose the engine"
                            + " xdp",
                    assertThrows(AttachException.class, () -> steering.attach(ifindex, name))
                            .getMessage());
        }
        assertFalse(Steering.detach(older, ifindex, name));
        assertTrue(Steering.find(older, ifindex, name).isEmpty());
    }

    @Test
    void anInterfaceThatIsNotThereIsAnError() {
        SysException e = assertThrows(SysException.class, () -> Steering.detach(libc, 0x7ffffff0, "none"));
        assertEquals(Errno.ENODEV, e.errno());
    }

    @Test
    void noQueueIsBoundHere() {
        try (Steering steering = load()) {
            assertThrows(IllegalStateException.class, () -> steering.bindQueue(0, 1));
        }
    }

    private Steering load() {
        Steering steering = Steering.load(libc, SteeringHook.TCX, 4, 1);
        steering.putAddress(address(NET.vip), Steering.OWN_ALL, 0, 0);
        return steering;
    }

    private Steering.Found found() {
        return Steering.find(libc, ifindex, name).get(0);
    }

    private BpfMap countMap() {
        return new MapSpec(COUNT, MapType.ARRAY, 4, 8, 1).create(libc);
    }

    /**
     * Counts frames of IPv4, and those of two tags, of which the inner one is still there; then goes on. What the kernel
     * itself sends over an interface so new is IPv6.
     */
    private static ProgramSpec counter() {
        Assembler asm = new Assembler();
        asm.load(Width.W, R2, R1, 16); // protocol
        asm.jumpIf(Condition.EQ, R2, SteeringHeaders.networkOrder(0x0800), "count");
        asm.jumpIf(Condition.NE, R2, SteeringHeaders.networkOrder(0x8100), "next");
        asm.label("count");
        asm.store(Width.W, R10, -4, 0);
        asm.loadMap(R1, COUNT);
        asm.mov(R2, R10);
        asm.alu(Alu.ADD, R2, -4);
        asm.call(HelperCall.MAP_LOOKUP_ELEM);
        asm.jumpIf(Condition.EQ, R0, 0, "next");
        asm.mov(R1, 1);
        asm.atomicAdd(Width.DW, R0, 0, R1);
        asm.label("next");
        asm.mov(R0, TcxAction.NEXT);
        asm.exit();
        return new ProgramSpec("someone_else", ProgramType.SCHED_CLS, asm.assemble());
    }

    /** Frames arrive in the order in which they are sent: what was sent before and not counted will not be. */
    private static void awaitCount(long expected, BpfMap count) {
        UnsafeBuffer value = new UnsafeBuffer(new byte[8]);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        do {
            assertTrue(count.lookup(new UnsafeBuffer(new byte[4]), value));
            Thread.onSpinWait();
        } while (value.getLong(0) < expected && System.nanoTime() - deadlineNs < 0);
        assertEquals(expected, value.getLong(0), "frames that came to the program behind ours");
    }

    private Fd packetSocket() {
        return Fd.own(libc, libc.socket(AF_PACKET, SOCK_RAW, 0), "socket(AF_PACKET)");
    }

    private void send(Fd sender, byte[] bytes) {
        UnsafeBuffer packet = BpfAttr.offHeap(bytes.length);
        packet.putBytes(0, bytes);
        UnsafeBuffer target = BpfAttr.offHeap(20); // struct sockaddr_ll
        target.putShort(0, (short) AF_PACKET);
        target.putInt(4, OUT);
        SysException.check(
                libc.sendto(sender.number(), packet.addressOffset(), bytes.length, 0, target.addressOffset(), 20),
                "sendto(out0)");
    }
}
