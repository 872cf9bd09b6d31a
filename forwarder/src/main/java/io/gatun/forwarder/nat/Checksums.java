package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.InternetChecksum;
import org.agrona.concurrent.UnsafeBuffer;

/** What is known about the transport checksum of a frame that is rewritten, and what becomes of the field. */
public final class Checksums {
    /** Nothing is known: a field that holds the pseudo-header's sum alone is completed, any other one updated. */
    public static final int DETECT = 0;

    /**
     * The field holds the folded sum of the pseudo-header and the device that sends the frame will complete it
     * (VIRTIO_NET_HDR_F_NEEDS_CSUM): it follows the addresses and stays so. Whatever length the sender put into it, as
     * for a super-frame, stays in it.
     */
    public static final int PARTIAL = 1;

    /** Only updated, never completed: what it covers is not all in this frame. */
    public static final int INCREMENTAL = 2;

    private Checksums() {}

    /**
     * The new value of a checksum field of TCP, UDP or ICMPv6; the bytes are still the old ones. The pseudo-headers may
     * be of different address families.
     *
     * @param length bytes of transport header and payload, all of which are there unless {@code mode} is
     *     {@link #INCREMENTAL}
     * @param field the old value
     * @param oldPseudo partial sum of the old pseudo-header
     * @param newPseudo partial sum of the new pseudo-header
     * @param delta of all other bytes that will change, {@link InternetChecksum#delta}
     */
    static int transport(
            UnsafeBuffer buffer,
            int offset,
            int length,
            int mode,
            int field,
            long oldPseudo,
            long newPseudo,
            long delta) {
        int folded = InternetChecksum.fold(oldPseudo);
        if (mode == DETECT && field == folded) {
            // All there is, without the field itself; a complete checksum of this value comes out right too.
            return InternetChecksum.of(
                    newPseudo + InternetChecksum.sum(buffer, offset, length) + (~field & 0xFFFF) + delta);
        }
        long addresses = newPseudo + (~folded & 0xFFFF);
        if (mode == PARTIAL) {
            return InternetChecksum.fold(field + addresses);
        }
        return InternetChecksum.update(field, addresses + delta);
    }

    /**
     * The new value of the checksum field of an ICMP echo, which has no pseudo-header. A message of zeros alone has the
     * checksum 0xFFFF, which no update can tell from 0.
     */
    static int icmp(int field, long delta, boolean zerosAlone) {
        int updated = InternetChecksum.update(field, delta);
        return updated == 0 && zerosAlone ? 0xFFFF : updated;
    }
}
