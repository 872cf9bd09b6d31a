package io.gatun.forwarder.frame;

import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.PacketSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A packet socket at the other end of the link of a port under test, and a port's user who sends every frame back. */
public final class PortPeer implements AutoCloseable {
    public static final String CLIENT = "192.168.80.10";
    public static final String VIP = "192.168.80.200";

    private static final int WAIT_MS = 5_000;

    private final PacketSocket socket;
    private final long mac;
    private final long portMac;
    private final FrameBatch batch = new FrameBatch();
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final ByteBuffer scratch = Memory.allocate(2_048);

    /**
     * Takes the socket over.
     *
     * @param mac of the peer
     * @param portMac of the port's link
     */
    public PortPeer(PacketSocket socket, long mac, long portMac) {
        this.socket = socket;
        this.mac = mac;
        this.portMac = portMac;
    }

    /** What the port's user works with. */
    public FrameBatch batch() {
        return batch;
    }

    /** From the client to the VIP. */
    public Packet datagram(int length) {
        return udp(CLIENT, 5_000, VIP, 53).payload(payload(length)).macs(portMac, mac);
    }

    public void send(WireFrame frame) {
        assertEquals(frame.length(), trySend(frame));
    }

    /** Also while the link is down. @return bytes sent or a negative errno */
    public int trySend(WireFrame frame) {
        scratch.clear().put(frame.bytes());
        return socket.send(scratch, 0, frame.length());
    }

    /** Waits for so many frames from the port. */
    public List<WireFrame> receive(int frames) {
        List<WireFrame> received = new ArrayList<>();
        while (received.size() < frames) {
            assertTrue(socket.await(WAIT_MS), () -> received.size() + " of " + frames + " frames came");
            received.add(take(socket));
        }
        return received;
    }

    /** The next frame of any packet socket that has one. */
    public WireFrame take(PacketSocket from) {
        int length = from.receive(scratch);
        assertTrue(length > 0, () -> "receive: " + length);
        byte[] bytes = new byte[length];
        scratch.get(0, bytes);
        return new WireFrame(bytes);
    }

    /** The frame with the addresses of the way back. */
    public WireFrame turned(WireFrame frame) {
        byte[] bytes = frame.bytes();
        byte[] destination = Arrays.copyOfRange(bytes, 0, 6);
        System.arraycopy(bytes, 6, bytes, 0, 6);
        System.arraycopy(destination, 0, bytes, 6, 6);
        return new WireFrame(bytes);
    }

    /** Cycles until so many frames were received; each goes back to where it came from. */
    public List<WireFrame> echo(FramePort port, int frames) {
        List<WireFrame> seen = new ArrayList<>();
        while (seen.size() < frames) {
            awaitFrames(port);
            seen.addAll(frames(port.memory()));
            transmitAll(port);
        }
        return seen;
    }

    /** Busy polling drives the device from receive itself, so that asking once more is the wait. */
    public void awaitFrames(FramePort port) {
        long deadlineNs = System.nanoTime() + WAIT_MS * 1_000_000L;
        while (port.receive(batch) == 0) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "no frame within " + WAIT_MS + " ms");
            port.await(10);
        }
    }

    /** Sends the batch back. */
    public void transmitAll(FramePort port) {
        for (int i = 0; i < batch.size(); i++) {
            turn(port, i);
            batch.transmit(i, batch.length(i));
        }
        port.complete(batch);
        batch.clear();
    }

    /** Turns the frame of the batch that has this number. */
    public void turn(FramePort port, int i) {
        ethernet.wrap(port.memory(), batch.offset(i)).addresses(/* destination= */ mac, /* source= */ portMac);
    }

    /** Demands that the port neither throws nor returns at once without end. */
    public void requireQuiet(FramePort port) {
        int turns = 0;
        for (long end = System.nanoTime() + 200_000_000L; System.nanoTime() - end < 0; turns++) {
            port.await(20);
            assertEquals(0, port.receive(batch));
        }
        assertTrue(turns <= 12, "await returned " + turns + " times in 200 ms");
    }

    @Override
    public void close() {
        socket.close();
    }

    private List<WireFrame> frames(UnsafeBuffer memory) {
        List<WireFrame> frames = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            byte[] bytes = new byte[batch.length(i)];
            memory.getBytes(batch.offset(i), bytes);
            frames.add(new WireFrame(bytes));
        }
        return frames;
    }
}
