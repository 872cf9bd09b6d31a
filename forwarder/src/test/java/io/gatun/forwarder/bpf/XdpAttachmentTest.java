package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On interfaces without addresses, down, and of our own making. */
@Root.Needed
class XdpAttachmentTest {
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
    void attachesNativelyAndStaysWhenClosed() {
        int id;
        try (Steering steering = Steering.load(libc, SteeringHook.XDP, 4, 1)) {
            id = steering.program().id();
            assertEquals(new Steering.Attached(SteeringHook.XDP, "native", 0, ""), steering.attach(ifindex, name));
        }
        Steering.Found found = Steering.find(libc, ifindex, name).get(0);
        assertEquals(id, found.programId());
        assertEquals("gatun_steer", found.name());
        assertEquals("native", found.mode());
    }

    @Test
    void outlivesTheProcessAndIsReplacedByTheNext() {
        int left = Integer.parseInt(Links.java(List.of(), AttachAndExit.class, "XDP", name, "" + ifindex)
                .strip());
        assertEquals(left, Steering.find(libc, ifindex, name).get(0).programId());
        try (Steering next = Steering.load(libc, SteeringHook.XDP, 4, 1)) {
            assertEquals(new Steering.Attached(SteeringHook.XDP, "native", left, ""), next.attach(ifindex, name));
            assertEquals(
                    next.program().id(),
                    Steering.find(libc, ifindex, name).get(0).programId());
        }
    }

    @Test
    void fallsBackToGenericWithTheKernelsReasonAndReplacesThat() {
        String bridge = name + "b";
        Links.ip("link add " + bridge + " type bridge");
        try (Steering first = Steering.load(libc, SteeringHook.XDP, 4, 1);
                Steering second = Steering.load(libc, SteeringHook.XDP, 4, 1)) {
            Steering.Attached attached = first.attach(Links.ifindex(bridge), bridge);
            assertEquals("generic", attached.mode());
            assertTrue(attached.reason().contains("native mode"), attached.reason());
            attached = second.attach(Links.ifindex(bridge), bridge);
            assertEquals("generic", attached.mode());
            assertEquals(first.program().id(), attached.replacedId());
            assertTrue(Steering.detach(libc, Links.ifindex(bridge), bridge));
        } finally {
            Links.ip("link delete " + bridge);
        }
    }

    @Test
    void refusesAForeignProgramAndLeavesItAlone() {
        XdpAttachment foreignHook = new XdpAttachment(libc, ifindex, name, "someone", ProgramRecord.none());
        try (BpfProgram foreign =
                        BpfProgramTest.returning("someone_else", XdpAction.PASS).load(libc, Map.of());
                Steering steering = Steering.load(libc, SteeringHook.XDP, 4, 1)) {
            foreignHook.attach(foreign);
            String expected = "interface " + name + " carries the XDP program 'someone_else' (id " + foreign.id()
                    + ") that is not Gatun's, remove it with 'ip link set dev " + name
                    + " xdp off' or choose another interface";
            assertEquals(
                    expected,
                    assertThrows(AttachException.class, () -> steering.attach(ifindex, name))
                            .getMessage());
            assertEquals(
                    expected,
                    assertThrows(AttachException.class, () -> Steering.detach(libc, ifindex, name))
                            .getMessage());
            assertTrue(Steering.find(libc, ifindex, name).isEmpty());
            assertEquals(foreign.id(), foreignHook.current().orElseThrow().programId());
        }
    }

    @Test
    void detachRemovesOursOnce() {
        assertFalse(Steering.detach(libc, ifindex, name));
        try (Steering steering = Steering.load(libc, SteeringHook.XDP, 4, 1)) {
            steering.attach(ifindex, name);
            assertTrue(Steering.detach(libc, ifindex, name));
            assertTrue(Steering.find(libc, ifindex, name).isEmpty());
            assertFalse(Steering.detach(libc, ifindex, name));
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsAnError() {
        SysException e = assertThrows(SysException.class, () -> Steering.detach(libc, 0x7ffffff0, "none"));
        assertEquals(Errno.ENODEV, e.errno());
    }
}
