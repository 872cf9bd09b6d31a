package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.api.daemon.StartException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoxilbOptionsTest {
    private final LoxilbOptions options = new LoxilbOptions();

    @Test
    void nodesOfTheClusterArePeersButNotThisOne() {
        options.cluster = List.of("192.168.80.6", "127.0.0.1", "192.168.80.7");
        options.ka = "192.168.80.6:0.0.0.0";
        assertEquals(List.of("192.168.80.6", "192.168.80.7"), options.peers(List.of("192.168.80.6")));
        assertEquals("100ms", options.bfd(null));
        assertEquals("50ms", options.bfd("50ms"));
    }

    @Test
    void noneIsNone() {
        options.cluster = List.of("none");
        options.ka = "none";
        assertEquals(List.of(), options.peers(List.of()));
        assertEquals(null, options.bfd(null));
        assertEquals(List.of(), options.remarks());
    }

    @ParameterizedTest
    @CsvSource({"200000, 200ms", "10000, 10ms", "9999000, 9999ms"})
    void theIntervalIsInMicroseconds(String us, String time) {
        options.ka = "192.168.80.6:127.0.0.1:" + us;
        assertEquals(time, options.bfd(null));
        assertEquals(List.of(), options.remarks());
    }

    @ParameterizedTest
    @CsvSource({"9999", "99999999999", "fast", "''"})
    void anIntervalThatCannotBeIsAsIfThereWereNone(String us) {
        options.ka = "192.168.80.6:127.0.0.1:" + us;
        assertEquals("100ms", options.bfd(null));
        assertEquals(
                List.of("--ka=" + options.ka
                        + " has an interval that is none of 10000 to 9999000 microseconds: BFD has 100ms"),
                options.remarks());
    }

    @Test
    void theSourceIsThisNode() {
        options.ka = "192.168.80.6:192.0.2.1";
        StartException e = assertThrows(StartException.class, () -> options.bfd(null));
        assertEquals(
                "--ka=192.168.80.6:192.0.2.1, give an address of this node for SOURCE, or 0.0.0.0", e.getMessage());
    }

    @Test
    void hostAndPortAreTheApiUnlessThatIsGiven() {
        assertEquals(List.of("1.2.3.4:1"), options.api(List.of("1.2.3.4:1"), false));
        options.port = "11112";
        assertEquals(List.of("0.0.0.0:11112"), options.api(List.of("0.0.0.0:11111"), false));
        options.host = "::1";
        assertEquals(List.of("[::1]:11112"), options.api(List.of("0.0.0.0:11111"), false));
        assertEquals(List.of("1.2.3.4:1"), options.api(List.of("1.2.3.4:1"), true));
    }

    @ParameterizedTest
    @CsvSource({"debug, debug", "notice, info", "warning, warn", "critical, error", "emergency, error"})
    void levelsHaveOtherNames(String theirs, String ours) {
        options.logLevel = theirs;
        assertEquals(ours, options.logLevel(null));
        assertEquals("trace", options.logLevel("trace"));
    }
}
