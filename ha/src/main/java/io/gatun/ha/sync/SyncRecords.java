package io.gatun.ha.sync;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Of records, only how long they are: each begins with its length, 16 bits little endian. */
final class SyncRecords {
    private SyncRecords() {}

    /** Records in these bytes, which are our own. */
    static int count(DirectBuffer buffer, int offset, int length) {
        int count = 0;
        for (int at = offset; at < offset + length; count++) {
            at += buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        }
        return count;
    }
}
