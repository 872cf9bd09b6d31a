package io.gatun.forwarder.warmup;

import io.gatun.forwarder.conntrack.ConnectionTable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What needs to know nothing of this node, beside the rest of the start: makes a table of connections once, and sends
 * made-up packets through the code of the packet path, so that it is compiled when the first real one comes. Nothing that
 * goes wrong here stops the start.
 */
public final class WarmUp {
    /** How long packets are sent at most. */
    private static final long BUDGET_NS = TimeUnit.MILLISECONDS.toNanos(400);

    /** Enough for the optimizing compiler, whose threshold is some thousand calls of a method. */
    private static final long PACKETS = 200_000;

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final Thread thread = Thread.ofPlatform().daemon().name("warm-up").unstarted(this::run);
    private volatile long packets;
    private volatile long transmitted;

    private WarmUp() {}

    /** Begins on a thread of its own. */
    public static WarmUp start() {
        WarmUp warmUp = new WarmUp();
        warmUp.thread.start();
        return warmUp;
    }

    /** Waits for the end. */
    public void await() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Packets that went in. */
    public long packets() {
        return packets;
    }

    /** Packets that came out again: all of them, when nothing went wrong. */
    public long transmitted() {
        return transmitted;
    }

    private void run() {
        try {
            // First, since the start needs Chronicle Map first, and to load it and run it once takes long.
            ConnectionTable.prepare();
            long startNs = System.nanoTime();
            ScratchTraffic traffic = new ScratchTraffic();
            while (traffic.packets() < PACKETS && System.nanoTime() - startNs < BUDGET_NS) {
                traffic.connections();
            }
            packets = traffic.packets();
            transmitted = traffic.transmitted();
            LOG.info(
                    "packet path warm: {} packets in {} ms",
                    packets,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        } catch (RuntimeException | Error e) {
            LOG.warn("the packet path starts cold", e);
        }
    }
}
