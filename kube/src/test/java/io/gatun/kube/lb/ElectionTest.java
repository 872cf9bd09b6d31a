package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.kube.lb.Election.Candidate;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static final URI A = URI.create("http://10.0.0.1:11111");
    private static final URI B = URI.create("http://10.0.0.2:11111");
    private static final URI C = URI.create("http://10.0.0.3:11111");
    private static final List<String> ONE = List.of("llb-inst0");
    private static final List<String> TWO = List.of("llb-inst0", "llb-inst1");

    @Test
    void theFirstThatLivesIsMaster() {
        assertEquals(Map.of("llb-inst0", A), elect(ONE, Map.of(), false, up(A), up(B)));
        assertEquals(Map.of("llb-inst0", B), elect(ONE, Map.of(), false, dead(A), up(B)));
    }

    @Test
    void aMasterStaysWhenOneBeforeItReturns() {
        assertEquals(Map.of("llb-inst0", B), elect(ONE, Map.of("llb-inst0", B), false, up(A), up(B)));
    }

    @Test
    void aDeadMasterIsReplaced() {
        assertEquals(Map.of("llb-inst0", A), elect(ONE, Map.of("llb-inst0", B), false, up(A), dead(B)));
        assertEquals(Map.of("llb-inst0", A), elect(ONE, Map.of("llb-inst0", C), false, up(A), up(B)));
    }

    @Test
    void anExcludedOneIsNeverMaster() {
        Candidate excluded = new Candidate(A, true, false);
        assertEquals(Map.of("llb-inst0", B), elect(ONE, Map.of("llb-inst0", A), false, excluded, up(B)));
        assertEquals(Map.of(), elect(ONE, Map.of("llb-inst0", A), false, excluded, dead(B)));
    }

    @Test
    void instancesHaveOneMasterOrAreSpread() {
        assertEquals(Map.of("llb-inst0", A, "llb-inst1", A), elect(TWO, Map.of(), false, up(A), up(B)));
        assertEquals(Map.of("llb-inst0", A, "llb-inst1", B), elect(TWO, Map.of(), true, up(A), up(B)));
        assertEquals(Map.of("llb-inst0", A, "llb-inst1", A), elect(TWO, Map.of(), true, up(A), dead(B)));
    }

    @Test
    void nobodyIsMasterWhereNobodyIs() {
        assertEquals(Map.of(), elect(TWO, Map.of("llb-inst0", A), true));
    }

    private static Map<String, URI> elect(
            List<String> instances, Map<String, URI> present, boolean spread, Candidate... candidates) {
        return Election.elect(List.of(candidates), instances, present, spread);
    }

    private static Candidate up(URI uri) {
        return new Candidate(uri, true, true);
    }

    private static Candidate dead(URI uri) {
        return new Candidate(uri, false, true);
    }
}
