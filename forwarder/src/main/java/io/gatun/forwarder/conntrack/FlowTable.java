package io.gatun.forwarder.conntrack;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The connection table: one {@link FlowSlot} for each direction of each connection, found by its tuple. IPv4 and IPv6
 * tuples live in narrow and wide slots; a slot id says which, and what takes one takes either. Any thread may call
 * anything unless a method says otherwise; nothing blocks and nothing of the packet path allocates.
 *
 * <p>A slot id is valid until one duty cycle after the flow was removed; do not keep one longer without
 * {@link #find}.
 */
public final class FlowTable {
    /** {@link #find}: no such flow. */
    public static final long NOT_FOUND = -1;

    /** {@link #insert}: no free slot near the flow's home. */
    public static final long FULL = Long.MIN_VALUE;

    /** {@link #insert}: other threads insert the same tuple and disturbed us too often; drop the packet. */
    public static final long BUSY = Long.MIN_VALUE + 1;

    /** Ticks, a little over a second, for which a removed slot is not used again. */
    public static final int GRACE_TICKS = 1024;

    /**
     * Time between two steps of the sweep. Short, because whatever shares a CPU with the conductor waits for a step: of
     * a million connections one takes a fraction of a millisecond.
     */
    public static final long SWEEP_STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long SWEEP_ROUND_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int TICK_SHIFT = 20;
    private static final int PAGE_LENGTH = 4096;

    final Buckets buckets;
    final LiveCount live;
    final ServiceMarks marks;
    private final FlowFinder finder;
    private final WideFlowFinder wideFinder;
    private final FlowInserter inserter;
    private final FlowSweeper sweeper;

    FlowTable(Buckets buckets) {
        this.buckets = buckets;
        live = new LiveCount();
        marks = new ServiceMarks(buckets.count());
        finder = new FlowFinder(buckets);
        wideFinder = new WideFlowFinder(buckets);
        inserter = new FlowInserter(buckets, finder, wideFinder, marks);
        sweeper = new FlowSweeper(this);
    }

    /** A table in the memory of this process only. */
    public static FlowTable inMemory(TableLayout layout) {
        return inMemory(layout, new ControlMemory());
    }

    static FlowTable inMemory(TableLayout layout, ControlMemory memory) {
        final UnsafeBuffer[] regions = new UnsafeBuffer[layout.allRegions()];
        for (int i = 0; i < regions.length; i++) {
            final ByteBuffer bytes = BufferUtil.allocateDirectAligned(layout.regionLength(i), PAGE_LENGTH);
            regions[i] = new UnsafeBuffer(bytes);
        }
        return new FlowTable(new Buckets(layout, regions, memory));
    }

    /** Hash of a tuple, the same on all nodes; addresses and ports as in {@link FlowSlot}. */
    public static int hash(int source, int destination, int ports, int protocol) {
        return FlowHash.of(source, destination, ports, protocol);
    }

    /** Hash of an IPv6 tuple, the same on all nodes; addresses and ports as in {@link FlowSlot}. */
    public static int hash6(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol) {
        return FlowHash.ofWide(srcHigh, srcLow, dstHigh, dstLow, ports, protocol);
    }

    /** Where in its home bucket a flow with this hash, of either kind, is looked for first: 0 to 14. */
    public static int preferredSlot(int hash) {
        return Control.preferredSlot(hash);
    }

    /** The table's clock: units of 2^20 ns of the monotonic clock, compared by subtraction. */
    public static int tick(long nowNs) {
        return (int) (nowNs >> TICK_SHIFT);
    }

    /** A duration in ticks. */
    public static int ticks(long durationNs) {
        return (int) (durationNs >> TICK_SHIFT);
    }

    /** A number of ticks in nanoseconds. */
    public static long ticksToNs(int ticks) {
        return (long) ticks << TICK_SHIFT;
    }

    /** Room for lookups of a batch of so many IPv4 packets, by hashes of {@link #hash}, for the calling thread. */
    public LookupAhead lookupAhead(int capacity) {
        return new LookupAhead(buckets, false, capacity);
    }

    /** Room for lookups of a batch of so many IPv6 packets, by hashes of {@link #hash6}, for the calling thread. */
    public LookupAhead lookupAhead6(int capacity) {
        return new LookupAhead(buckets, true, capacity);
    }

    /**
     * Looks a tuple up.
     *
     * @param ports {@code source << 16 | destination}
     * @param hash {@link #hash} of the tuple
     * @return slot id (never negative) or {@link #NOT_FOUND}
     */
    public long find(int source, int destination, int ports, int protocol, int hash) {
        return finder.find(source, destination, ports, protocol, hash);
    }

    /** As the other one, where {@link LookupAhead} has seen the flow in this slot of its home bucket. */
    public long find(int source, int destination, int ports, int protocol, int hash, int slot) {
        return finder.find(source, destination, ports, protocol, hash, slot);
    }

    /**
     * Looks an IPv6 tuple up. An IPv4 flow is never found by it, nor an IPv6 one by {@link #find}.
     *
     * @param ports {@code source << 16 | destination}
     * @param hash {@link #hash6} of the tuple
     * @return slot id (never negative) or {@link #NOT_FOUND}
     */
    public long find6(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol, int hash) {
        return wideFinder.find(srcHigh, srcLow, dstHigh, dstLow, ports, protocol, hash);
    }

    /** As the other one, where {@link LookupAhead} has seen the flow in this slot of its home bucket. */
    public long find6(
            long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol, int hash, int slot) {
        return wideFinder.find(srcHigh, srcLow, dstHigh, dstLow, ports, protocol, hash, slot);
    }

    /**
     * Inserts a flow unless its tuple is there. Of several threads that insert one tuple at once exactly one succeeds.
     *
     * @return the new slot id (not negative); {@link #FULL}; {@link #BUSY}; or a value for which {@link #isExisting} is
     *     true, from which {@link #existing} makes the id of the flow that was there
     */
    public long insert(FlowDraft draft, int nowTick) {
        final long result = inserter.insert(draft, nowTick);
        if (result >= 0) {
            live.add(draft.hash, 1);
        }
        return result;
    }

    /** Whether a result of {@link #insert} says that the tuple was there already. */
    public static boolean isExisting(long insertResult) {
        return insertResult < 0 && insertResult > BUSY;
    }

    /** Slot id of the flow that was there, of a result for which {@link #isExisting} holds. */
    public static long existing(long insertResult) {
        return ~insertResult;
    }

    /**
     * Makes two directions, of one family or (NAT64) of two, each other's partner; both must have just been inserted by
     * the caller.
     */
    public void link(long slotId, long otherId) {
        UnsafeApi.putIntRelease(null, partnerAddress((int) slotId), (int) otherId);
        UnsafeApi.putIntRelease(null, partnerAddress((int) otherId), (int) slotId);
    }

    /** Slot id of the other direction when both are alive and linked to each other, else {@link #NOT_FOUND}. */
    public long partner(long slotId) {
        final int partner = partnerField((int) slotId);
        return partner >= 0 && isLive(partner) && partnerField(partner) == (int) slotId ? partner : NOT_FOUND;
    }

    private int partnerField(int slotId) {
        return UnsafeApi.getIntVolatile(null, partnerAddress(slotId));
    }

    private long partnerAddress(int slotId) {
        return buckets.addressOfSlot(slotId) + FlowSlot.PARTNER_OFFSET;
    }

    /** Whether the slot holds a flow now. */
    public boolean isLive(long slotId) {
        return Control.state(buckets.control((int) slotId)) == Control.LIVE;
    }

    /**
     * Removes a flow (this direction only). Its slot is used again after {@link #GRACE_TICKS}.
     *
     * @return true for exactly one of all callers
     */
    public boolean remove(long slotId, int nowTick) {
        final int id = (int) slotId;
        final int word = buckets.control(id);
        if (Control.state(word) != Control.LIVE || !buckets.compareAndSetControl(id, word, Control.dead(nowTick))) {
            return false;
        }
        buckets.leave(word, id);
        live.add(word, -1);
        return true;
    }

    /** Points a flyweight at a slot. */
    public FlowSlot wrap(FlowSlot flow, long slotId) {
        final int id = (int) slotId;
        return flow.wrap(buckets.addressOfSlot(id), Buckets.isWideSlot(id));
    }

    /** Memory of the region in which a slot lies. */
    public UnsafeBuffer buffer(long slotId) {
        return buckets.regionOfSlot((int) slotId);
    }

    /** Offset of a slot in its {@link #buffer}. */
    public int offset(long slotId) {
        return Buckets.offsetOfSlot((int) slotId);
    }

    /**
     * One step of the sweep over the table: frees what rested long enough and removes connections that were silent too
     * long. Conductor only.
     *
     * @param bucketBudget buckets to look at, 15 slots each
     * @return directions removed
     */
    public int sweep(int nowTick, int bucketBudget, ExpiryPolicy policy) {
        return sweeper.sweep(nowTick, bucketBudget, policy);
    }

    /**
     * {@link #sweep} over so many buckets that steps every {@link #SWEEP_STEP_NS} pass the whole table in two seconds.
     *
     * @return directions removed
     */
    public int sweepStep(int nowTick, ExpiryPolicy policy) {
        return sweep(nowTick, (int) (buckets.count() * SWEEP_STEP_NS / SWEEP_ROUND_NS) + 1, policy);
    }

    /**
     * Removes every flow that the predicate chooses, scanning the whole table. Conductor only.
     *
     * @return directions removed
     */
    public int removeIf(FlowPredicate predicate, int nowTick) {
        return sweeper.removeIf(predicate, nowTick);
    }

    /**
     * Removes every flow of a service that the predicate chooses, scanning the buckets that may have some. Conductor
     * only.
     *
     * @return directions removed
     */
    public int removeIf(int serviceId, FlowPredicate predicate, int nowTick) {
        return sweeper.removeIf(serviceId, predicate, nowTick);
    }

    /**
     * Shows up to {@code limit} flows, each as a consistent copy; flows that come or go meanwhile may be missing.
     *
     * @return flows shown
     */
    public int forEachLive(FlowVisitor visitor, int limit) {
        return new FlowListing(buckets).forEachLive(visitor, limit);
    }

    /** A walk over all flows, for the calling thread. */
    public FlowWalk walk() {
        return new FlowWalk(buckets);
    }

    /** Room for copies of flows, for the calling thread. */
    public FlowCopy copy() {
        return new FlowCopy(buckets);
    }

    /** Buckets of the table, 15 slots each. */
    public int bucketCount() {
        return buckets.count();
    }

    /** Directions in the table. */
    public long liveCount() {
        return live.sum();
    }

    /** Bytes of all slots and their headers. */
    public long lengthBytes() {
        return buckets.layout.lengthBytes();
    }

    /** Bytes beside the slots: which services have flows in which bucket. */
    public long indexBytes() {
        return marks.lengthBytes();
    }

    /** Slots of the table, narrow and wide. */
    public long capacity() {
        return buckets.layout.slots();
    }
}
