package io.gatun.forwarder.conntrack;

import org.agrona.UnsafeApi;

/**
 * Reads ahead what the lookups of a batch will read, so that their misses are under way at once: {@link #add} the hash of
 * each, {@link #fetch}, then look up with {@link #slot} as the place to look at first. The loops are short on purpose: a
 * core has room for some hundred instructions behind a load that waits, and so for as many more loads as they hold. Not
 * for several threads.
 */
public final class LookupAhead {
    private static final int LINE_LENGTH = 64;

    private final Buckets buckets;
    private final boolean wide;
    private final ProbeOrder order;
    private final int[] hashes;
    private final int[] slots;
    private final long[] headers;
    private final long[] lines;
    private int size;
    private int read;

    LookupAhead(Buckets buckets, boolean wide, int capacity) {
        this.buckets = buckets;
        this.wide = wide;
        order = wide ? buckets.wide : buckets.narrow;
        hashes = new int[capacity];
        slots = new int[capacity];
        headers = new long[capacity];
        lines = new long[capacity];
    }

    /** Forgets what was added. */
    public void clear() {
        size = 0;
    }

    /** One more lookup; at most as many as there is room for. */
    public void add(int hash) {
        hashes[size++] = hash;
    }

    /** Reads the headers and where most flows are, then for the others where the headers say that they are. */
    public void fetch() {
        if (size == 0) {
            return;
        }
        place();
        int sum = 0;
        for (int k = 0; k < size; k++) {
            sum += UnsafeApi.getInt(headers[k]) + UnsafeApi.getInt(lines[k]);
        }
        if (wide) {
            sum += secondLines();
        }
        for (int k = 0; k < size; k++) {
            final int live = Control.word(hashes[k], Control.LIVE);
            if (control(headers[k], slots[k]) != live) {
                sum += fetchElsewhere(k, live);
            }
        }
        read = sum; // or the compiler would see that nobody needs what was read
    }

    private void place() {
        for (int k = 0; k < size; k++) {
            final int hash = hashes[k];
            final long header = buckets.address(order.home(hash));
            final int slot = Control.preferredSlot(hash);
            headers[k] = header;
            lines[k] = line(header, slot);
            slots[k] = slot;
        }
    }

    /** The first line of a slot. */
    private long line(long header, int slot) {
        return wide ? Buckets.wideSlotAddress(header, slot) : Buckets.narrowSlotAddress(header, slot);
    }

    private int secondLines() {
        int sum = 0;
        for (int k = 0; k < size; k++) {
            sum += UnsafeApi.getInt(lines[k] + LINE_LENGTH);
        }
        return sum;
    }

    private int fetchElsewhere(int k, int live) {
        final long header = headers[k];
        for (int slot = 0; slot < TableLayout.SLOTS_PER_BUCKET; slot++) {
            if (control(header, slot) == live) {
                slots[k] = slot;
                final long line = line(header, slot);
                return UnsafeApi.getInt(line) + (wide ? UnsafeApi.getInt(line + LINE_LENGTH) : 0);
            }
        }
        return 0;
    }

    private int control(long header, int slot) {
        return buckets.memory.acquire(Buckets.controlAddress(header, slot));
    }

    /** Where the {@code k}th flow added is in its home bucket, if it is there at all: 0 to 14. */
    public int slot(int k) {
        return slots[k];
    }

    /** Something of all that {@link #fetch} read. */
    int read() {
        return read;
    }
}
