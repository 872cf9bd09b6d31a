package io.gatun.ha.health;

import io.gatun.forwarder.sys.Libc;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** ICMP and ICMPv6 echo (RFC 792, RFC 4443 section 4): an answer is up, silence is down. */
final class PingProber implements Prober {
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST6 = 128;
    private static final int ECHO_REPLY6 = 129;
    /** include/uapi/linux/icmp.h and icmpv6.h: a bit that is set keeps that type out. */
    private static final int SOL_RAW = 255;

    private static final int FILTER = 1;
    private static final int LENGTH = 16;

    /** Below every port of ours for NAT, so that steering leaves the answers to the host. */
    private static final int IDENTIFIER = 771;

    private final RawEcho echo;
    private final RawEcho echo6;
    private final AtomicInteger sequence = new AtomicInteger();

    PingProber(Libc libc) {
        echo = new RawEcho(libc, /* ipv6= */ false, ICMP, new Replies(ECHO_REPLY), SOL_RAW, FILTER, ~(1 << ECHO_REPLY));
        try {
            int[] filter = {ICMPV6, FILTER, -1, -1, -1, -1, ~(1 << (ECHO_REPLY6 & 31)), -1, -1, -1};
            echo6 = new RawEcho(libc, /* ipv6= */ true, ICMPV6, new Replies(ECHO_REPLY6), filter);
        } catch (RuntimeException e) {
            echo.close();
            throw e;
        }
    }

    @Override
    public Outcome probe(ProbeTarget target, long timeoutMs) throws IOException, InterruptedException {
        boolean ipv6 = target.address() instanceof Inet6Address;
        int number = sequence.getAndIncrement() & 0xFFFF;
        ByteBuffer packet = ByteBuffer.allocate(LENGTH)
                .put(0, (byte) (ipv6 ? ECHO_REQUEST6 : ECHO_REQUEST))
                .putShort(4, (short) IDENTIFIER)
                .putShort(6, (short) number);
        if (!ipv6) { // of ICMPv6 the kernel does it, which knows the source address
            packet.putShort(2, (short) checksum(packet));
        }
        return (ipv6 ? echo6 : echo).ask(target.address(), packet.array(), number, timeoutMs);
    }

    @Override
    public void close() {
        echo.close();
        echo6.close();
    }

    /** RFC 1071; the field itself is zero. */
    private static int checksum(ByteBuffer packet) {
        int sum = 0;
        for (int i = 0; i < packet.capacity(); i += Short.BYTES) {
            sum += packet.getShort(i) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xFFFF;
    }

    private record Replies(int type) implements RawEcho.Answers {
        @Override
        public long token(ByteBuffer packet) {
            boolean ours = packet.limit() >= 8
                    && (packet.get(0) & 0xFF) == type
                    && (packet.getShort(4) & 0xFFFF) == IDENTIFIER;
            return ours ? packet.getShort(6) & 0xFFFF : -1;
        }

        @Override
        public String refusal(ByteBuffer packet) {
            return "";
        }
    }
}
