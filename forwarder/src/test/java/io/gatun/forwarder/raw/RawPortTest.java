package io.gatun.forwarder.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.frame.PortPeer;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.PacketSocket;
import io.gatun.forwarder.sys.SysException;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
    private final Set<Integer> descriptorsBefore = Fd.open().keySet();

    private Host server;
    private Host client;
    private PortPeer peer;

    @BeforeEach
    void wire(Lab lab) throws Exception {
        server = lab.bare("server");
        client = lab.bare("client");
        lab.wire(client, LinkSpec.of(PortPeer.CLIENT + "/24"), server, LinkSpec.of("192.168.80.5/24"));
        int index = client.link("eth0").index();
        PacketSocket socket = client.call(() -> PacketSocket.open(libc, index, PacketSocket.ETH_P_IP));
        peer = own(new PortPeer(socket, PEER_MAC, MAC));
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
            requests.add(peer.datagram(i).wire());
            peer.send(peer.datagram(i).to("192.168.80.5", 53).wire());
            peer.send(requests.getLast());
        }

        assertEquals(requests, peer.echo(port, 150));
        assertEquals(requests.stream().map(peer::turned).toList(), peer.receive(150));
        assertEquals(FRAMES, port.accounted());
        assertEquals(0, port.transmitOverruns());
        assertEquals(0, port.receiveOverruns());
        assertEquals(0, port.unreadable());
    }

    @Test
    void ownFramesAreNotReceived() throws Exception {
        RawPort port = open();
        peer.send(peer.datagram(1).wire());
        peer.echo(port, 1);
        peer.receive(1);

        assertFalse(port.await(50));
        assertEquals(0, port.receive(peer.batch()));
    }

    @Test
    void framesAreConservedAndLossIsCounted() throws Exception {
        RawPort port = own(server.call(() -> RawPort.open(
                libc, new RawSpec("eth0", server.link("eth0").index(), 128, ChunkPool.CHUNK_BYTES, TO_VIP))));
        int sent = 0;
        int echoed = 0;
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 300; i++, sent++) {
                peer.send(peer.datagram(18).wire());
            }
            while (port.await(50)) {
                echoed += port.receive(peer.batch());
                peer.transmitAll(port);
            }
            assertEquals(128, port.accounted());
        }
        assertTrue(port.receiveOverruns() > 0, "66 kB had room for 300 frames");
        assertEquals(sent, echoed + port.receiveOverruns());
    }

    @Test
    void heldFramesKeepTheirMemoryWhileOthersPass() throws Exception {
        RawPort port = open();
        peer.send(peer.datagram(1).wire());
        peer.awaitFrames(port);
        int offset = peer.batch().offset(0);
        peer.turn(port, 0);
        peer.batch().hold(0);
        port.complete(peer.batch());
        peer.batch().clear();
        for (int i = 0; i < FRAMES + 10; i++) {
            peer.send(peer.datagram(200).wire());
            peer.echo(port, 1);
            peer.receive(1);
        }
        assertEquals(FRAMES, port.accounted());

        port.transmitHeld(offset, peer.datagram(1).wire().length(), Offload.NONE);
        assertEquals(List.of(peer.turned(peer.datagram(1).wire())), peer.receive(1));
        assertEquals(FRAMES, port.accounted());
    }

    @Test
    void aFrameMayStartEarlier() throws Exception {
        RawPort port = open();
        WireFrame request = peer.datagram(10).wire();
        peer.send(request);
        peer.awaitFrames(port);
        int offset = peer.batch().offset(0) - port.headroom();
        port.memory().setMemory(offset, port.headroom(), (byte) 0);
        port.memory().putBytes(offset, peer.turned(request).bytes());
        peer.batch().transmit(0, offset, request.length());
        port.complete(peer.batch());

        assertEquals(List.of(peer.turned(request)), peer.receive(1));
        assertEquals(FRAMES, port.accounted());
    }

    @Test
    void aVlanTagIsInTheFrame() throws Exception {
        RawPort port = open(SocketFilter.everything());
        byte[] plain = peer.datagram(40).bytes();
        byte[] tagged = new byte[plain.length + 4];
        System.arraycopy(plain, 0, tagged, 0, 12);
        System.arraycopy(new byte[] {(byte) 0x81, 0, 0x20, 42}, 0, tagged, 12, 4);
        System.arraycopy(plain, 12, tagged, 16, plain.length - 12);
        peer.send(new WireFrame(tagged));

        assertEquals(List.of(new WireFrame(tagged)), peer.echo(port, 1));
        // The peer's kernel strips the tag again.
        assertEquals(List.of(peer.turned(new WireFrame(plain))), peer.receive(1));
    }

    @Test
    void aLinkThatWasDownIsHeardAgain() throws Exception {
        RawPort port = open();
        peer.send(peer.datagram(1).wire());
        peer.awaitFrames(port);
        server.link("eth0").down();
        peer.transmitAll(port);
        assertEquals(1, port.transmitOverruns());
        peer.requireQuiet(port);

        server.link("eth0").up();
        client.link("eth0").up();
        assertEquals(
                List.of(peer.datagram(2).wire()),
                echoPersistently(port, peer.datagram(2).wire()));
        assertEquals(FRAMES, port.accounted());
    }

    @Test
    void aLinkThatIsGoneIsQuiet() throws Exception {
        RawPort port = open();
        CrossPort cross =
                own(server.call(() -> CrossPort.open(libc, server.link("eth0").index())));
        peer.send(peer.datagram(1).wire());
        peer.awaitFrames(port);
        server.exec("ip", "link", "del", "eth0");

        assertFalse(
                cross.send(port.memory(), peer.batch().offset(0), peer.batch().length(0), Offload.NONE));
        peer.transmitAll(port);
        assertEquals(1, port.transmitOverruns());
        peer.requireQuiet(port);
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

    /** The kernel notices carrier a moment after a link is up, and drops until then. */
    private List<WireFrame> echoPersistently(RawPort port, WireFrame frame) {
        for (int tries = 0; tries < 100; tries++) {
            peer.trySend(frame);
            if (port.await(50)) {
                return peer.echo(port, 1);
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

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }
}
