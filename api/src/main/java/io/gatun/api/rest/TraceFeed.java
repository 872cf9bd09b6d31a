package io.gatun.api.rest;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.ErrorAnswer;
import io.gatun.api.model.Explained;
import io.gatun.api.model.Json;
import io.gatun.api.model.Traced;
import io.gatun.api.trace.FrameSummary;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.TraceQuery;
import io.gatun.forwarder.control.TracedPacket;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One trace under way. The forwarder's call waits for packets on a thread of its own; the request's thread waits for
 * what that hands over, and finds out in between whether anybody still reads.
 */
final class TraceFeed implements AutoCloseable {
    /** After so long without a packet an empty line asks whether the reader is there. */
    private static final long SILENCE_MS = 1_000;

    private static final long NANOS = 1_000_000_000L;
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread worker;
    private volatile boolean cancelled;

    private TraceFeed(Forwarder forwarder, TraceQuery query) {
        worker = Thread.ofPlatform().daemon().name("trace").unstarted(() -> run(forwarder, query));
    }

    static TraceFeed start(Forwarder forwarder, TraceQuery query) {
        TraceFeed feed = new TraceFeed(forwarder, query);
        feed.worker.start();
        return feed;
    }

    /**
     * Writes a line for each packet until the trace is over.
     *
     * @param response called once, as soon as the trace is known to run
     * @throws RuntimeException when the trace is refused; then nothing was written
     * @throws IOException when nobody reads any more
     */
    void copyTo(Supplier<OutputStream> response) throws IOException, InterruptedException {
        Event event = events.poll(SILENCE_MS, TimeUnit.MILLISECONDS);
        if (event instanceof End(RuntimeException failure) && failure != null) {
            throw failure;
        }
        OutputStream out = response.get();
        while (true) {
            switch (event) {
                case null -> {}
                case Packet(Traced packet) -> out.write(Json.bytes(packet));
                case End(RuntimeException failure) -> {
                    if (failure != null) {
                        out.write(Json.bytes(ErrorAnswer.of(500, "trace ended early: " + failure.getMessage())));
                        out.write('\n');
                    }
                    out.flush();
                    return;
                }
            }
            out.write('\n');
            out.flush();
            event = events.poll(SILENCE_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the trace, whatever it waits for. */
    @Override
    public void close() {
        cancelled = true;
        worker.interrupt();
        events.add(new End(null));
    }

    private void run(Forwarder forwarder, TraceQuery query) {
        try {
            forwarder.trace(query, this::add);
            events.add(new End(null));
        } catch (RejectedException e) {
            events.add(new End(ApiException.of(e)));
        } catch (RuntimeException e) {
            events.add(new End(cancelled ? null : e));
        }
    }

    private void add(TracedPacket packet) {
        if (cancelled) {
            throw new CancellationException("nobody reads the trace any more");
        }
        byte[] frame = new byte[packet.frame().capacity()];
        packet.frame().getBytes(0, frame);
        Instant time = Instant.ofEpochSecond(packet.timeNs() / NANOS, packet.timeNs() % NANOS);
        events.add(new Packet(new Traced(
                TIME.format(time),
                packet.port(),
                FrameSummary.of(frame, packet.length()),
                packet.length(),
                frame,
                Explained.of(packet.explanation()))));
    }

    private sealed interface Event permits Packet, End {}

    private record Packet(Traced packet) implements Event {}

    /** @param failure null when there were as many packets as asked for, or the time was over */
    private record End(RuntimeException failure) implements Event {}
}
