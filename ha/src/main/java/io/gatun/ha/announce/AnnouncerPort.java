package io.gatun.ha.announce;

import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkWire;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An interface and one protocol on it, with its wire and the buffers for one frame in each direction. Owned by the agent.
 */
abstract class AnnouncerPort implements AutoCloseable {
    private final AnnouncerInterface link;
    private final LinkWire wire;
    private final AnnouncerCounters counters;
    private final PortCounters labels;
    private final UnsafeBuffer received;
    private final UnsafeBuffer sent;

    /** @param bufferBytes what is longer is cut, and not looked at */
    AnnouncerPort(
            AnnouncerInterface link, LinkWire wire, AnnouncerCounters counters, PortCounters labels, int bufferBytes) {
        this.link = link;
        this.wire = wire;
        this.counters = counters;
        this.labels = labels;
        received = new UnsafeBuffer(ByteBuffer.allocateDirect(bufferBytes));
        sent = new UnsafeBuffer(ByteBuffer.allocateDirect(bufferBytes));
    }

    final AnnouncerInterface link() {
        return link;
    }

    final PortCounters labels() {
        return labels;
    }

    /** Takes the next frame. @return its length, 0 when none waits or the link fails */
    final int receive() {
        int length = wire.receive(received);
        if (length < 0) {
            counters.increment(labels.receiveFailed());
        }
        return Math.clamp(length, 0, received.capacity());
    }

    /** Whether this protocol is the one of the VIP's family. */
    abstract boolean speaksFor(IpAddress vip);

    /** What the frame that was received last deserves. */
    abstract Verdict judge(int lengthBytes);

    /** Answers the frame that was received last. */
    abstract void answer();

    /** The VIP that the frame which was received last claims or probes, and the MAC that does. */
    abstract Vip claimed();

    abstract long claimantMac();

    /** Sends every form of the announcement. */
    abstract void announce(IpAddress vip);

    /** A VIP of this family is there from now on, in whatever role. */
    void onAdded(IpAddress vip) {}

    /** It is gone. */
    void onRemoved(IpAddress vip) {}

    final LinkWire wire() {
        return wire;
    }

    final UnsafeBuffer received() {
        return received;
    }

    final UnsafeBuffer sent() {
        return sent;
    }

    final void count(AnnouncerCounter counter) {
        counters.increment(counter);
    }

    final void sendAnnouncement(int lengthBytes) {
        if (send(lengthBytes)) {
            counters.increment(labels.announced());
        }
    }

    final boolean send(int lengthBytes) {
        if (wire.send(sent, lengthBytes) < 0) {
            counters.increment(labels.sendFailed());
            return false;
        }
        return true;
    }

    @Override
    public final void close() {
        wire.close();
    }
}
