package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.api.daemon.RunOptions.Checks;
import io.gatun.api.daemon.RunOptions.Vrrp;
import io.gatun.api.daemon.StartException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VrrpArgumentsTest {
    private static final Checks CHECKS = new TakeoverOptions().checks();

    @Test
    void itIsOffWithoutAnIdAndAPeer() {
        assertEquals(Optional.empty(), RunArguments.vrrp(null, 200, "1s", true, List.of(), null, CHECKS));
    }

    @Test
    void aPeerAloneTurnsItOn() {
        assertEquals(
                Optional.of(new Vrrp(1, 100, 10, true, List.of(InetAddress.ofLiteral("192.168.80.6")), 0, CHECKS)),
                RunArguments.vrrp(null, 100, "100ms", true, List.of("192.168.80.6", "192.168.80.6"), null, CHECKS));
    }

    @ParameterizedTest
    @CsvSource({"10ms, 1", "100ms, 10", "1s, 100", "0.25s, 25", "40.95s, 4095", "40950ms, 4095"})
    void intervalsAreWholeHundredthsOfASecond(String text, int centiseconds) {
        assertEquals(
                centiseconds,
                RunArguments.vrrp(7, 100, text, true, List.of(), null, CHECKS)
                        .orElseThrow()
                        .intervalCs());
    }

    @Test
    void bfdNeedsAPeer() {
        assertEquals(
                50,
                RunArguments.vrrp(7, 100, "100ms", true, List.of("192.168.80.6"), "50ms", CHECKS)
                        .orElseThrow()
                        .bfdIntervalMs());
        StartException e = assertThrows(
                StartException.class, () -> RunArguments.vrrp(7, 100, "100ms", true, List.of(), "50ms", CHECKS));
        assertEquals("--bfd=50ms, name the other nodes by --peer", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9ms", "0ms", "10000ms", "1s", "50", ""})
    void bfdIntervalsAreMilliseconds(String text) {
        StartException e = assertThrows(
                StartException.class,
                () -> RunArguments.vrrp(7, 100, "100ms", true, List.of("192.168.80.6"), text, CHECKS));
        assertEquals("--bfd=" + text + ", give the time between packets from 10ms to 9999ms", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--preempt", "--no-preempt"})
    void preemptionIsOnUnlessItIsTurnedOff(String option) {
        RunCommand run = new RunCommand(() -> null, Map.of());
        new CommandLine(run).parseArgs(option.isEmpty() ? new String[0] : new String[] {option});
        assertEquals(!option.equals("--no-preempt"), run.preempt);
    }

    @Test
    void checksHaveDefaultsAndZeroTurnsThemOff() {
        assertEquals(new Checks(0, 20, 1_000, true, Optional.empty(), 10_000), CHECKS);
        TakeoverOptions options = new TakeoverOptions();
        options.preemptDelay = "30s";
        options.vipProbe = "0";
        options.stallLimit = "0";
        options.witness = "192.168.80.1";
        options.trafficAlarm = "0";
        assertEquals(
                new Checks(30_000, 0, 0, false, Optional.of(InetAddress.ofLiteral("192.168.80.1")), 0),
                options.checks());
        options.witness = "none";
        assertEquals(Optional.empty(), options.checks().witness());
    }

    @Test
    void aCheckThatCannotBeIsRefusedInOneSentence() {
        TakeoverOptions options = new TakeoverOptions();
        options.stallLimit = "100ms";
        assertRefused(options, "--stall-limit=100ms, give a time from 200ms to 3600000ms, or 0 for none");
        options.stallLimit = "1s";
        options.vipProbe = "2s";
        assertRefused(options, "--vip-probe=2s, give a time from 1ms to 1000ms, or 0 for none");
        options.vipProbe = "20ms";
        options.preemptDelay = "soon";
        assertRefused(options, "--preempt-delay=soon, give a time from 0ms to 3600000ms");
        options.preemptDelay = "0";
        options.witness = "router";
        assertRefused(options, "--witness=router, give the IP address of a neighbour on the link, gateway or none");
    }

    private static void assertRefused(TakeoverOptions options, String sentence) {
        assertEquals(
                sentence, assertThrows(StartException.class, options::checks).getMessage());
    }
}
