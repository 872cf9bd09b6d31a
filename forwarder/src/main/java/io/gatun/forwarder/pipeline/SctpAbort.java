package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.packet.Crc32c;
import io.gatun.forwarder.packet.SctpFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** The answer to an SCTP packet that belongs to no association: what RFC 9260 section 8.4 says for each first chunk. */
final class SctpAbort {
    private static final int INIT_LENGTH = SctpFlyweight.LENGTH + 20;

    private final SctpFlyweight sctp = new SctpFlyweight();
    private final Crc32c crc = new Crc32c();
    private int ports;
    private int tag;
    private int flags;

    /** Reads the packet that is to be answered. @return false when it must not be */
    boolean read(UnsafeBuffer buffer, int offset, int length) {
        if (length < SctpFlyweight.LENGTH + SctpFlyweight.CHUNK_HEADER_LENGTH) {
            return false;
        }
        sctp.wrap(buffer, offset);
        ports = Integer.rotateLeft(sctp.ports(), 16);
        tag = sctp.verificationTag();
        flags = SctpFlyweight.T_BIT;
        return switch (sctp.chunkType()) {
            case SctpFlyweight.ABORT, SctpFlyweight.SHUTDOWN_COMPLETE, SctpFlyweight.COOKIE_ACK -> false;
            case SctpFlyweight.INIT -> {
                boolean whole = length >= INIT_LENGTH && tag == 0;
                if (whole) {
                    tag = sctp.initiateTag();
                    flags = 0;
                }
                yield whole;
            }
            default -> true;
        };
    }

    /** Writes the answer to what was read last. */
    void write(UnsafeBuffer buffer, int offset) {
        sctp.wrap(buffer, offset).abort(ports, tag, flags, crc);
    }
}
