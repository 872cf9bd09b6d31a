package io.gatun.forwarder.raw;

import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.sys.Memory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@link FrameBatch#CAPACITY} messages for sendmmsg(2) and recvmmsg(2), each of one piece of memory, without an address.
 *
 * <pre>
 *   struct mmsghdr, 64 bytes                struct iovec, 16 bytes     control, 40 bytes
 *    0 name            32 control            0 base                     0 cmsghdr: length, level, type
 *    8 namelen         40 controllen         8 length                  16 struct tpacket_auxdata: status u32,
 *   16 iov             48 flags                                           len u32, snaplen u32, mac u16, net u16,
 *   24 iovlen          56 len                                             vlan_tci u16, vlan_tpid u16
 * </pre>
 */
final class MessageVector {
    private static final int MESSAGE_BYTES = 64;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;

    private static final int IOVEC_BYTES = 16;
    private static final int IOVECS = FrameBatch.CAPACITY * MESSAGE_BYTES;
    private static final int CONTROL_BYTES = 40;
    private static final int CONTROLS = IOVECS + FrameBatch.CAPACITY * IOVEC_BYTES;
    private static final int TOTAL_BYTES = CONTROLS + FrameBatch.CAPACITY * CONTROL_BYTES;

    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int STATUS = 16;
    private static final int VLAN_TCI = 32;
    private static final int VLAN_TPID = 34;
    private static final int ETH_P_8021Q = 0x8100;

    private final UnsafeBuffer buffer = new UnsafeBuffer(Memory.allocate(TOTAL_BYTES));

    MessageVector() {
        for (int i = 0; i < FrameBatch.CAPACITY; i++) {
            buffer.putLong(i * MESSAGE_BYTES + IOV, buffer.addressOffset() + iovec(i));
            buffer.putLong(i * MESSAGE_BYTES + IOV_COUNT, 1);
        }
    }

    /** The address of message {@code i}. */
    long address(int i) {
        return buffer.addressOffset() + (long) i * MESSAGE_BYTES;
    }

    /** Message {@code i} is this memory. */
    void memory(int i, long address, int length) {
        buffer.putLong(iovec(i), address);
        buffer.putLong(iovec(i) + Long.BYTES, length);
    }

    /** Message {@code i} has room for what the kernel says beside the frame; to be told again for each frame. */
    void expectControl(int i) {
        buffer.putLong(i * MESSAGE_BYTES + CONTROL, buffer.addressOffset() + control(i));
        buffer.putLong(i * MESSAGE_BYTES + CONTROL_LENGTH, CONTROL_BYTES);
    }

    /** Bytes received. */
    int length(int i) {
        return buffer.getInt(i * MESSAGE_BYTES + LENGTH);
    }

    boolean isTruncated(int i) {
        return (buffer.getInt(i * MESSAGE_BYTES + FLAGS) & AfPacket.MSG_TRUNC) != 0;
    }

    /** The VLAN tag that the kernel took out of the frame, TPID and TCI as they stood there; 0 for none. */
    int vlanTag(int i) {
        int control = control(i);
        if (buffer.getLong(i * MESSAGE_BYTES + CONTROL_LENGTH) < CONTROL_BYTES - Integer.BYTES
                || buffer.getInt(control + CONTROL_LEVEL) != AfPacket.SOL_PACKET
                || buffer.getInt(control + CONTROL_TYPE) != AfPacket.PACKET_AUXDATA) {
            return 0;
        }
        int status = buffer.getInt(control + STATUS);
        if ((status & AfPacket.TP_STATUS_VLAN_VALID) == 0) {
            return 0;
        }
        int tpid = (status & AfPacket.TP_STATUS_VLAN_TPID_VALID) != 0
                ? buffer.getShort(control + VLAN_TPID) & 0xFFFF
                : ETH_P_8021Q;
        return tpid << 16 | (buffer.getShort(control + VLAN_TCI) & 0xFFFF);
    }

    private static int iovec(int i) {
        return IOVECS + i * IOVEC_BYTES;
    }

    private static int control(int i) {
        return CONTROLS + i * CONTROL_BYTES;
    }
}
