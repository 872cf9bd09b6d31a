package io.gatun.forwarder.sync;

import io.gatun.forwarder.conntrack.ChangeRings;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.FlowWalk;
import io.gatun.forwarder.control.ConnectionExchange;
import io.gatun.forwarder.control.SyncCount;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.SharedFlows;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/** The exchange of the connections in one table. */
public final class TableExchange implements ConnectionExchange, ChangeRings.Reader {
    private static final int STATE_MAX = FlowStates.CLIENT;

    private final FlowTable flows;
    private final ChangeRings changes;
    private final PendingChanges pending;
    private final PublishedTables published;
    private final NanoClock clock;
    private final RecordReader reader;
    private final RecordWriter writer;
    private final ConnectionRecord received = new ConnectionRecord();
    private final Map<SyncCount, AtomicCounter> counters = new EnumMap<>(SyncCount.class);
    private MutableDirectBuffer target;
    private int targetOffset;
    private int nowTick;
    private long lostSeen;

    /**
     * Allocates the counters.
     *
     * @param published the rules, by which endpoints are found
     */
    public TableExchange(
            SharedFlows shared, PublishedTables published, NanoClock clock, CountersManager countersManager) {
        this.flows = shared.table();
        this.changes = shared.changes();
        this.pending = new PendingChanges(changes);
        this.published = published;
        this.clock = clock;
        reader = new RecordReader(flows, published);
        writer = new RecordWriter(shared, published);
        for (SyncCount count : SyncCount.values()) {
            counters.put(count, countersManager.newCounter("sync " + count.label()));
        }
    }

    @Override
    public int drain(MutableDirectBuffer buffer, int offset, int length) {
        target = buffer;
        targetOffset = offset;
        nowTick = FlowTable.tick(clock.nanoTime());
        while (offset + length - targetOffset >= RECORD_LENGTH_MAX && pending.fill()) {
            pending.take(this);
        }
        return targetOffset - offset;
    }

    @Override
    public void onChanged(long slotId, int sequence) {
        if (reader.read(slotId, nowTick) && !reader.record().copy) {
            targetOffset += reader.record().encode(target, targetOffset);
        }
    }

    @Override
    public void onRemoved(long slotId, int sequence) {
        if (reader.readRemoved(slotId, sequence)) {
            targetOffset += reader.record().encode(target, targetOffset);
        }
    }

    @Override
    public long waiting() {
        return pending.waiting();
    }

    @Override
    public long connections() {
        return flows.liveCount() / 2;
    }

    @Override
    public boolean takeLost() {
        long lost = changes.lost();
        if (lost == lostSeen) {
            return false;
        }
        count(SyncCount.LOST, lost - lostSeen);
        lostSeen = lost;
        return true;
    }

    @Override
    public Walk walk() {
        return new TableWalk(false);
    }

    @Override
    public Walk refresh() {
        return new TableWalk(true);
    }

    @Override
    public int apply(DirectBuffer buffer, int offset, int length) {
        nowTick = FlowTable.tick(clock.nanoTime());
        int records = 0;
        int applied = 0;
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int bytes = received.decode(buffer, at, end - at);
            if (bytes == ConnectionRecord.MALFORMED) {
                count(SyncCount.BAD, 1); // where the next one begins is unknown
                break;
            }
            at += bytes;
            records++;
            if (apply() == RecordWriter.Outcome.APPLIED) {
                applied++;
            }
        }
        count(SyncCount.RECEIVED, records);
        if (applied > 0) {
            count(SyncCount.APPLIED, applied);
            counters.get(SyncCount.APPLIED_MS).setRelease(System.currentTimeMillis());
        }
        return records;
    }

    private RecordWriter.Outcome apply() {
        int state = received.state;
        boolean sound = state > 0 && state <= STATE_MAX && state != FlowStates.FRAGMENTS;
        if (!sound || received.kind < ConnectionRecord.PUT || received.kind > ConnectionRecord.REMOVED) {
            count(SyncCount.BAD, 1);
            return RecordWriter.Outcome.KEPT;
        }
        RecordWriter.Outcome outcome = writer.write(received, nowTick);
        if (outcome == RecordWriter.Outcome.UNPLACED) {
            count(SyncCount.UNPLACED, 1);
        }
        return outcome;
    }

    @Override
    public void count(SyncCount what, long amount) {
        counters.get(what).getAndAddPlain(amount);
    }

    @Override
    public void measure(SyncCount what, long value) {
        counters.get(what).setRelease(value);
    }

    /** One round after the other; of a refresh only what had packets since the round before began. */
    private final class TableWalk implements Walk {
        private final FlowWalk walk = flows.walk();
        private final RecordReader own = new RecordReader(flows, published);
        private final boolean refresh;
        private int roundTick = FlowTable.tick(clock.nanoTime());
        private int sinceTick = roundTick;
        private boolean atEnd;

        private TableWalk(boolean refresh) {
            this.refresh = refresh;
        }

        @Override
        public int next(MutableDirectBuffer buffer, int offset, int length, int part) {
            int tick = FlowTable.tick(clock.nanoTime());
            int buckets = flows.bucketCount() / part + 1;
            int at = offset;
            atEnd = false;
            while (offset + length - at >= RECORD_LENGTH_MAX) {
                long slot = walk.next(buckets);
                if (slot == FlowWalk.END) {
                    sinceTick = roundTick;
                    roundTick = tick;
                    atEnd = true;
                    break;
                }
                if (slot == FlowWalk.NOTHING) {
                    break;
                }
                if (own.read(slot, tick) && isWanted()) {
                    at += own.record().encode(buffer, at);
                }
            }
            return at - offset;
        }

        private boolean isWanted() {
            return !refresh || (!own.record().copy && own.lastSeenTick() - sinceTick >= 0);
        }

        @Override
        public boolean isAtEnd() {
            return atEnd;
        }
    }
}
