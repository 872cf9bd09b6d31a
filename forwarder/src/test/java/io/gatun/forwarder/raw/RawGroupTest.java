package io.gatun.forwarder.raw;

import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.PacketSocket;
import io.gatun.forwarder.sys.SysException;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several ports of one interface share its frames. */
@LabTest
class RawGroupTest {
    private static final int FLOWS = 32;
    private static final int FRAMES_OF_FLOW = 8;

    /** Lets UDP pass; the kernel's own IPv6 chatter stays outside. */
    private static final SocketFilter UDP = SocketFilter.classic(
            0x30,
            0,
            0,
            23, // ldb [23]
            0x15,
            0,
            1,
            17, // jeq UDP
            0x06,
            0,
            0,
            0x7FFF_FFFF, // ret all
            0x06,
            0,
            0,
            0); // ret none

    private final Libc libc = Libc.system();
    private final FrameBatch batch = new FrameBatch();
    private final Set<Integer> descriptorsBefore = Fd.open().keySet();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Host server;
    private Host client;
    private PacketSocket peer;

    @BeforeEach
    void wire(Lab lab) throws Exception {
        server = lab.bare("server");
        client = lab.bare("client");
        lab.wire(
                client,
                LinkSpec.of("192.168.80.10/24").withQueues(2),
                server,
                LinkSpec.of("192.168.80.5/24").withQueues(2));
        int index = client.link("eth0").index();
        peer = client.call(() -> PacketSocket.open(libc, index, PacketSocket.ETH_P_ARP));
        opened.add(peer);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        CloseHelper.closeAll(opened);
        assertEquals(descriptorsBefore, Fd.open().keySet(), () -> Fd.open().toString());
    }

    /** With two queues the ports go by queue, with another number by hash. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eachFrameReachesOnePortAndEachFlowTheSame(int queues) throws Exception {
        List<RawPort> ports = open(2, queues);
        sendAll();

        Map<Integer, Integer> portOfFlow = new HashMap<>();
        int[] received = new int[2];
        for (int p = 0; p < 2; p++) {
            while (ports.get(p).await(100)) {
                received[p] += ports.get(p).receive(batch);
                for (int i = 0; i < batch.size(); i++) {
                    int flow = ports.get(p).memory().getShort(batch.offset(i) + 34, ByteOrder.BIG_ENDIAN);
                    int before = portOfFlow.getOrDefault(flow, p);
                    assertEquals(before, p, "flow " + flow + " reached two ports");
                    portOfFlow.put(flow, p);
                }
                ports.get(p).complete(batch);
                batch.clear();
            }
        }
        assertEquals(FLOWS * FRAMES_OF_FLOW, received[0] + received[1]);
        if (queues == 1) {
            assertTrue(received[0] > 0 && received[1] > 0, received[0] + " and " + received[1]);
        }
        ports.forEach(port -> assertEquals(512, port.accounted()));
    }

    @Test
    void groupsOfTheSameNamespaceDoNotCollide() throws Exception {
        List<RawPort> first = open(2, 1);
        List<RawPort> second = open(3, 1);
        sendAll();

        assertEquals(FLOWS * FRAMES_OF_FLOW, count(first));
        assertEquals(FLOWS * FRAMES_OF_FLOW, count(second));
    }

    @Test
    void aGroupThatCannotBeMadeLeavesNothing() {
        Set<Integer> descriptors = Fd.open().keySet();
        RawSpec spec = RawSpec.of("eth0", server.link("eth0").index(), SocketFilter.program(0));

        assertThrows(SysException.class, () -> server.call(() -> RawPort.openGroup(libc, spec, 2, 1)));
        assertEquals(descriptors, Fd.open().keySet());
    }

    private List<RawPort> open(int ports, int queues) throws Exception {
        RawSpec spec = RawSpec.of("eth0", server.link("eth0").index(), UDP);
        List<RawPort> group = server.call(() -> RawPort.openGroup(libc, spec, ports, queues));
        opened.addAll(group);
        return group;
    }

    private int count(List<RawPort> ports) {
        int received = 0;
        for (RawPort port : ports) {
            while (port.await(100)) {
                received += port.receive(batch);
                port.complete(batch);
                batch.clear();
            }
        }
        return received;
    }

    private void sendAll() {
        ByteBuffer scratch = Memory.allocate(2_048);
        for (int n = 0; n < FLOWS * FRAMES_OF_FLOW; n++) {
            WireFrame frame = udp("192.168.80.10", 5_000 + n % FLOWS, "192.168.80.200", 53)
                    .payload(payload(20))
                    .wire();
            scratch.clear().put(frame.bytes());
            assertEquals(frame.length(), peer.send(scratch, 0, frame.length()));
        }
    }
}
