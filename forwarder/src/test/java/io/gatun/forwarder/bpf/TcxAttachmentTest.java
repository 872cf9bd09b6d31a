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
import java.net.NetworkInterface;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tcx ingress hook of a veth interface; what is told by frames goes over it, in a namespace of its own. */
@Root.Needed
class TcxAttachmentTest {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
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
            assertTrue(Steering.detach(libc, SteeringHook.XDP, ifindex, name));
            assertEquals(SteeringHook.TCX, found().hook());
            assertTrue(Steering.detach(libc, SteeringHook.TCX, ifindex, name));
        }
    }

    @Test
    void aForeignXdpProgramDoesNotKeepOursAtTcx() {
        XdpAttachment foreignHook = new XdpAttachment(libc, ifindex, name, "someone");
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
        try (TestNamespace namespace = TestNamespace.create()) {
            namespace.ip("link add in0 type veth peer name out0");
            namespace.ip("link set in0 up");
            namespace.ip("link set out0 up");
            namespace.call(() -> {
                foreignGoesOn(
                        NetworkInterface.getByName("in0").getIndex(),
                        NetworkInterface.getByName("out0").getIndex());
                return null;
            });
        }
    }

    /** The foreign program counts what comes to it; the kernel itself sends IPv6 only over an interface so new. */
    private void foreignGoesOn(int in, int out) {
        TcxAttachment foreignHook = new TcxAttachment(libc, in, "in0", "someone");
        try (BpfMap count = new MapSpec("someone_count", MapType.ARRAY, 4, 8, 1).create(libc);
                BpfProgram foreign = counter().load(libc, Map.of("someone_count", count));
                Steering first = load();
                Steering second = load();
                Fd sender = Fd.own(libc, libc.socket(AF_PACKET, SOCK_RAW, 0), "socket(AF_PACKET)")) {
            foreignHook.attach(foreign);
            assertEquals(0, first.attach(in, "in0").replacedId());
            assertEquals(first.program().id(), second.attach(in, "in0").replacedId());
            send(sender, out, Frame.of(Frame.Packet.udp(NET.client, 1, NET.vip, 53)));
            assertEquals(0, counted(count), "a frame for a VIP came to the program behind ours");
            send(sender, out, Frame.of(Frame.Packet.udp(NET.client, 1, NET.unknown, 53)));
            assertEquals(1, counted(count), "another frame did not come to the program behind ours");
            send(
                    sender,
                    out,
                    Frame.of(Frame.Packet.udp(NET.client, 1, NET.vip, 53)).tagged(0x8100));
            assertEquals(1, counted(count), "a tagged frame for a VIP came to the program behind ours");
            send(
                    sender,
                    out,
                    Frame.of(Frame.Packet.udp(NET.client, 1, NET.vip, 53))
                            .tagged(0x88a8)
                            .tagged(0x8100));
            assertEquals(2, counted(count), "a frame with two tags did not come to the program behind ours");
            assertTrue(Steering.detach(libc, in, "in0"));
            assertEquals(foreign.id(), foreignHook.current().orElseThrow().programId());
            send(sender, out, Frame.of(Frame.Packet.udp(NET.client, 1, NET.vip, 53)));
            assertEquals(3, counted(count), "the foreign program stopped when ours was removed");
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

    /** Counts frames of IPv4, and of two tags, of which the inner one is still there; then goes on. */
    private static ProgramSpec counter() {
        Assembler asm = new Assembler();
        asm.load(Width.W, R2, R1, 16); // protocol
        asm.jumpIf(Condition.EQ, R2, SteeringHeaders.networkOrder(0x0800), "count");
        asm.jumpIf(Condition.NE, R2, SteeringHeaders.networkOrder(0x8100), "next");
        asm.label("count");
        asm.store(Width.W, R10, -4, 0);
        asm.loadMap(R1, "someone_count");
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

    private static long counted(BpfMap count) {
        UnsafeBuffer value = new UnsafeBuffer(new byte[8]);
        assertTrue(count.lookup(new UnsafeBuffer(new byte[4]), value));
        return value.getLong(0);
    }

    /** Over veth, a frame is through the peer's ingress when the call returns or a softirq later. */
    private void send(Fd sender, int out, Frame frame) {
        byte[] bytes = frame.bytes(80);
        UnsafeBuffer packet = BpfAttr.offHeap(bytes.length);
        packet.putBytes(0, bytes);
        UnsafeBuffer target = BpfAttr.offHeap(20); // struct sockaddr_ll
        target.putShort(0, (short) AF_PACKET);
        target.putInt(4, out);
        SysException.check(
                libc.sendto(sender.number(), packet.addressOffset(), bytes.length, 0, target.addressOffset(), 20),
                "sendto(out0)");
    }
}
