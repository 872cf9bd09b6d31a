package io.gatun.forwarder.warmup;

import static io.gatun.forwarder.packet.Ipv4Flyweight.PROTOCOL_TCP;
import static io.gatun.forwarder.packet.Ipv4Flyweight.PROTOCOL_UDP;
import static io.gatun.forwarder.packet.TransportFlyweight.ACK;
import static io.gatun.forwarder.packet.TransportFlyweight.FIN;
import static io.gatun.forwarder.packet.TransportFlyweight.SYN;

import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.pipeline.Egress;
import io.gatun.forwarder.pipeline.HalfOpenFlows;
import io.gatun.forwarder.pipeline.IdleResets;
import io.gatun.forwarder.pipeline.Pipeline;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.SharedFlows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;

/**
 * A pipeline with tables of its own, and whole connections through it: 64 at a time are opened, carry data both ways and
 * are closed, over TCP and UDP of both families.
 */
final class ScratchTraffic {
    private static final int COUNTERS = 128;
    private static final int BUCKETS = 32;

    /** Never reached: all connections are of one client. */
    private static final int HALF_OPEN_MAX = 1 << 20;

    private static final int EXCHANGES = 8;
    private static final int PAYLOAD_BYTES = 100;
    private static final int CLIENT_PORT_FIRST = 10_000;
    private static final int CLIENT_PORT_LAST = 60_000;

    /** Longer than a removed slot rests. */
    private static final long REST_NS = TimeUnit.SECONDS.toNanos(2);

    private final ScratchPort port = new ScratchPort();
    private final FrameBatch batch = new FrameBatch();
    private final FlowTable flows = FlowTable.inMemory(new TableLayout(1, BUCKETS));
    private final Pipeline pipeline = new Pipeline(
            port,
            ScratchLan.GATUN_MAC,
            ScratchLan.INTERFACE,
            new SharedFlows(flows, new HalfOpenFlows(HALF_OPEN_MAX, HALF_OPEN_MAX), new IdleResets()),
            new AgentCounters(
                    new CountersManager(
                            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersManager.METADATA_LENGTH)),
                            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersManager.COUNTER_LENGTH)),
                            StandardCharsets.US_ASCII),
                    "warm-up"),
            new PublishedTables(ScratchLan.tables()),
            (interfaceIndex, high, low) -> {},
            Egress.NONE,
            0);
    private final ScratchFrames[] kinds = {
        new ScratchFrames(port.memory(), false, PROTOCOL_TCP),
        new ScratchFrames(port.memory(), false, PROTOCOL_UDP),
        new ScratchFrames(port.memory(), true, PROTOCOL_TCP),
        new ScratchFrames(port.memory(), true, PROTOCOL_UDP)
    };
    private final int[] natPorts = new int[FrameBatch.CAPACITY];
    private int nextKind;
    private int clientPort = CLIENT_PORT_FIRST;
    private long nowNs = REST_NS;
    private long packets;

    /** 64 connections of the next kind, from the first packet to the last, and out of the table again. */
    void connections() {
        ScratchFrames frames = kinds[nextKind];
        nextKind = (nextKind + 1) % kinds.length;
        if (frames.isTcp()) {
            tcp(frames);
        } else {
            udp(frames);
        }
        clientPort = clientPort < CLIENT_PORT_LAST ? clientPort + FrameBatch.CAPACITY : CLIENT_PORT_FIRST;
        expire(); // first they are removed,
        expire(); // then their slots have rested
    }

    private void expire() {
        nowNs += REST_NS;
        flows.sweep(FlowTable.tick(nowNs), 2 * BUCKETS, flow -> 0);
    }

    /** Packets received so far. */
    long packets() {
        return packets;
    }

    /** Packets that came out again. */
    long transmitted() {
        return port.transmitted();
    }

    /** Both ends count from 0; a SYN and a FIN count as a byte (RFC 9293 section 3.4). */
    private void tcp(ScratchFrames frames) {
        open(frames, SYN);
        fromEndpoint(frames, 0, 1, SYN | ACK, 0);
        fromClient(frames, 1, 1, ACK, 0);
        int client = 1;
        int endpoint = 1;
        for (int i = 0; i < EXCHANGES; i++) {
            fromClient(frames, client, endpoint, ACK, PAYLOAD_BYTES);
            client += PAYLOAD_BYTES;
            fromEndpoint(frames, endpoint, client, ACK, PAYLOAD_BYTES);
            endpoint += PAYLOAD_BYTES;
        }
        fromEndpoint(frames, endpoint, client, FIN | ACK, 0);
        fromClient(frames, client, endpoint + 1, FIN | ACK, 0);
        fromEndpoint(frames, endpoint + 1, client + 1, ACK, 0);
    }

    private void udp(ScratchFrames frames) {
        open(frames, 0);
        for (int i = 0; i < EXCHANGES; i++) {
            fromEndpoint(frames, 0, 0, 0, PAYLOAD_BYTES);
            fromClient(frames, 0, 0, 0, PAYLOAD_BYTES);
        }
    }

    /** The first packets; the ports which they leave with are those that the endpoint answers to. */
    private void open(ScratchFrames frames, int flags) {
        fromClient(frames, 0, 0, flags, 0);
        for (int slot = 0; slot < FrameBatch.CAPACITY; slot++) {
            int offset = port.transmittedOffset(slot);
            natPorts[slot] = offset < 0 ? 0 : frames.sourcePort(offset);
        }
    }

    private void fromClient(ScratchFrames frames, int sequence, int acknowledgment, int flags, int payload) {
        for (int slot = 0; slot < FrameBatch.CAPACITY; slot++) {
            int from = clientPort + slot;
            port.length(slot, frames.write(port.offset(slot), true, from, sequence, acknowledgment, flags, payload));
        }
        forward();
    }

    private void fromEndpoint(ScratchFrames frames, int sequence, int acknowledgment, int flags, int payload) {
        for (int slot = 0; slot < FrameBatch.CAPACITY; slot++) {
            port.length(
                    slot,
                    frames.write(port.offset(slot), false, natPorts[slot], sequence, acknowledgment, flags, payload));
        }
        forward();
    }

    private void forward() {
        packets += port.receive(batch);
        pipeline.process(batch, nowNs);
        port.complete(batch);
        batch.clear();
    }
}
