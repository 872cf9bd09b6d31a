package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.TraceQuery;
import io.gatun.forwarder.control.TracedPacket;
import io.gatun.forwarder.pipeline.Trace;
import io.gatun.forwarder.pipeline.TraceRecord;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** One trace from its start to its end, on the thread of whoever asked for it. */
final class TraceSession {
    private static final int BATCH = 64;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final TraceQuery query;
    private final IntFunction<String> agentNames;
    private final TraceText text;
    private int shown;

    TraceSession(TraceQuery query, TraceText text, IntFunction<String> agentNames) {
        this.query = query;
        this.text = text;
        this.agentNames = agentNames;
    }

    /**
     * Runs until enough packets were shown, the time is over, the thread is interrupted or the sink throws; whichever it
     * is, the trace is out of force afterwards.
     *
     * @param install puts a trace in force, or null to end it
     * @return packets shown
     */
    int run(Consumer<Trace> install, Consumer<TracedPacket> sink) {
        Trace trace = new Trace(Addresses.high(query.vip()), Addresses.low(query.vip()), query.count());
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(query.timeoutMs());
        install.accept(trace);
        try {
            while (shown < query.count()
                    && System.nanoTime() - deadlineNs < 0
                    && !Thread.currentThread().isInterrupted()) {
                if (trace.read(record -> show(record, sink), BATCH) == 0) {
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
        } finally {
            end(install);
        }
        return shown;
    }

    /** An interrupt must not keep the conductor from being told. */
    private static void end(Consumer<Trace> install) {
        boolean interrupted = Thread.interrupted();
        try {
            install.accept(null);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void show(TraceRecord record, Consumer<TracedPacket> sink) {
        Instant now = Instant.now();
        long timeNs = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        shown++;
        sink.accept(new TracedPacket(
                timeNs, agentNames.apply(record.agent()), record.before(), record.length(), text.explain(record)));
    }
}
