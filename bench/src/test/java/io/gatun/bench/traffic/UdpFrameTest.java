package io.gatun.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class UdpFrameTest {
    private static final TrafficSpec SPEC = Specs.traffic(1_000);

    @Test
    void isTheBytesThatAnotherStackWouldSend() {
        assertEquals(
                "020000000002020000000001" + "0800"
                        + "4500002e000040004011189cc0a8500ac0a850c8"
                        + "4e210050001a8e25"
                        + "01000000" + "0000000000000000000000000000",
                HexFormat.of().formatHex(UdpFrame.of(SPEC, 1)));
    }

    @Test
    void checksumsHoldForEveryFlow() {
        for (int flow = 0; flow < SPEC.flows(); flow++) {
            assertTrue(UdpFrame.checksumsHold(UdpFrame.of(SPEC, flow)), "flow " + flow);
        }
    }

    @Test
    void aChangedByteOrAMissingChecksumIsNoticed() {
        byte[] frame = UdpFrame.of(SPEC, 7);
        frame[UdpFrame.DESTINATION + 3]++;
        assertFalse(UdpFrame.checksumsHold(frame));

        byte[] unchecked = UdpFrame.of(SPEC, 7);
        unchecked[UdpFrame.UDP_CHECKSUM] = 0;
        unchecked[UdpFrame.UDP_CHECKSUM + 1] = 0;
        assertFalse(UdpFrame.checksumsHold(unchecked));
    }

    @Test
    void describesItself() {
        assertEquals(
                "192.168.80.10:20003 > 192.168.80.200:80 protocol 17 ttl 64", UdpFrame.describe(UdpFrame.of(SPEC, 3)));
    }

    @Test
    void tooManyFlowsForThePortsAreRefused() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new TrafficSpec(9_000, SPEC.source(), 60_000, SPEC.destination(), 80, "", ""));
        assertEquals("firstPort=60000 with flows=9000, the last port must be at most 65535", refused.getMessage());
    }
}
