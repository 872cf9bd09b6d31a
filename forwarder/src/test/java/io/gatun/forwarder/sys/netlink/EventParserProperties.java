package io.gatun.forwarder.sys.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes, the parser returns, throws nothing, and what it passes on can be applied. */
class EventParserProperties {
    private static final int MESSAGE_BYTES_MIN = 16;

    @Property
    void anyBytes(@ForAll @Size(max = 600) byte[] bytes) {
        survives(bytes);
    }

    @Property
    void truncated(@ForAll("messages") byte[] message, @ForAll @IntRange(max = 200) int length) {
        survives(Arrays.copyOf(message, Math.min(length, message.length)));
    }

    @Property
    void truncatedWithAHeaderThatAgrees(@ForAll("messages") byte[] message, @ForAll @IntRange(max = 200) int length) {
        byte[] cut = Arrays.copyOf(message, Math.max(MESSAGE_BYTES_MIN, Math.min(length, message.length)));
        ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder()).putInt(0, cut.length);
        survives(cut);
    }

    @Property(tries = 5000)
    void mutated(
            @ForAll("messages") byte[] message,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 199) Integer> places,
            @ForAll @Size(8) byte[] values) {
        byte[] changed = message.clone();
        for (int i = 0; i < places.size(); i++) {
            changed[places.get(i) % changed.length] = values[i];
        }
        survives(changed);
    }

    @Property
    void aMalformedMessageDoesNotHideItsNeighbours(@ForAll("messages") byte[] message, @ForAll byte type) {
        ByteBuffer both = ByteBuffer.allocate(message.length + 20).order(ByteOrder.nativeOrder());
        both.putInt(20)
                .putShort((short) Rtnetlink.RTM_NEWLINK)
                .putShort((short) 0)
                .putInt(0)
                .putInt(0)
                .putInt(type);
        both.put(message).flip();
        EventParser parser = new EventParser();
        int[] events = new int[1];
        parser.parse(both, (event, flags) -> events[0]++);
        assertEquals(1, parser.malformed());
        assertEquals(1, events[0]);
    }

    @Provide
    Arbitrary<byte[]> messages() {
        return Arbitraries.of(
                        MessageBytes.link(Rtnetlink.RTM_NEWLINK),
                        MessageBytes.link(Rtnetlink.RTM_DELLINK).attribute(18, new byte[] {6, 0, 1, 0, 'x', 0, 0, 0}),
                        MessageBytes.route(Rtnetlink.RTM_NEWROUTE, Rtnetlink.NLM_F_APPEND, "10.9.0.2"),
                        MessageBytes.route(Rtnetlink.RTM_DELROUTE, 0, "10.9.0.2"),
                        multipath(),
                        MessageBytes.route(Rtnetlink.RTM_NEWROUTE, 0, "10.9.0.2")
                                .attribute(8, new byte[] {8, 0, 2, 0, 120, 5, 0, 0}),
                        MessageBytes.link(Rtnetlink.RTM_NEWLINK).attribute(18, new byte[] {
                            9, 0, 1, 0, 'v', 'l', 'a', 'n', 0, 0, 0, 0, 12, 0, 2, 0, 6, 0, 1, 0, 5, 0, 0, 0
                        }),
                        MessageBytes.neighbour(
                                Rtnetlink.RTM_NEWNEIGH, NeighbourEvent.NUD_STALE, new byte[] {2, 0, 0, 0, 0, 2}),
                        new MessageBytes()
                                .message(Rtnetlink.RTM_NEWADDR, 0, 0)
                                .body(10, 64, 0, 0)
                                .ints(3)
                                .address(1, "fd00::1"))
                .map(bytes -> {
                    ByteBuffer datagram = bytes.datagram();
                    byte[] message = new byte[datagram.remaining()];
                    datagram.get(message);
                    return message;
                });
    }

    private static MessageBytes multipath() {
        byte[] hops = new byte[32];
        ByteBuffer writer = ByteBuffer.wrap(hops).order(ByteOrder.nativeOrder());
        for (int i = 1; i <= 2; i++) {
            writer.putShort((short) 16).putShort((short) 0).putInt(i);
            writer.putShort((short) 8).putShort((short) 5).put(new byte[] {10, 9, 0, (byte) i});
        }
        return new MessageBytes()
                .message(Rtnetlink.RTM_NEWROUTE, 0, 0)
                .body(2, 0, 0, 0, 254, 3, 0, 1)
                .ints(0)
                .attribute(9, hops);
    }

    private static void survives(byte[] bytes) {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
        direct.put(bytes).flip();
        EventParser parser = new EventParser();
        NetworkTables tables = new NetworkTables();
        int[] events = new int[1];
        parser.parse(direct, (event, flags) -> {
            tables.apply(event, flags);
            events[0]++;
        });
        assertTrue(events[0] + parser.malformed() <= bytes.length / MESSAGE_BYTES_MIN + 1);
        assertEquals(0, direct.position());
    }
}
