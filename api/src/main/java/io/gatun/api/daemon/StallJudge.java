package io.gatun.api.daemon;

import io.gatun.forwarder.control.AgentPulse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether agents and rings move, judged by successive pulses and the time. Pure. When it was not asked for half of the
 * limit it was away itself, with the agents perhaps: then it begins anew.
 */
final class StallJudge {
    private final long limitNs;
    private Map<String, Seen> seen = Map.of();
    private long lastNs;

    /**
     * @param cycleNs when the agent was seen to move last
     * @param ringNs when frames were seen to come back last, or none was out
     */
    private record Seen(AgentPulse pulse, long cycleNs, long ringNs) {}

    StallJudge(long limitNs) {
        this.limitNs = limitNs;
    }

    /** What has stood still for longer than the limit, in words. */
    Optional<String> judge(List<AgentPulse> pulses, long nowNs) {
        boolean away = nowNs - lastNs > limitNs / 2;
        lastNs = nowNs;
        Map<String, Seen> now = new HashMap<>();
        String stalled = null;
        for (AgentPulse pulse : pulses) {
            Seen before = away ? null : seen.get(pulse.agent());
            Seen after = before == null ? new Seen(pulse, nowNs, nowNs) : since(before, pulse, nowNs);
            now.put(pulse.agent(), after);
            if (nowNs - after.cycleNs > limitNs) {
                stalled = "the agent " + pulse.agent();
            } else if (nowNs - after.ringNs > limitNs) {
                stalled = "the transmit ring of " + pulse.agent() + " with " + (pulse.submitted() - pulse.completed())
                        + " frames";
            }
        }
        seen = now;
        return Optional.ofNullable(stalled);
    }

    private static Seen since(Seen before, AgentPulse pulse, long nowNs) {
        boolean cycled = pulse.cycles() != before.pulse.cycles();
        boolean moved = pulse.completed() != before.pulse.completed() || pulse.submitted() == pulse.completed();
        return new Seen(pulse, cycled ? nowNs : before.cycleNs, moved ? nowNs : before.ringNs);
    }
}
