package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.GatunTcp;
import io.gatun.bench.peers.HaproxyTcp;
import io.gatun.bench.peers.NftablesTcp;
import io.gatun.bench.peers.NginxTcp;
import io.gatun.bench.peers.TcpBed;
import io.gatun.bench.peers.TcpContender;
import io.gatun.bench.traffic.Wrk;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.lab.junit.LabTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second of short connections through each contender, how fast is not asked here; and the report. */
@LabTest
class CrrTest {
    private static final CrrPlan SHORT = new CrrPlan(CrrPlan.Requests.ONE_EACH, 3, 1, 1, 1, 8);
    private static final CrrPlan KEPT = new CrrPlan(CrrPlan.Requests.MANY_EACH, 3, 1, 1, 1, 8);

    @Test
    void nftablesCarriesShortConnections() {
        assertAnswers(new NftablesTcp());
    }

    @Test
    void haproxyCarriesShortConnectionsAndItsOwnTimeIsCounted() {
        assertTrue(assertAnswers(new HaproxyTcp()).ownNs() > 0);
    }

    @Test
    void nginxCarriesShortConnectionsAndTheTimeOfItsWorkersIsCounted() {
        assertTrue(assertAnswers(new NginxTcp()).ownNs() > 0);
    }

    @Test
    void gatunCarriesShortConnections() {
        assertTrue(assertAnswers(new GatunTcp(IoEngine.AUTO)).ownNs() > 0);
    }

    @Test
    void keptConnectionsCarryMoreRequestsThanShortOnes() {
        CrrSample kept = assertAnswers(new NftablesTcp(), KEPT);
        assertTrue(kept.perSecond() > assertAnswers(new NftablesTcp()).perSecond(), kept.toString());
    }

    @Test
    void theReportOfKeptConnectionsNamesRequests() {
        CrrReport report = new CrrReport(
                CrrPlan.full(CrrPlan.Requests.MANY_EACH, 3),
                List.of(result("gatun", 1, 6, 9), result("nftables", 0, 6, 6)));
        assertTrue(report.text().contains("gatun / nftables, requests/s: 1.25 (1.00-1.50) times, target 1.0"));
        assertEquals("rps", report.result().name());
        assertEquals(
                1.25, report.result().figure("gatun / nftables", "requests/s").median(), 1e-9);
    }

    @Test
    void ratiosAreThoseOfTheSameRound() {
        CrrReport report = new CrrReport(
                CrrPlan.quick(CrrPlan.Requests.ONE_EACH, 3),
                List.of(result("gatun", 1, 6, 9), result("nftables", 0, 6, 6), result("haproxy", 2, 3, 3)));
        String text = report.text();
        assertTrue(text.contains("gatun / nftables, connections/s: 1.25 (1.00-1.50) times, target 1.0"), text);
        assertTrue(text.contains("gatun / haproxy, per own CPU second: 5.00 (4.00-6.00) times, target 2.0"), text);
        assertTrue(!text.contains("nftables, per own"), text);
        assertEquals(
                5,
                report.result().figure("gatun / haproxy", "per own CPU second").median(),
                1e-9);
    }

    /** Rounds with these thousands of requests, the first of them, their mean and the last one. */
    private static ContenderResult<CrrSample> result(String name, int ownS, int first, int last) {
        List<CrrSample> samples = List.of(sample(first, ownS), sample((first + last) / 2.0, ownS), sample(last, ownS));
        return new ContenderResult<>(name, "set up somehow", "", samples);
    }

    private static CrrSample sample(double thousands, int ownS) {
        Wrk.Result result = new Wrk.Result((long) (1_000 * thousands), 1, 0);
        return new CrrSample(result, 2_000_000_000L, ownS * 1_000_000_000L, "");
    }

    private static CrrSample assertAnswers(TcpContender contender) {
        return assertAnswers(contender, SHORT);
    }

    private static CrrSample assertAnswers(TcpContender contender, CrrPlan plan) {
        try (TcpBed bed = TcpBed.open();
                Contender.Running running = contender.start(bed)) {
            CrrSample sample = CrrBench.ask(bed, running, plan);
            assertTrue(sample.requests().requests() > 100, sample.toString());
            assertEquals(0, sample.requests().errors(), sample.toString());
            return sample;
        }
    }
}
