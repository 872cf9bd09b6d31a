package io.gatun.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Spread FORMER = Spread.of(90, 100, 110);
    private static final Spread SAME = Spread.of(85, 99, 108);
    private static final Spread LOWER = Spread.of(70, 75, 80);
    private static final Spread HIGHER = Spread.of(120, 130, 140);

    @Test
    void beyondTheNoiseAreRangesThatDoNotTouch() {
        assertEquals(Verdict.WORSE, Change.verdict(Better.HIGHER, FORMER, LOWER));
        assertEquals(Verdict.BETTER, Change.verdict(Better.HIGHER, FORMER, HIGHER));
        assertEquals(Verdict.WORSE, Change.verdict(Better.LOWER, FORMER, HIGHER));
        assertEquals(Verdict.BETTER, Change.verdict(Better.LOWER, FORMER, LOWER));
        assertEquals(Verdict.WITHIN_NOISE, Change.verdict(Better.HIGHER, FORMER, Spread.of(70, 80, 90)));
        assertEquals(Verdict.NOT_COMPARABLE, Change.verdict(Better.NEITHER, FORMER, LOWER));
    }

    @Test
    void narrowRangesCloseToEachOtherAreNoise() {
        Spread former = Spread.of(100, 100, 100);
        assertEquals(Verdict.WITHIN_NOISE, Change.verdict(Better.HIGHER, former, Spread.of(95, 95, 95)));
        assertEquals(Verdict.WORSE, Change.verdict(Better.HIGHER, former, Spread.of(94, 94, 94)));
    }

    @Test
    void ofNothingLostAnyLossIsWorse() {
        assertEquals(Verdict.WORSE, Change.verdict(Better.LOWER, Spread.of(0, 0, 0), Spread.of(1, 2, 3)));
    }

    @Test
    void whatGotWorseIsNamedWithBothSpreads() {
        Comparison comparison = Comparison.of(run("6.1", FORMER, FORMER, FORMER), run("6.1", LOWER, SAME, LOWER));
        assertTrue(comparison.isWorse());
        String text = comparison.text();
        assertTrue(text.contains("100 (90-110)"), text);
        assertTrue(text.contains("75 (70-80)"), text);
        assertTrue(text.contains("-25.0 %"), text);
        assertTrue(text.contains("one unchanged figure of 20 has"), text);
        assertTrue(text.contains("within the noise: 1\n"), text);
    }

    @Test
    void whatGotWorseWithAPeerIsTheMachines() {
        Comparison comparison = Comparison.of(run("6.1", FORMER, FORMER, FORMER), run("6.1", LOWER, LOWER, SAME));
        assertFalse(comparison.isWorse());
        assertTrue(comparison.text().contains("worse, and so is a peer: the machine"), comparison.text());
    }

    @Test
    void onAnotherMachineOnlyRatiosCount() {
        Comparison slower = Comparison.of(run("6.1", FORMER, FORMER, FORMER), run("6.2", LOWER, SAME, SAME));
        assertFalse(slower.isWorse());
        assertTrue(slower.text().contains("only ratios are compared: kernel 6.2, was 6.1"), slower.text());
        assertTrue(Comparison.of(run("6.1", FORMER, FORMER, FORMER), run("6.2", SAME, SAME, LOWER))
                .isWorse());
    }

    @Test
    void casesOfAnotherPlanAreNotCompared() {
        Results before = run("6.1", FORMER, FORMER, FORMER);
        CaseResult other = CaseResult.of("forward")
                .plan("windowMs", 2_000)
                .subject("gatun", Subject.Kind.OURS, "", "")
                .figure("received", "packets/s", Better.HIGHER, LOWER)
                .build();
        Comparison comparison = Comparison.of(before, Results.of(before.environment(), List.of(other)));
        assertFalse(comparison.isWorse());
        assertEquals(
                List.of("forward: not compared, its plan is {windowMs=2000}, was {windowMs=700}"),
                comparison.remarks());
    }

    static Results run(String kernel, Spread ours, Spread peer, Spread ratio) {
        CaseResult result = CaseResult.of("forward")
                .plan("windowMs", 700)
                .subject("gatun", Subject.Kind.OURS, "sleeps", "")
                .figure("received", "packets/s", Better.HIGHER, ours)
                .subject("nftables", Subject.Kind.PEER, "GRO on", "")
                .figure("received", "packets/s", Better.HIGHER, peer)
                .ratio("gatun", "nftables")
                .figure("received", "1", Better.HIGHER, ratio)
                .detail("targetRatio", 1.6)
                .build();
        return Results.of(
                new Environment(
                        "2026-01-01T00:00:00Z", "0123456789ab", kernel, "a CPU", 2, 4_096, "25", List.of("gro"), 0.1),
                List.of(result));
    }
}
