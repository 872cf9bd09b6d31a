package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.control.IoEngine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwarderOptionsTest {
    @Test
    void halfOpenOnesLeaveAnEndpointPortsByDefault() {
        assertEquals(256, halfOpenMax(100, 0));
        assertEquals(15_000, halfOpenMax(60_000, 0));
        assertEquals(16_384, halfOpenMax(262_144, 0));
        assertEquals(65_536, halfOpenMax(262_144, 65_536));
    }

    private static int halfOpenMax(int connections, int asked) {
        return new ForwarderOptions(
                        List.of("eth0"),
                        Path.of("run"),
                        connections,
                        asked,
                        0,
                        ForwarderOptions.Snat.VIP,
                        null,
                        0,
                        0,
                        ForwarderOptions.Idle.POLL,
                        0,
                        IoEngine.XDP,
                        null,
                        null,
                        false)
                .halfOpenMax();
    }
}
