package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.frame.DetachedPort;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.pipeline.PipelineRig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentIdleTest {
    private final CurrentSettings settings = new CurrentSettings(Settings.DEFAULT.withIdleSpins(3));
    private final SleepyPort port = new SleepyPort();

    /** Notes how long it is waited for. */
    private static final class SleepyPort extends DetachedPort {
        private final List<Integer> sleepsMs = new ArrayList<>();

        private SleepyPort() {
            super(64, 0);
        }

        @Override
        public int receive(FrameBatch batch) {
            return 0;
        }

        @Override
        public void complete(FrameBatch batch) {}

        @Override
        public boolean await(int timeoutMs) {
            sleepsMs.add(timeoutMs);
            return false;
        }
    }

    @Test
    void sleepsAfterSomeCyclesAndLongerAfterMany() {
        AgentIdle idle = idle(/* maySpin= */ true);
        idle(idle, 2);
        assertEquals(List.of(), port.sleepsMs);
        idle(idle, 100);
        assertEquals(List.of(1), port.sleepsMs.stream().distinct().toList());
        idle(idle, 10);
        assertEquals(100, port.sleepsMs.getLast());
        port.sleepsMs.clear();
        idle.idle(1);
        idle(idle, 2);
        assertEquals(List.of(), port.sleepsMs);
    }

    @Test
    void neverSleepsWhileTheSettingsSaySo() {
        AgentIdle idle = idle(/* maySpin= */ true);
        settings.change(settings.current().withSpin(true));
        idle(idle, 1_000);
        assertEquals(List.of(), port.sleepsMs);
        settings.change(settings.current().withSpin(false));
        idle(idle, 3);
        assertEquals(List.of(1), port.sleepsMs);
    }

    @Test
    void sleepsAllTheSameWhereItMayNotSpin() {
        settings.change(settings.current().withSpin(true));
        idle(idle(/* maySpin= */ false), 3);
        assertEquals(List.of(1), port.sleepsMs);
    }

    private AgentIdle idle(boolean maySpin) {
        return new AgentIdle(settings, maySpin, port, new PipelineRig().agent());
    }

    private static void idle(AgentIdle idle, int cycles) {
        for (int i = 0; i < cycles; i++) {
            idle.idle(0);
        }
    }
}
