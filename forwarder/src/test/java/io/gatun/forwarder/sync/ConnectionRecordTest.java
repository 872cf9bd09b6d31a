package io.gatun.forwarder.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is what is read; what is damaged is read as something or refused, and never more. */
class ConnectionRecordTest {
    private static final int OFFSET = 12;

    private final byte[] bytes = new byte[256];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    enum Family {
        IPV4(60),
        IPV6(108),
        NAT64(84);

        final int length;

        Family(int length) {
            this.length = length;
        }
    }

    static Stream<ConnectionRecord> records() {
        Random random = new Random(7);
        return Stream.of(Family.values())
                .flatMap(family -> Stream.of(6, 17, 132, 1, 58, 255).map(protocol -> record(family, protocol, random)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsWrittenIsRead(ConnectionRecord written) {
        int length = written.encode(buffer, OFFSET);
        ConnectionRecord read = new ConnectionRecord();

        assertEquals(length, read.decode(buffer, OFFSET, length));

        byte[] again = new byte[length];
        assertEquals(length, read.encode(new UnsafeBuffer(again), 0));
        assertEquals(0, Arrays.compare(again, Arrays.copyOfRange(bytes, OFFSET, OFFSET + length)));
        assertEquals(written.protocol, read.protocol);
        assertEquals(written.clientNext, read.clientNext);
        assertEquals(written.replyAcknowledged, read.replyAcknowledged);
        assertEquals(written.newDestinationLow, read.newDestinationLow);
        assertEquals(written.newDestinationHigh, read.newDestinationHigh);
        assertEquals(written.copy, read.copy);
    }

    @ParameterizedTest
    @EnumSource
    void aRecordHasTheBytesThatItNeeds(Family family) {
        ConnectionRecord record = record(family, 6, new Random(1));
        assertEquals(family.length, record.encode(buffer, 0));
        assertTrue(family.length <= ConnectionRecord.LENGTH_MAX);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsReadBehindTheEnd(Family family) {
        int length = record(family, 17, new Random(2)).encode(buffer, 0);
        ConnectionRecord read = new ConnectionRecord();
        for (int end = 0; end < length; end++) {
            UnsafeBuffer cut = new UnsafeBuffer(Arrays.copyOf(bytes, end));
            assertEquals(ConnectionRecord.MALFORMED, read.decode(cut, 0, end));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLongerRecordOfALaterVersionIsUnderstood(Family family) {
        int length = record(family, 6, new Random(3)).encode(buffer, 0);
        buffer.putShort(0, (short) (length + 8), ByteOrder.LITTLE_ENDIAN);
        assertEquals(length + 8, new ConnectionRecord().decode(buffer, 0, length + 8));
        assertEquals(ConnectionRecord.MALFORMED, new ConnectionRecord().decode(buffer, 0, length + 7));
    }

    @ParameterizedTest
    @EnumSource
    void damagedBytesThrowNothing(Family family) {
        Random random = new Random(4);
        ConnectionRecord record = record(family, 6, random);
        ConnectionRecord read = new ConnectionRecord();
        for (int i = 0; i < 200_000; i++) {
            int length = record.encode(buffer, 0);
            byte[] damaged = Arrays.copyOf(bytes, random.nextInt(length + 1));
            for (int n = random.nextInt(4); n >= 0 && damaged.length > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            int taken = read.decode(new UnsafeBuffer(damaged), 0, damaged.length);
            assertTrue(taken == ConnectionRecord.MALFORMED || (taken > 0 && taken <= damaged.length));
        }
    }

    private static ConnectionRecord record(Family family, int protocol, Random random) {
        ConnectionRecord record = new ConnectionRecord();
        record.kind = ConnectionRecord.PUT;
        record.protocol = protocol;
        record.state = 1 + random.nextInt(19);
        record.wide = family != Family.IPV4;
        record.translated = family == Family.NAT64;
        record.copy = random.nextBoolean();
        record.serviceId = random.nextInt();
        record.ports = random.nextInt();
        record.newPorts = random.nextInt();
        record.clientIdleMs = random.nextInt(1 << 30);
        record.replyIdleMs = random.nextInt(1 << 30);
        record.clientNext = random.nextInt();
        record.clientAcknowledged = random.nextInt();
        record.replyNext = random.nextInt();
        record.replyAcknowledged = random.nextInt();
        record.sourceHigh = high(record.wide, random);
        record.sourceLow = low(record.wide, random);
        record.destinationHigh = high(record.wide, random);
        record.destinationLow = low(record.wide, random);
        record.newSourceHigh = high(record.isNewWide(), random);
        record.newSourceLow = low(record.isNewWide(), random);
        record.newDestinationHigh = high(record.isNewWide(), random);
        record.newDestinationLow = low(record.isNewWide(), random);
        return record;
    }

    private static long high(boolean ipv6, Random random) {
        return ipv6 ? random.nextLong() : 0;
    }

    private static long low(boolean ipv6, Random random) {
        return ipv6 ? random.nextLong() : random.nextInt() & 0xFFFF_FFFFL;
    }
}
