package io.gatun.forwarder.xsk;

import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.bpf.SteeringHook;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final String CLIENT = "192.168.80.10";
    private static final String VIP = "192.168.80.200";
    private static final int WAIT_MS = 5_000;

    private final Libc libc = Libc.system();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final FrameBatch batch = new FrameBatch();
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final ByteBuffer scratch = Memory.allocate(2_048);
    private final Set<Integer> descriptorsBefore = Fd.open().keySet();

    private Host server;
    private LinkEvent link;
    private long peerMac;
    private PacketSocket peer;

    @BeforeEach
    void wire(Lab lab) throws Exception {
        server = lab.bare("server");
        Host client = lab.bare("client");
        lab.wire(client, LinkSpec.of(CLIENT + "/24"), server, LinkSpec.of("192.168.80.5/24"));
        LinkEvent clientLink = client.call(() -> link("eth0"));
        peerMac = clientLink.mac();
        link = server.call(() -> link("eth0"));
        peer = own(client.call(() -> PacketSocket.open(libc, clientLink.index(), PacketSocket.ETH_P_IP)));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        CloseHelper.closeAll(opened);
        assertEquals(descriptorsBefore, Fd.open().keySet(), () -> Fd.open().toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receivesWhatIsSteeredAndTransmitsInOrder(boolean busyPoll) throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500, busyPoll));
        List<WireFrame> requests = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            requests.add(datagram(i).wire());
        }

        List<WireFrame> seen = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += 50) {
            requests.subList(from, from + 50).forEach(this::send);
            seen.addAll(echo(port, 50));
        }

        assertEquals(requests, seen);
        assertEquals(requests.stream().map(this::turned).toList(), receive(requests.size()));
        assertEquals(8_192, port.accounted());
        assertEquals(0, port.transmitOverruns());
        assertFalse(port.isZeroCopy());
        assertEquals(0, port.queue());
    }

    @Test
    void framesOfAnyLengthComeWhole() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500, /* busyPoll= */ false));
        for (int length : new int[] {0, 1, 18, 1_000, 1_472}) {
            WireFrame request = datagram(length).wire();
            send(request);

            assertEquals(List.of(request), echo(port, 1));
            assertEquals(List.of(turned(request)), receive(1));
        }
    }

    @Test
    void framesAreConservedWhenMoreComesThanFits() throws Exception {
        XskPort port = openSteered(new XskSpec("eth0", link.index(), 0, 64, 2_048, 16, /* busyPoll= */ false));
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                send(datagram(i).wire());
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
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500, /* busyPoll= */ false));
        send(datagram(1).wire());
        send(datagram(2).wire());
        List<Integer> offsets = new ArrayList<>();
        while (offsets.size() < 2) {
            awaitFrames(port);
            for (int n = 0; n < batch.size(); n++) {
                offsets.add(batch.offset(n));
                turn(port, n);
                batch.hold(n);
            }
            port.complete(batch);
            batch.clear();
        }
        assertEquals(8_192, port.accounted());

        port.transmitHeld(offsets.get(0), datagram(1).wire().length(), Offload.NONE);
        port.releaseHeld(offsets.get(1));

        assertEquals(List.of(turned(datagram(1).wire())), receive(1));
        assertEquals(8_192, port.accounted());
    }

    @Test
    void whatIsNotSteeredIsTheHosts() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500, /* busyPoll= */ false));
        PacketSocket host = own(server.call(() -> PacketSocket.open(libc, link.index(), PacketSocket.ETH_P_IP)));
        WireFrame other = datagram(5).to("192.168.80.5", 53).wire();
        send(other);

        assertTrue(host.await(WAIT_MS));
        assertEquals(other, take(host));
        assertFalse(port.await(0));
    }

    @Test
    void aLinkThatWasDownIsHeardAgain() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500, /* busyPoll= */ false));
        send(datagram(1).wire());
        awaitFrames(port);
        server.link("eth0").down();
        transmitAll(port);
        quiet(port);
        server.link("eth0").up();

        // The kernel notices carrier a moment after a link is up, and drops until then.
        for (int tries = 0; tries < 100 && !port.await(50); tries++) {
            scratch.clear().put(datagram(2).wire().bytes());
            peer.send(scratch, 0, datagram(2).wire().length());
        }
        assertEquals(List.of(datagram(2).wire()), echo(port, 1).subList(0, 1));
        assertEquals(turned(datagram(2).wire()), receive(2).getLast());
        assertEquals(8_192, port.accounted());
    }

    @Test
    void aLinkThatIsGoneIsQuiet() throws Exception {
        XskPort port = openSteered(XskSpec.forMtu("eth0", link.index(), 0, 1_500, /* busyPoll= */ false));
        send(datagram(1).wire());
        awaitFrames(port);
        server.exec("ip", "link", "del", "eth0");

        transmitAll(port);
        quiet(port);
        assertEquals(8_192, port.accounted());
    }

    /** Neither throws nor returns at once without end. */
    private void quiet(XskPort port) {
        int turns = 0;
        for (long end = System.nanoTime() + 200_000_000L; System.nanoTime() - end < 0; turns++) {
            port.await(20);
            assertEquals(0, port.receive(batch));
        }
        assertTrue(turns <= 12, "await returned " + turns + " times in 200 ms");
    }

    @Test
    void aQueueHasOneOwner() throws Exception {
        XskSpec spec = XskSpec.forMtu("eth0", link.index(), 0, 1_500, /* busyPoll= */ false);
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
        XskPort port = server.call(
                () -> XskPort.open(libc, XskSpec.forMtu("eth0", link.index(), 0, 1_500, /* busyPoll= */ false)));
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
                () -> server.call(() ->
                        XskPort.open(libc, XskSpec.forMtu("eth0", link.index(), 7, 1_500, /* busyPoll= */ false))));

        assertTrue(e.getMessage().startsWith("bind(AF_XDP, eth0 queue 7): EINVAL"), e.getMessage());
    }

    private XskPort openSteered(XskSpec spec) throws Exception {
        return server.call(() -> {
            Steering steering = own(Steering.load(libc, SteeringHook.XDP, 16, 1));
            XskPort port = own(XskPort.open(libc, spec));
            steering.putAddress((Inet4Address) InetAddress.getByName(VIP), Steering.OWN_ALL, 0, 0);
            steering.bindQueue(0, port.descriptor());
            steering.attach(link.index(), link.name());
            return port;
        });
    }

    /** Cycles until so many frames were received; each goes back to where it came from. */
    private List<WireFrame> echo(XskPort port, int frames) {
        List<WireFrame> seen = new ArrayList<>();
        while (seen.size() < frames) {
            awaitFrames(port);
            for (int i = 0; i < batch.size(); i++) {
                byte[] bytes = new byte[batch.length(i)];
                port.memory().getBytes(batch.offset(i), bytes);
                seen.add(new WireFrame(bytes));
            }
            transmitAll(port);
        }
        return seen;
    }

    private int cycle(XskPort port) {
        int received = port.receive(batch);
        transmitAll(port);
        return received;
    }

    private void transmitAll(XskPort port) {
        for (int i = 0; i < batch.size(); i++) {
            turn(port, i);
            batch.transmit(i, batch.length(i));
        }
        port.complete(batch);
        batch.clear();
    }

    /** Busy polling drives the device from receive itself, so that asking once more is the wait. */
    private void awaitFrames(XskPort port) {
        long deadline = System.nanoTime() + WAIT_MS * 1_000_000L;
        while (port.receive(batch) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "no frame within " + WAIT_MS + " ms");
            port.await(10);
        }
    }

    private void turn(XskPort port, int i) {
        ethernet.wrap(port.memory(), batch.offset(i)).addresses(/* destination= */ peerMac, /* source= */ link.mac());
    }

    private WireFrame turned(WireFrame frame) {
        byte[] bytes = frame.bytes();
        byte[] destination = Arrays.copyOfRange(bytes, 0, 6);
        System.arraycopy(bytes, 6, bytes, 0, 6);
        System.arraycopy(destination, 0, bytes, 6, 6);
        return new WireFrame(bytes);
    }

    private Packet datagram(int length) {
        return udp(CLIENT, 5_000, VIP, 53).payload(payload(length)).macs(link.mac(), peerMac);
    }

    private void send(WireFrame frame) {
        scratch.clear().put(frame.bytes());
        assertEquals(frame.length(), peer.send(scratch, 0, frame.length()));
    }

    private List<WireFrame> receive(int frames) {
        List<WireFrame> received = new ArrayList<>();
        while (received.size() < frames) {
            assertTrue(peer.await(WAIT_MS), () -> received.size() + " of " + frames + " frames came");
            received.add(take(peer));
        }
        return received;
    }

    private WireFrame take(PacketSocket socket) {
        int length = socket.receive(scratch);
        assertTrue(length > 0, () -> "receive: " + length);
        byte[] bytes = new byte[length];
        scratch.get(0, bytes);
        return new WireFrame(bytes);
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
