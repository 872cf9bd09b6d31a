package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.api.daemon.RunOptions.Vrrp;
import io.gatun.api.daemon.StartException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VrrpArgumentsTest {
    @Test
    void itIsOffWithoutAnIdAndAPeer() {
        assertEquals(Optional.empty(), RunArguments.vrrp(null, 200, "1s", true, List.of(), null));
    }

    @Test
    void aPeerAloneTurnsItOn() {
        assertEquals(
                Optional.of(new Vrrp(1, 100, 10, true, List.of(InetAddress.ofLiteral("192.168.80.6")), 0)),
                RunArguments.vrrp(null, 100, "100ms", true, List.of("192.168.80.6", "192.168.80.6"), null));
    }

    @ParameterizedTest
    @CsvSource({"10ms, 1", "100ms, 10", "1s, 100", "0.25s, 25", "40.95s, 4095", "40950ms, 4095"})
    void intervalsAreWholeHundredthsOfASecond(String text, int centiseconds) {
        assertEquals(
                centiseconds,
                RunArguments.vrrp(7, 100, text, true, List.of(), null)
                        .orElseThrow()
                        .intervalCs());
    }

    @Test
    void bfdNeedsAPeer() {
        assertEquals(
                50,
                RunArguments.vrrp(7, 100, "100ms", true, List.of("192.168.80.6"), "50ms")
                        .orElseThrow()
                        .bfdIntervalMs());
        StartException e =
                assertThrows(StartException.class, () -> RunArguments.vrrp(7, 100, "100ms", true, List.of(), "50ms"));
        assertEquals("--bfd=50ms, name the other nodes by --peer", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9ms", "0ms", "10000ms", "1s", "50", ""})
    void bfdIntervalsAreMilliseconds(String text) {
        StartException e = assertThrows(
                StartException.class, () -> RunArguments.vrrp(7, 100, "100ms", true, List.of("192.168.80.6"), text));
        assertEquals("--bfd=" + text + ", give the time between packets from 10ms to 9999ms", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--preempt", "--no-preempt"})
    void preemptionIsOnUnlessItIsTurnedOff(String option) {
        RunCommand run = new RunCommand(() -> null);
        new CommandLine(run).parseArgs(option.isEmpty() ? new String[0] : new String[] {option});
        assertEquals(!option.equals("--no-preempt"), run.preempt);
    }
}
