package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.control.AgentPulse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StallJudgeTest {
    private final StallJudge judge = new StallJudge(TimeUnit.SECONDS.toNanos(1));
    private long nowNs = -3;
    private long cycles;

    @Test
    void anAgentWhoseCyclesStandStillIsFoundAfterTheLimit() {
        look(100, 1, 5, 5);
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), look(100, 0, 5, 5));
        }
        assertEquals(Optional.of("the agent eth0/0"), look(100, 0, 5, 5));
        assertEquals(Optional.empty(), look(100, 1, 5, 5));
    }

    @Test
    void aRingThatGivesNothingBackIsFoundAlthoughItsAgentRuns() {
        look(100, 1, 5, 5);
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), look(100, 1, 8 + i, 5));
        }
        assertEquals(Optional.of("the transmit ring of eth0/0 with 15 frames"), look(100, 1, 20, 5));
        assertEquals(Optional.empty(), look(100, 1, 20, 6));
    }

    @Test
    void anEmptyRingNeedNotMove() {
        for (int i = 0; i < 50; i++) {
            assertEquals(Optional.empty(), look(100, 1, -7, -7));
        }
    }

    @Test
    void whoWasAwayHimselfBeginsAnew() {
        look(100, 1, 5, 4);
        assertEquals(Optional.empty(), look(5_000, 0, 5, 4));
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), look(100, 0, 5, 4));
        }
        assertEquals(Optional.of("the agent eth0/0"), look(100, 0, 5, 4));
    }

    @Test
    void anAgentThatIsGoneIsForgotten() {
        look(100, 1, 5, 5);
        for (int i = 0; i < 20; i++) {
            nowNs += TimeUnit.MILLISECONDS.toNanos(100);
            assertEquals(Optional.empty(), judge.judge(List.of(), nowNs));
        }
    }

    private Optional<String> look(int afterMs, int moreCycles, int submitted, int completed) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(afterMs);
        cycles += moreCycles;
        return judge.judge(List.of(new AgentPulse("eth0/0", cycles, submitted, completed)), nowNs);
    }
}
