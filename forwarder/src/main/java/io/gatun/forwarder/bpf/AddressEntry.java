package io.gatun.forwarder.bpf;

import org.agrona.MutableDirectBuffer;

/**
 * Value of the maps gatun_addr4 and gatun_addr6: what Gatun wants of the packets to an address.
 *
 * <pre>
 *   0                4             6             8
 *   +----------------+-------------+-------------+
 *   |     flags      |  port min   |  port max   |   host byte order
 *   +----------------+-------------+-------------+
 * </pre>
 */
final class AddressEntry {
    static final int OWN_ALL = 1;
    static final int SERVICES = 2;
    static final int SNAT = 4;
    static final int LOCAL = 8;
    static final int HOST_ECHO = 16;
    static final int ALL_FLAGS = OWN_ALL | SERVICES | SNAT | LOCAL | HOST_ECHO;

    static final int FLAGS = 0;
    static final int PORT_MIN = 4;
    static final int PORT_MAX = 6;
    static final int BYTES = 8;

    private AddressEntry() {}

    static void encode(MutableDirectBuffer value, int flags, int portMin, int portMax) {
        value.putInt(FLAGS, flags);
        value.putShort(PORT_MIN, (short) portMin);
        value.putShort(PORT_MAX, (short) portMax);
    }
}
