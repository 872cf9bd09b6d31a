package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What one agent does for a {@link Trace}: keeps frames as they arrived until it is known what became of them. */
final class Tracer {
    private final UnsafeBuffer memory;
    private final int agent;
    private final UnsafeBuffer records =
            new UnsafeBuffer(ByteBuffer.allocateDirect(FrameBatch.CAPACITY * TraceRecord.LENGTH_MAX));
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final TraceRecord record = new TraceRecord();
    private final boolean[] wanted = new boolean[FrameBatch.CAPACITY];

    Tracer(UnsafeBuffer memory, int agent) {
        this.memory = memory;
        this.agent = agent;
    }

    /** Chooses the packets of a batch that are to be shown, and keeps them as they are now. */
    void before(Trace trace, FrameBatch batch, ParsedBatch parsed) {
        for (int i = 0; i < batch.size(); i++) {
            wanted[i] = parsed.kind(i) != ParsedBatch.REFUSED && concerns(trace, parsed, i) && trace.tryTake();
            if (wanted[i]) {
                record.wrap(records, i * TraceRecord.LENGTH_MAX)
                        .before(memory, batch.offset(i), batch.length(i), agent);
            }
        }
    }

    /** Writes the record of a packet that is to be shown, now that its verdict is there. */
    @SuppressWarnings("EnumOrdinal") // a record never leaves the process that wrote it
    void after(Trace trace, FrameBatch batch, ParsedBatch parsed, int i, DropReason refused) {
        if (!wanted[i]) {
            return;
        }
        boolean gone = batch.isTransmit(i) || refused == null;
        int flow = (parsed.isTuple(i) || parsed.kind(i) == ParsedBatch.TUPLE6) && parsed.slot(i) >= 0
                ? TraceRecord.KNOWN_FLOW
                : refused == null ? TraceRecord.NEW_FLOW : TraceRecord.NO_FLOW;
        int length = record.wrap(records, i * TraceRecord.LENGTH_MAX)
                .after(
                        memory,
                        batch.offset(i),
                        gone ? batch.length(i) : 0,
                        refused == null ? TraceRecord.NO_REASON : refused.ordinal(),
                        flow);
        view.wrap(records, i * TraceRecord.LENGTH_MAX, length);
        trace.write(view, length);
    }

    private static boolean concerns(Trace trace, ParsedBatch parsed, int i) {
        if (parsed.isIpv6(i)) {
            return trace.concerns(parsed.destinationHigh(i), parsed.destinationLow(i))
                    || trace.concerns(parsed.sourceHigh(i), parsed.sourceLow(i));
        }
        return trace.concerns(AddressSet.MAPPED_HIGH, AddressSet.mapped(parsed.destination(i)))
                || trace.concerns(AddressSet.MAPPED_HIGH, AddressSet.mapped(parsed.source(i)));
    }
}
