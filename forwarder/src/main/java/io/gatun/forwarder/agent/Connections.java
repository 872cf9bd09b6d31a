package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.ChangeRings;
import io.gatun.forwarder.conntrack.ConnectionTable;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.pipeline.HalfOpenFlows;
import io.gatun.forwarder.pipeline.HalfOpenQueue;
import io.gatun.forwarder.pipeline.IdleResets;
import io.gatun.forwarder.pipeline.SharedFlows;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a run directory. They are opened on a thread of their own, because this and the loading of the
 * steering programs take most of the start, and neither needs the other.
 */
final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final CompletableFuture<Opened> opening = new CompletableFuture<>();

    private record Opened(ConnectionTable table, SharedFlows shared) {}

    private Connections() {}

    /** Begins to open them. All memory for connections is taken by that, and no more later. */
    static Connections open(ForwarderOptions options, NanoClock clock) {
        Connections connections = new Connections();
        Thread.ofPlatform().daemon().name("connections").start(() -> {
            try {
                connections.opening.complete(openNow(options, clock));
            } catch (RuntimeException | Error e) {
                connections.opening.completeExceptionally(e);
            }
        });
        return connections;
    }

    /**
     * Waits until they are open.
     *
     * @throws RuntimeException what opening them threw
     */
    SharedFlows await() {
        try {
            return opening.join().shared;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Opened openNow(ForwarderOptions options, NanoClock clock) {
        ConnectionTable table =
                ConnectionTable.open(options.runDirectory(), TableLayout.forConnections(options.connections()));
        try {
            LOG.info("connection table: {}", table.report());
            return new Opened(table, shared(table.flows(), options, clock));
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    private static SharedFlows shared(FlowTable flows, ForwarderOptions options, NanoClock clock) {
        HalfOpenFlows halfOpen = new HalfOpenFlows(options.halfOpenMax(), options.halfOpenPerSourceMax());
        if (flows.liveCount() > 0) {
            flows.removeIf(
                    flow -> {
                        halfOpen.found(flow);
                        return false;
                    },
                    FlowTable.tick(clock.nanoTime()));
        }
        LOG.info(
                "memory for connections: table {} MiB and its index {} KiB, half-open counts {} KiB and for each agent {} KiB;"
                        + " half-open ones: {} now, {} at most, {} of one source",
                flows.lengthBytes() >> 20,
                flows.indexBytes() >> 10,
                HalfOpenFlows.lengthBytes() >> 10,
                HalfOpenQueue.lengthBytes(halfOpen.max()) >> 10,
                halfOpen.total(),
                halfOpen.max(),
                options.halfOpenPerSourceMax());
        return new SharedFlows(
                flows, halfOpen, new IdleResets(), options.exchange() ? ChangeRings.create() : ChangeRings.none());
    }

    /** Closes the table, which may be open only after a moment; no agent may be running any more. */
    @Override
    public void close() {
        opening.handle((opened, failure) -> opened).join();
        if (!opening.isCompletedExceptionally()) {
            opening.join().table.close();
        }
    }
}
