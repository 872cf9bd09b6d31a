package io.gatun.forwarder.conntrack;

import java.io.IOException;
import net.openhft.chronicle.bytes.Byteable;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.hash.AbstractData;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of the table: values of a Chronicle Map that is persisted to a file. The only class that knows Chronicle.
 *
 * <p>The regions change outside Chronicle's locks, so entries carry no checksums and its recovery, which would judge by
 * them, is never used. Its exit hook is off: it would unmap the table under running agents. Regions are looked up under
 * a read lock only, because a lock word whose holder is killed stays locked in the file.
 */
final class ConnectionRegions implements AutoCloseable {
    private static final int PAGE_LENGTH = 4096;
    private static final int BUCKETS_LENGTH = TableLayout.MAX_REGION_LENGTH;

    private final ChronicleMap<Integer, Region> map;
    private final UnsafeBuffer[] headers;
    private final UnsafeBuffer[] buckets;

    private ConnectionRegions(ChronicleMap<Integer, Region> map, TableLayout layout) {
        this.map = map;
        headers = new UnsafeBuffer[layout.allRegions()];
        buckets = new UnsafeBuffer[layout.allRegions()];
    }

    /** Maps the file; makes it, zeroed and with headers, when it does not exist. */
    static ConnectionRegions open(TableFile file) throws IOException {
        final boolean fresh = !file.exists();
        if (fresh) {
            file.requireRoom();
        }
        final TableLayout layout = file.layout();
        final ChronicleMap<Integer, Region> map =
                builder(layout.allRegions()).createPersistedTo(file.path().toFile());
        final ConnectionRegions regions = new ConnectionRegions(map, layout);
        for (int number = 0; number < layout.allRegions(); number++) {
            regions.place(number, layout, fresh);
        }
        return regions;
    }

    /** Makes a map of one region in memory, none of which is touched, and drops it. */
    static void prepare() {
        try (ChronicleMap<Integer, Region> map = builder(1).create()) {
            map.acquireUsing(0, new Region());
        }
    }

    private static ChronicleMapBuilder<Integer, Region> builder(int regions) {
        return ChronicleMapBuilder.of(Integer.class, Region.class)
                .name("connections")
                .entries(regions)
                .actualSegments(1)
                .checksumEntries(false)
                .skipCloseOnExitHook(true)
                .defaultValueProvider(_ -> new Blank());
    }

    private void place(int number, TableLayout layout, boolean fresh) {
        final Region region = new Region();
        final Region found = fresh ? map.acquireUsing(number, region) : map.getUsing(number, region);
        if (found == null) {
            headers[number] = new UnsafeBuffer(new byte[RegionHeader.LENGTH]);
            return;
        }
        final long start = (found.address() + PAGE_LENGTH - 1) & -PAGE_LENGTH;
        headers[number] = new UnsafeBuffer(start, RegionHeader.LENGTH);
        buckets[number] = new UnsafeBuffer(start + RegionHeader.LENGTH, layout.regionLength(number));
        if (fresh) {
            RegionHeader.write(headers[number], number, layout);
        }
    }

    /** First page of each region. */
    UnsafeBuffer[] headers() {
        return headers;
    }

    /** Buckets of each region, page aligned. */
    UnsafeBuffer[] buckets() {
        return buckets;
    }

    @Override
    public void close() {
        map.close();
    }

    /** What a new region holds: the zeros of its new file. To write them again would take most of the start's time. */
    @SuppressWarnings("rawtypes") // as Chronicle declares it
    private static final class Blank extends AbstractData<Region> {
        @Override
        public RandomDataInput bytes() {
            throw new UnsupportedOperationException("zeros are not read");
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public long size() {
            return Region.LENGTH;
        }

        @Override
        public void writeTo(RandomDataOutput target, long targetOffset) {}

        @Override
        public Region get() {
            throw new UnsupportedOperationException("zeros are not read");
        }

        @Override
        public Region getUsing(Region using) {
            throw new UnsupportedOperationException("zeros are not read");
        }
    }

    /** A value of the map: a header page and the buckets, with a page to spare because values start anywhere. */
    static final class Region implements Byteable {
        private static final long LENGTH = PAGE_LENGTH + RegionHeader.LENGTH + (long) BUCKETS_LENGTH;

        private BytesStore<?, ?> bytes;
        private long offset;

        @Override
        @SuppressWarnings("rawtypes")
        public void bytesStore(BytesStore bytesStore, long offset, long length) {
            this.bytes = bytesStore;
            this.offset = offset;
        }

        @Override
        public BytesStore<?, ?> bytesStore() {
            return bytes;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public long address() {
            return bytes.addressForRead(offset);
        }

        @Override
        public long maxSize() {
            return LENGTH;
        }
    }
}
