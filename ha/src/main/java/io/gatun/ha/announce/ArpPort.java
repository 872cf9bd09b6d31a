package io.gatun.ha.announce;

import io.gatun.ha.wire.ArpFlyweight;
import io.gatun.ha.wire.ArpFrames;
import io.gatun.ha.wire.ArpWire;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** An interface with its wire and the buffers for one frame in each direction. Owned by the agent. */
final class ArpPort implements AutoCloseable {
    /** ARP needs 42 bytes and Ethernet pads to 60; what is longer is cut, and not looked at. */
    private static final int BUFFER_BYTES = 128;

    private final ArpInterface link;
    private final ArpWire wire;
    private final AnnouncerCounters counters;
    private final ArpFrames frames = new ArpFrames();
    private final UnsafeBuffer received = new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_BYTES));
    private final UnsafeBuffer sent = new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_BYTES));
    private final ArpFlyweight frame = new ArpFlyweight().wrap(received, 0);

    ArpPort(ArpInterface link, ArpWire wire, AnnouncerCounters counters) {
        this.link = link;
        this.wire = wire;
        this.counters = counters;
    }

    ArpInterface link() {
        return link;
    }

    /** Takes the next frame into {@link #frame}. @return its length, 0 when none waits or the link fails */
    int receive() {
        int length = wire.receive(received);
        if (length < 0) {
            counters.increment(AnnouncerCounter.RECEIVE_FAILED);
        }
        return Math.clamp(length, 0, BUFFER_BYTES);
    }

    /** The frame that was received last. */
    ArpFlyweight frame() {
        return frame;
    }

    /** Answers the frame that was received last. */
    void answer() {
        frames.reply(sent, frame, link.mac().bits());
        send();
    }

    /** Sends both forms of the announcement. */
    void announce(int vip) {
        frames.gratuitousRequest(sent, vip, link.mac().bits());
        countAnnounced(send());
        frames.gratuitousReply(sent, vip, link.mac().bits());
        countAnnounced(send());
    }

    private void countAnnounced(boolean wasSent) {
        if (wasSent) {
            counters.increment(AnnouncerCounter.ANNOUNCED);
        }
    }

    private boolean send() {
        if (wire.send(sent, ArpFlyweight.LENGTH_BYTES) < 0) {
            counters.increment(AnnouncerCounter.SEND_FAILED);
            return false;
        }
        return true;
    }

    @Override
    public void close() {
        wire.close();
    }
}
