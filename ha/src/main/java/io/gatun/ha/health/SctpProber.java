package io.gatun.ha.health;

import io.gatun.forwarder.sys.Libc;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * Sends an INIT (RFC 9260 section 3.3.2): INIT ACK is up, ABORT and silence are down. The listener keeps nothing until
 * its cookie comes back, so nothing needs to be ended. The node's own kernel need not speak SCTP.
 */
final class SctpProber implements Prober {
    private static final int SCTP = 132;
    private static final int INIT = 1;
    private static final int INIT_ACK = 2;
    private static final int ABORT = 6;
    private static final int HEADER_LENGTH = 12;
    private static final int INIT_LENGTH = 20;
    private static final int WINDOW = 65_536;

    /** Below every port of ours for NAT, so that steering leaves the answers to the host. */
    private static final int SOURCE_PORT = 771;

    private final RawEcho echo;
    private final RawEcho echo6;
    private final SecureRandom random = new SecureRandom();

    SctpProber(Libc libc) {
        echo = new RawEcho(libc, /* ipv6= */ false, SCTP, new Replies());
        try {
            echo6 = new RawEcho(libc, /* ipv6= */ true, SCTP, new Replies());
        } catch (RuntimeException e) {
            echo.close();
            throw e;
        }
    }

    @Override
    public Outcome probe(ProbeTarget target, long timeoutMs) throws IOException, InterruptedException {
        int tag = random.nextInt(1, Integer.MAX_VALUE);
        byte[] packet = init(target.port(), tag);
        return (target.address() instanceof Inet6Address ? echo6 : echo).ask(target.address(), packet, tag, timeoutMs);
    }

    @Override
    public void close() {
        echo.close();
        echo6.close();
    }

    /** Source and destination port, verification tag 0, CRC32c, then one INIT chunk. */
    static byte[] init(int port, int tag) {
        ByteBuffer packet = ByteBuffer.allocate(HEADER_LENGTH + INIT_LENGTH)
                .putShort((short) SOURCE_PORT)
                .putShort((short) port)
                .putInt(0)
                .putInt(0)
                .put((byte) INIT)
                .put((byte) 0)
                .putShort((short) INIT_LENGTH)
                .putInt(tag)
                .putInt(WINDOW)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(tag);
        CRC32C crc = new CRC32C();
        crc.update(packet.array());
        packet.putInt(8, Integer.reverseBytes((int) crc.getValue()));
        return packet.array();
    }

    /** An answer has as verification tag the one that the INIT gave. */
    static final class Replies implements RawEcho.Answers {
        @Override
        public long token(ByteBuffer packet) {
            boolean ours = packet.limit() > HEADER_LENGTH && (packet.getShort(2) & 0xFFFF) == SOURCE_PORT;
            int chunk = ours ? packet.get(HEADER_LENGTH) : 0;
            return chunk == INIT_ACK || chunk == ABORT ? packet.getInt(4) & 0xFFFF_FFFFL : -1;
        }

        @Override
        public String refusal(ByteBuffer packet) {
            return packet.get(HEADER_LENGTH) == INIT_ACK ? "" : "aborted";
        }
    }
}
