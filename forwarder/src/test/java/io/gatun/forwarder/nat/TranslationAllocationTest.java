package io.gatun.forwarder.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Nothing is allocated per packet. */
class TranslationAllocationTest {
    private static final int ATTEMPTS_MAX = 20;
    private static final int ROUNDS = 2_000;

    private final Rewriter rewriter = new Rewriter();
    private final Rewriter6 rewriter6 = new Rewriter6();
    private final Translator64 translator = new Translator64();
    private final IcmpErrors errors = new IcmpErrors();
    private final IcmpAnswer answer = new IcmpAnswer();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final Room v4 =
            new Room().put(Packets.sctp("10.0.0.1", 1, "10.0.0.2", 2).chunk(0, 0, new byte[500]));
    private final Room v6 = new Room().put(Packets.udp("2001:db8::1", 1, "2001:db8::2", 2));
    private final Room there = new Room().put(Packets.tcp("10.0.0.1", 1, "10.0.0.2", 2));
    private final Room error = new Room().put(error());

    private static Packet error() {
        Packet sent = Packets.udp("10.0.0.1", 1, "10.0.0.2", 2);
        return Packets.icmpError("10.0.0.9", "10.0.0.1", 3, 3, 0, sent, 100);
    }

    @Test
    void nothingIsAllocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        // What allocates for each packet does so every time; what the JVM itself needs for its first runs does not.
        for (int attempt = 0; attempt < ATTEMPTS_MAX && least > 0; attempt++) {
            long idle = threads.getThreadAllocatedBytes(thread);
            long meter = threads.getThreadAllocatedBytes(thread) - idle;
            long before = threads.getThreadAllocatedBytes(thread);
            rounds();
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before - meter);
        }
        assertEquals(0, least);
    }

    private void rounds() {
        for (int i = 1; i <= ROUNDS; i++) {
            rewriter.rewrite(v4.buffer, v4.ip, v4.transport, v4.end - v4.transport, Checksums.DETECT, i, i, i);
            rewriter6.rewrite(v6.buffer, v6.ip, v6.transport, 8, 17, Checksums.DETECT, i, i, i, i, i);
            int frame =
                    translator.toIpv6(there.buffer, Room.FRAME, there.ip, there.end, Checksums.DETECT, i, i, i, i, i);
            int ip = there.ip + frame - Room.FRAME;
            extensions.walk(there.buffer, ip, there.end);
            translator.toIpv4(there.buffer, frame, ip, extensions, there.end, Checksums.DETECT, i, i, i);
            errors.quoted(error.buffer, error.transport + 8, error.end);
            errors.rewrite(error.buffer, error.ip, error.transport, error.end, i, i, i, i, i);
            answer.tooBig6(v6.buffer, Room.FRAME, v6.ip, v6.end, i, i, i);
        }
    }
}
