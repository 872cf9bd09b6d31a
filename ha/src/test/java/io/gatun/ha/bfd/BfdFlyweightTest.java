package io.gatun.ha.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class BfdFlyweightTest {
    /** Version 1, diagnostic 1, Init with poll, multiplier 3, 24 bytes, 7 to 9, 50 ms, 20 ms, no echo. */
    private static final String PACKET = "21 a0 03 18 00000007 00000009 0000c350 00004e20 00000000";

    /** What is wrong, as the packet that is; all are 24 bytes that came with 255. */
    private static final Map<String, BfdVerdict> REFUSED = Map.of(
            "41 a0 03 18 00000007 00000009 0000c350 00004e20 00000000", BfdVerdict.BAD_VERSION,
            "21 a0 03 17 00000007 00000009 0000c350 00004e20 00000000", BfdVerdict.BAD_LENGTH,
            "21 a0 03 19 00000007 00000009 0000c350 00004e20 00000000", BfdVerdict.BAD_LENGTH,
            "21 a4 03 18 00000007 00000009 0000c350 00004e20 00000000", BfdVerdict.BAD_LENGTH,
            "21 a0 00 18 00000007 00000009 0000c350 00004e20 00000000", BfdVerdict.ZERO_MULTIPLIER,
            "21 a1 03 18 00000007 00000009 0000c350 00004e20 00000000", BfdVerdict.MULTIPOINT,
            "21 a0 03 18 00000000 00000009 0000c350 00004e20 00000000", BfdVerdict.ZERO_MY_DISCRIMINATOR,
            "21 a0 03 18 00000007 00000000 0000c350 00004e20 00000000", BfdVerdict.ZERO_YOUR_DISCRIMINATOR,
            "21 c0 03 18 00000007 00000000 0000c350 00004e20 00000000", BfdVerdict.ZERO_YOUR_DISCRIMINATOR);

    private final BfdFlyweight packet = new BfdFlyweight();

    @Test
    void fieldsAreWhereTheRfcHasThem() {
        assertEquals(BfdVerdict.ACCEPTED, judge(PACKET, 255));
        assertEquals(BfdDiagnostic.DETECTION_TIME_EXPIRED, packet.diagnostic());
        assertEquals(BfdState.INIT, packet.state());
        assertTrue(packet.poll());
        assertFalse(packet.isFinal());
        assertFalse(packet.demand());
        assertEquals(3, packet.multiplier());
        assertEquals(7, packet.myDiscriminator());
        assertEquals(9, packet.yourDiscriminator());
        assertEquals(50_000, packet.desiredMinTxUs());
        assertEquals(20_000, packet.requiredMinRxUs());
    }

    @Test
    void whatIsWrittenIsThePacket() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[32]);
        packet.wrap(buffer, 4)
                .fillConstants()
                .diagnostic(BfdDiagnostic.DETECTION_TIME_EXPIRED)
                .stateAndFlags(BfdState.INIT, /* poll= */ true, /* isFinal= */ false)
                .multiplier(3)
                .myDiscriminator(7)
                .yourDiscriminator(9)
                .desiredMinTxUs(50_000)
                .requiredMinRxUs(20_000);
        byte[] written = new byte[BfdFlyweight.LENGTH_BYTES];
        buffer.getBytes(4, written);
        assertEquals(PACKET.replace(" ", ""), HexFormat.of().formatHex(written));
    }

    @Test
    void eachFaultHasItsName() {
        Set<BfdVerdict> seen = EnumSet.of(BfdVerdict.ACCEPTED, BfdVerdict.NO_SESSION);
        REFUSED.forEach((hex, verdict) -> {
            assertEquals(verdict, judge(hex, 255), hex);
            seen.add(verdict);
        });
        for (int hopLimit : new int[] {-1, 0, 64, 254}) {
            assertEquals(BfdVerdict.FROM_AFAR, judge(PACKET, hopLimit));
        }
        seen.add(BfdVerdict.FROM_AFAR);
        for (int length = 0; length < BfdFlyweight.LENGTH_BYTES; length++) {
            assertEquals(BfdVerdict.TRUNCATED, judge(PACKET.replace(" ", "").substring(0, 2 * length), 255));
        }
        seen.add(BfdVerdict.TRUNCATED);
        // Authentication is judged after the session is found: BfdPeerTableTest.
        seen.add(BfdVerdict.UNEXPECTED_AUTHENTICATION);
        assertEquals(EnumSet.allOf(BfdVerdict.class), seen);
    }

    @Test
    void aSenderWhoIsDownNeedNotKnowWhomItMeans() {
        assertEquals(BfdVerdict.ACCEPTED, judge(PACKET.replace("a0", "60").replace("00000009", "00000000"), 255));
        assertEquals(BfdVerdict.ACCEPTED, judge(PACKET.replace("a0", "20").replace("00000009", "00000000"), 255));
    }

    @Test
    void bytesBehindThePacketAreIgnored() {
        assertEquals(BfdVerdict.ACCEPTED, judge(PACKET + "ffff", 255));
        assertEquals(BfdVerdict.ACCEPTED, judge(PACKET.replace("a0 03 18", "a4 03 1c") + "01040101", 255));
        assertTrue(packet.authenticated());
    }

    @Test
    void diagnosticsThatAreNotAssignedHaveAName() {
        assertEquals(BfdVerdict.ACCEPTED, judge(PACKET.replace("21 ", "3f "), 255));
        assertEquals(BfdDiagnostic.UNASSIGNED, packet.diagnostic());
    }

    @Test
    void nothingIsReadBeyondWhatWasReceived() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = 0x20;
            }
            packet.wrap(new UnsafeBuffer(bytes), 0); // its bounds are checked
            if (packet.validate(bytes.length, 255) == BfdVerdict.ACCEPTED) {
                assertTrue(packet.requiredMinRxUs() >= 0 && packet.multiplier() > 0);
            }
        }
    }

    private BfdVerdict judge(String hex, int hopLimit) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return packet.wrap(new UnsafeBuffer(bytes), 0).validate(bytes.length, hopLimit);
    }
}
