package io.gatun.forwarder.xsk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.bpf.SteeringHook;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.frame.PortPeer;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.PacketSocket;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An AF_XDP socket on one end of a veth pair, a packet socket on the other. */
@LabTest
class XskPortTest {
    private final Libc libc = Libc.system();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Set<Integer> descriptorsBefore = Fd.open().keySet();

    private Host server;
    private LinkEvent link;
    private PortPeer peer;

    @BeforeEach
    void wire(Lab lab) throws Exception {
        server = lab.bare("server");
        Host client = lab.bare("client");
        lab.wire(client, LinkSpec.of(PortPeer.CLIENT + "/24"), server, LinkSpec.of("192.168.80.5/24"));
        LinkEvent clientLink = client.call(() -> link("eth0"));
        link = server.call(() -> link("eth0"));
        PacketSocket socket = client.call(() -> PacketSocket.open(libc, clientLink.index(), PacketSocket.ETH_P_IP));
        peer = own(new PortPeer(socket, clientLink.mac(), link.mac()));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        CloseHelper.closeAll(opened);
        assertEquals(descriptorsBefore, Fd.open().keySet(), () -> Fd.open().toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receivesWhatIsSteeredAndTransmitsInOrder(boolean busyPoll) throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500));
        port.busyPoll(busyPoll ? 64 : 0);
        List<WireFrame> requests = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            requests.add(peer.datagram(i).wire());
        }

        List<WireFrame> seen = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += 50) {
            requests.subList(from, from + 50).forEach(peer::send);
            seen.addAll(peer.echo(port, 50));
        }

        assertEquals(requests, seen);
        assertEquals(requests.stream().map(peer::turned).toList(), peer.receive(requests.size()));
        assertEquals(8_192, port.accounted());
        assertEquals(0, port.transmitOverruns());
        assertFalse(port.isZeroCopy());
        assertEquals(0, port.queue());
    }

    @Test
    void framesOfAnyLengthComeWhole() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500));
        for (int length : new int[] {0, 1, 18, 1_000, 1_472}) {
            WireFrame request = peer.datagram(length).wire();
            peer.send(request);

            assertEquals(List.of(request), peer.echo(port, 1));
            assertEquals(List.of(peer.turned(request)), peer.receive(1));
        }
    }

    @Test
    void framesAreConservedWhenMoreComesThanFits() throws Exception {
        XskPort port = openSteered(new XskSpec("eth0", link.index(), 0, 64, 2_048, 16));
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                peer.send(peer.datagram(i).wire());
            }
            int echoed = 0;
            for (int n; (n = cycle(port)) > 0; ) {
                echoed += n;
            }
            assertTrue(echoed >= 16, () -> "a ring of 16 kept less than that");
            assertEquals(64, port.accounted());
        }
    }

    @Test
    void heldFramesAreSentOrTakenBack() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500));
        peer.send(peer.datagram(1).wire());
        peer.send(peer.datagram(2).wire());
        List<Integer> offsets = new ArrayList<>();
        while (offsets.size() < 2) {
            peer.awaitFrames(port);
            FrameBatch batch = peer.batch();
            for (int n = 0; n < batch.size(); n++) {
                offsets.add(batch.offset(n));
                peer.turn(port, n);
                batch.hold(n);
            }
            port.complete(batch);
            batch.clear();
        }
        assertEquals(8_192, port.accounted());

        port.transmitHeld(offsets.get(0), peer.datagram(1).wire().length(), Offload.NONE);
        port.releaseHeld(offsets.get(1));

        assertEquals(List.of(peer.turned(peer.datagram(1).wire())), peer.receive(1));
        assertEquals(8_192, port.accounted());
    }

    @Test
    void whatIsNotSteeredIsTheHosts() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500));
        PacketSocket host = own(server.call(() -> PacketSocket.open(libc, link.index(), PacketSocket.ETH_P_IP)));
        WireFrame other = peer.datagram(5).to("192.168.80.5", 53).wire();
        peer.send(other);

        assertTrue(host.await(5_000));
        assertEquals(other, peer.take(host));
        assertFalse(port.await(0));
    }

    @Test
    void aLinkThatWasDownIsHeardAgain() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500));
        peer.send(peer.datagram(1).wire());
        peer.awaitFrames(port);
        server.link("eth0").down();
        peer.transmitAll(port);
        peer.requireQuiet(port);
        server.link("eth0").up();

        // The kernel notices carrier a moment after a link is up, and drops until then.
        for (int tries = 0; tries < 100 && !port.await(50); tries++) {
            peer.trySend(peer.datagram(2).wire());
        }
        assertEquals(List.of(peer.datagram(2).wire()), peer.echo(port, 1).subList(0, 1));
        assertEquals(peer.turned(peer.datagram(2).wire()), peer.receive(2).getLast());
        assertEquals(8_192, port.accounted());
    }

    @Test
    void aLinkThatIsGoneIsQuiet() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500));
        peer.send(peer.datagram(1).wire());
        peer.awaitFrames(port);
        server.exec("ip", "link", "del", "eth0");

        peer.transmitAll(port);
        peer.requireQuiet(port);
        assertEquals(8_192, port.accounted());
    }

    @Test
    void aQueueHasOneOwner() throws Exception {
        XskSpec spec = XskSpec.forMtu("eth0", link.index(), 0, 1_500);
        XskPort first = own(server.call(() -> XskPort.open(libc, spec)));
        long mappings = socketMappings();
        Set<Integer> descriptors = Fd.open().keySet();

        SysException e = assertThrows(SysException.class, () -> server.call(() -> XskPort.open(libc, spec)));

        assertEquals(Errno.EBUSY, e.errno());
        assertEquals("bind(AF_XDP, eth0 queue 0): EBUSY (device or resource busy)", e.getMessage());
        assertEquals(descriptors, Fd.open().keySet());
        assertEquals(mappings, socketMappings(), "mappings of rings of the socket that failed");

        first.close();
        own(server.call(() -> XskPort.open(libc, spec)));
    }

    @Test
    void closingGivesEverythingBackOnce() throws Exception {
        long mappings = socketMappings();
        Set<Integer> descriptors = Fd.open().keySet();
        XskPort port = server.call(() -> XskPort.open(libc, XskSpec.forMtu("eth0", link.index(), 0, 1_500)));
        assertEquals(mappings + 4, socketMappings());

        port.close();
        port.close();

        assertEquals(descriptors, Fd.open().keySet());
        assertEquals(mappings, socketMappings());
    }

    @Test
    void aQueueThatIsNotThereIsNamed() {
        SysException e = assertThrows(
                SysException.class,
                () -> server.call(() -> XskPort.open(libc, XskSpec.forMtu("eth0", link.index(), 7, 1_500))));

        assertTrue(e.getMessage().startsWith("bind(AF_XDP, eth0 queue 7): EINVAL"), e.getMessage());
    }

    private XskPort openSteered(XskSpec spec) throws Exception {
        return server.call(() -> {
            Steering steering = own(Steering.load(libc, SteeringHook.XDP, 16, 1));
            XskPort port = own(XskPort.open(libc, spec));
            steering.putAddress((Inet4Address) InetAddress.getByName(PortPeer.VIP), Steering.OWN_ALL, 0, 0);
            steering.bindQueue(0, port.descriptor());
            steering.attach(link.index(), link.name());
            return port;
        });
    }

    private int cycle(XskPort port) {
        int received = port.receive(peer.batch());
        peer.transmitAll(port);
        return received;
    }

    private LinkEvent link(String name) {
        try (NetworkState network = NetworkState.open(libc)) {
            return network.link(name).orElseThrow();
        }
    }

    /** Mapped rings; an unmapped but referenced socket would keep its queue. */
    private static long socketMappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("socket:[")).count();
        }
    }

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }
}
