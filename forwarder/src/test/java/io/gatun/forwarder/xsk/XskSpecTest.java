package io.gatun.forwarder.xsk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XskSpecTest {
    @ParameterizedTest
    @CsvSource({"576,2048", "1500,2048", "1770,2048", "1771,4096", "3500,4096", "3818,4096"})
    void theFrameHoldsTheMtuAndTheKernelsHeadroom(int mtu, int frameSize) {
        XskSpec spec = XskSpec.forMtu("eth0", 3, 1, mtu);

        assertEquals(frameSize, spec.frameSize());
        assertEquals("eth0 queue 1", spec.toString());
    }

    @Test
    void anMtuThatDoesNotFitIsNamedWithTheLargestThatDoes() {
        assertEquals(
                "mtu=9000 of eth0 does not fit an AF_XDP frame, set an MTU of at most 3818",
                message(() -> XskSpec.forMtu("eth0", 3, 0, 9_000)));
    }

    @Test
    void ringsAndFramesMustFitEachOther() {
        assertEquals("xsk.ringSize=100, must be a power of two", message(() -> spec(1_000, 100)));
        assertEquals("xsk.ringSize=0, must be a power of two", message(() -> spec(1_000, 0)));
        assertEquals(
                "xsk.frames=100 < fill+tx=128, raise xsk.frames or lower xsk.ringSize", message(() -> spec(100, 64)));
        assertEquals(128, spec(128, 64).frames());
    }

    private static XskSpec spec(int frames, int ringSize) {
        return new XskSpec("eth0", 3, 0, frames, 2_048, ringSize);
    }

    private static String message(Runnable body) {
        return assertThrows(IllegalArgumentException.class, body::run).getMessage();
    }
}
