package io.gatun.forwarder.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From where packets are dropped, whatever they are for: networks, of which the longest that holds an address decides;
 * without any everybody passes. Immutable but for what its entries count; asked once per packet of a client.
 */
public final class AccessList {
    /** Lets everybody pass. */
    public static final AccessList EVERYBODY = new AccessList(List.of());

    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST6 = 128;

    private final int[] lengths;
    private final Level[] levels;

    /** A network, and what was dropped from it. Counted by all agents; the next list may go on with it. */
    public static final class Entry {
        private final SourceFilter.Network network;
        private final boolean allowed;
        private final AtomicLong packets = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();

        public Entry(SourceFilter.Network network, boolean allowed) {
            this.network = network;
            this.allowed = allowed;
        }

        public SourceFilter.Network network() {
            return network;
        }

        public boolean allowed() {
            return allowed;
        }

        public long packets() {
            return packets.get();
        }

        public long bytes() {
            return bytes.get();
        }

        void dropped(int lengthBytes) {
            packets.incrementAndGet();
            bytes.addAndGet(lengthBytes);
        }
    }

    /** The networks of one length; an entry lies where the set has its address. */
    private static final class Level {
        private final AddressSet addresses;
        private final Entry[] placed;

        Level(List<Entry> entries) {
            addresses = new AddressSet(
                    entries.stream().map(entry -> address(entry.network())).toList());
            placed = new Entry[addresses.capacity()];
            for (Entry entry : entries) {
                AddressSet.Address address = address(entry.network());
                placed[addresses.find(address.high(), address.low())] = entry;
            }
        }

        Entry find(long high, long low) {
            int slot = addresses.find(high, low);
            return slot < 0 ? null : placed[slot];
        }

        private static AddressSet.Address address(SourceFilter.Network network) {
            return new AddressSet.Address(
                    network.high() & SourceFilter.maskHigh(network.length()),
                    network.low() & SourceFilter.maskLow(network.length()));
        }
    }

    /** @param entries each network once */
    public AccessList(List<Entry> entries) {
        Map<Integer, List<Entry>> byLength = new TreeMap<>((a, b) -> Integer.compare(b, a));
        for (Entry entry : entries) {
            byLength.computeIfAbsent(entry.network().length(), _ -> new ArrayList<>())
                    .add(entry);
        }
        lengths = byLength.keySet().stream().mapToInt(Integer::intValue).toArray();
        levels = byLength.values().stream().map(Level::new).toArray(Level[]::new);
    }

    public boolean isEmpty() {
        return lengths.length == 0;
    }

    /** The entry that decides about an address, or null. */
    public Entry find(long high, long low) {
        for (int i = 0; i < lengths.length; i++) {
            Entry entry =
                    levels[i].find(high & SourceFilter.maskHigh(lengths[i]), low & SourceFilter.maskLow(lengths[i]));
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /** The entry that forbids the source of packet {@code i}, or null. */
    Entry forbids(ParsedBatch parsed, int i) {
        Entry entry = parsed.isIpv6(i)
                ? find(parsed.sourceHigh(i), parsed.sourceLow(i))
                : find(AddressSet.MAPPED_HIGH, AddressSet.mapped(parsed.source(i)));
        return entry == null || entry.allowed() ? null : entry;
    }

    /** Whether an ICMP or ICMPv6 message asks for an echo: answers and errors belong to connections of others. */
    static boolean isEchoRequest(boolean ipv6, byte type) {
        return (type & 0xFF) == (ipv6 ? ECHO_REQUEST6 : ECHO_REQUEST);
    }
}
