package io.gatun.forwarder.control;

import java.util.List;

/**
 * Why a packet goes where it goes.
 *
 * @param steps in the order in which the packet meets them
 * @param verdict {@code forward}, {@code answer}, {@code pass} (the host's own stack) or {@code drop}
 * @param dropReason label of the drop reason, empty unless the packet is counted as dropped
 */
public record Explanation(List<Step> steps, String verdict, String dropReason) {
    /**
     * One step.
     *
     * @param stage {@code steering}, {@code rule}, {@code flow}, {@code endpoint}, {@code rewrite}, {@code next-hop} or
     *     {@code drop}
     * @param text one sentence
     */
    public record Step(String stage, String text) {}

    public Explanation {
        steps = List.copyOf(steps);
    }
}
