package io.gatun.forwarder.raw;

import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.nio.ByteBuffer;
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

/** A raw port on one end of a veth pair, a packet socket on the other. */
@LabTest
class RawPortTest {
    private static final String CLIENT = "192.168.80.10";
    private static final String VIP = "192.168.80.200";
    private static final int WAIT_MS = 5_000;
    private static final long MAC = 0x0267_0000_0005L;
    private static final long PEER_MAC = 0x0267_0000_000AL;
    private static final int FRAMES = 512;

    /** Lets IPv4 frames to 192.168.80.200 pass. */
    private static final SocketFilter TO_VIP = SocketFilter.classic(
            0x28,
            0,
            0,
            12, // ldh [12]
            0x15,
            0,
            3,
            0x0800, // jeq IPv4
            0x20,
            0,
            0,
            30, // ld [30]
            0x15,
            0,
            1,
            0xC0A8_50C8, // jeq 192.168.80.200
            0x06,
            0,
            0,
            0x7FFF_FFFF, // ret all
            0x06,
            0,
            0,
            0); // ret none

    private final Libc libc = Libc.system();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final FrameBatch batch = new FrameBatch();
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final ByteBuffer scratch = Memory.allocate(2_048);
    private final Set<Integer> descriptorsBefore = Fd.open().keySet();

    private Host server;
    private Host client;
    private PacketSocket peer;

    @BeforeEach
    void wire(Lab lab) throws Exception {
        server = lab.bare("server");
        client = lab.bare("client");
        lab.wire(client, LinkSpec.of(CLIENT + "/24"), server, LinkSpec.of("192.168.80.5/24"));
        int index = client.link("eth0").index();
        peer = own(client.call(() -> PacketSocket.open(libc, index, PacketSocket.ETH_P_IP)));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        CloseHelper.closeAll(opened);
        assertEquals(descriptorsBefore, Fd.open().keySet(), () -> Fd.open().toString());
    }

    @Test
    void receivesWhatTheFilterWantsAndTransmitsInOrder() throws Exception {
        RawPort port = open();
        List<WireFrame> requests = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            requests.add(datagram(i).wire());
            send(datagram(i).to("192.168.80.5", 53).wire());
            send(requests.getLast());
        }

        assertEquals(requests, echo(port, 150));
        assertEquals(requests.stream().map(this::turned).toList(), receive(150));
        assertEquals(FRAMES, port.accounted());
        assertEquals(0, port.transmitOverruns());
        assertEquals(0, port.receiveOverruns());
        assertEquals(0, port.unreadable());
    }

    @Test
    void ownFramesAreNotReceived() throws Exception {
        RawPort port = open();
        send(datagram(1).wire());
        echo(port, 1);
        receive(1);

        assertFalse(port.await(50));
        assertEquals(0, port.receive(batch));
    }

    @Test
    void framesAreConservedAndLossIsCounted() throws Exception {
        RawPort port = own(server.call(() -> RawPort.open(
                libc, new RawSpec("eth0", server.link("eth0").index(), 128, ChunkPool.CHUNK_BYTES, TO_VIP))));
        int sent = 0;
        int echoed = 0;
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 300; i++, sent++) {
                send(datagram(18).wire());
            }
            while (port.await(50)) {
                echoed += port.receive(batch);
                transmitAll(port);
            }
            assertEquals(128, port.accounted());
        }
        assertTrue(port.receiveOverruns() > 0, "66 kB had room for 300 frames");
        assertEquals(sent, echoed + port.receiveOverruns());
    }

    @Test
    void heldFramesKeepTheirMemoryWhileOthersPass() throws Exception {
        RawPort port = open();
        send(datagram(1).wire());
        awaitFrames(port);
        int offset = batch.offset(0);
        turn(port, 0);
        batch.hold(0);
        port.complete(batch);
        batch.clear();
        for (int i = 0; i < FRAMES + 10; i++) {
            send(datagram(200).wire());
            echo(port, 1);
            receive(1);
        }
        assertEquals(FRAMES, port.accounted());

        port.transmitHeld(offset, datagram(1).wire().length(), Offload.NONE);
        assertEquals(List.of(turned(datagram(1).wire())), receive(1));
        assertEquals(FRAMES, port.accounted());
    }

    @Test
    void aFrameMayStartEarlier() throws Exception {
        RawPort port = open();
        WireFrame request = datagram(10).wire();
        send(request);
        awaitFrames(port);
        int offset = batch.offset(0) - port.headroom();
        port.memory().setMemory(offset, port.headroom(), (byte) 0);
        port.memory().putBytes(offset, turned(request).bytes());
        batch.transmit(0, offset, request.length());
        port.complete(batch);

        assertEquals(List.of(turned(request)), receive(1));
        assertEquals(FRAMES, port.accounted());
    }

    @Test
    void aVlanTagIsInTheFrame() throws Exception {
        RawPort port = open(SocketFilter.everything());
        byte[] plain = datagram(40).bytes();
        byte[] tagged = new byte[plain.length + 4];
        System.arraycopy(plain, 0, tagged, 0, 12);
        System.arraycopy(new byte[] {(byte) 0x81, 0, 0x20, 42}, 0, tagged, 12, 4);
        System.arraycopy(plain, 12, tagged, 16, plain.length - 12);
        send(new WireFrame(tagged));

        assertEquals(List.of(new WireFrame(tagged)), echo(port, 1));
        // The peer's kernel strips the tag again.
        assertEquals(List.of(turned(new WireFrame(plain))), receive(1));
    }

    @Test
    void aLinkThatWasDownIsHeardAgain() throws Exception {
        RawPort port = open();
        send(datagram(1).wire());
        awaitFrames(port);
        server.link("eth0").down();
        transmitAll(port);
        assertEquals(1, port.transmitOverruns());
        quiet(port);

        server.link("eth0").up();
        client.link("eth0").up();
        assertEquals(
                List.of(datagram(2).wire()), echoPersistently(port, datagram(2).wire()));
        assertEquals(FRAMES, port.accounted());
    }

    @Test
    void aLinkThatIsGoneIsQuiet() throws Exception {
        RawPort port = open();
        CrossPort cross =
                own(server.call(() -> CrossPort.open(libc, server.link("eth0").index())));
        send(datagram(1).wire());
        awaitFrames(port);
        server.exec("ip", "link", "del", "eth0");

        assertFalse(cross.send(port.memory(), batch.offset(0), batch.length(0), Offload.NONE));
        transmitAll(port);
        assertEquals(1, port.transmitOverruns());
        quiet(port);
        assertEquals(FRAMES, port.accounted());
    }

    @Test
    void closingGivesEverythingBackOnce() throws Exception {
        Set<Integer> descriptors = Fd.open().keySet();
        RawPort port = open();
        assertTrue(port.memory().byteBuffer().isDirect());
        port.close();
        port.close();
        assertEquals(descriptors, Fd.open().keySet());
    }

    @Test
    void aLinkThatIsNotThereIsNamed() {
        RawSpec spec = RawSpec.of("eth7", 4_711, TO_VIP);
        SysException e = assertThrows(SysException.class, () -> server.call(() -> RawPort.open(libc, spec)));

        assertEquals(Errno.ENODEV, e.errno());
        assertEquals("bind(AF_PACKET eth7 ifindex 4711): ENODEV (no such device)", e.getMessage());
    }

    /** Neither throws nor returns at once without end. */
    private void quiet(RawPort port) {
        int turns = 0;
        for (long end = System.nanoTime() + 200_000_000L; System.nanoTime() - end < 0; turns++) {
            port.await(20);
            assertEquals(0, port.receive(batch));
        }
        assertTrue(turns <= 12, "await returned " + turns + " times in 200 ms");
    }

    /** The kernel notices carrier a moment after a link is up, and drops until then. */
    private List<WireFrame> echoPersistently(RawPort port, WireFrame frame) {
        for (int tries = 0; tries < WAIT_MS / 50; tries++) {
            scratch.clear().put(frame.bytes());
            peer.send(scratch, 0, frame.length());
            if (port.await(50) && port.receive(batch) > 0) {
                List<WireFrame> seen = batchFrames(port);
                transmitAll(port);
                return seen;
            }
        }
        return List.of();
    }

    private RawPort open() throws Exception {
        return open(TO_VIP);
    }

    private RawPort open(SocketFilter filter) throws Exception {
        RawSpec spec = RawSpec.of("eth0", server.link("eth0").index(), filter);
        return own(server.call(() -> RawPort.open(libc, spec)));
    }

    private List<WireFrame> echo(RawPort port, int frames) {
        List<WireFrame> seen = new ArrayList<>();
        while (seen.size() < frames) {
            awaitFrames(port);
            seen.addAll(batchFrames(port));
            transmitAll(port);
        }
        return seen;
    }

    private List<WireFrame> batchFrames(RawPort port) {
        List<WireFrame> frames = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            byte[] bytes = new byte[batch.length(i)];
            port.memory().getBytes(batch.offset(i), bytes);
            frames.add(new WireFrame(bytes));
        }
        return frames;
    }

    private void transmitAll(RawPort port) {
        for (int i = 0; i < batch.size(); i++) {
            turn(port, i);
            batch.transmit(i, batch.length(i));
        }
        port.complete(batch);
        batch.clear();
    }

    private void awaitFrames(RawPort port) {
        assertTrue(port.await(WAIT_MS), "no frame within " + WAIT_MS + " ms");
        assertTrue(port.receive(batch) > 0);
    }

    private void turn(RawPort port, int i) {
        ethernet.wrap(port.memory(), batch.offset(i)).addresses(/* destination= */ PEER_MAC, /* source= */ MAC);
    }

    private WireFrame turned(WireFrame frame) {
        byte[] bytes = frame.bytes();
        byte[] destination = Arrays.copyOfRange(bytes, 0, 6);
        System.arraycopy(bytes, 6, bytes, 0, 6);
        System.arraycopy(destination, 0, bytes, 6, 6);
        return new WireFrame(bytes);
    }

    private Packet datagram(int length) {
        return udp(CLIENT, 5_000, VIP, 53).payload(payload(length)).macs(MAC, PEER_MAC);
    }

    private void send(WireFrame frame) {
        scratch.clear().put(frame.bytes());
        assertEquals(frame.length(), peer.send(scratch, 0, frame.length()));
    }

    private List<WireFrame> receive(int frames) {
        List<WireFrame> received = new ArrayList<>();
        while (received.size() < frames) {
            assertTrue(peer.await(WAIT_MS), () -> received.size() + " of " + frames + " frames came");
            int length = peer.receive(scratch);
            assertTrue(length > 0, () -> "receive: " + length);
            byte[] bytes = new byte[length];
            scratch.get(0, bytes);
            received.add(new WireFrame(bytes));
        }
        return received;
    }

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }
}
