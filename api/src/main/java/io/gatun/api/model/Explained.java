package io.gatun.api.model;

import io.gatun.forwarder.control.Explanation;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a packet goes where it goes, as {@code GET /gatun/v1/explain} tells it.
 *
 * @param steps in the order in which the packet meets them
 * @param verdict {@code forward}, {@code answer}, {@code pass} (the host's own stack) or {@code drop}
 * @param dropReason label of the counter of a drop, empty otherwise
 */
public record Explained(List<Step> steps, String verdict, String dropReason) {
    private static final String STEP_FORMAT = "%-9s %s";

    public Explained {
        steps = steps == null ? List.of() : List.copyOf(steps);
        verdict = verdict == null ? "" : verdict;
        dropReason = dropReason == null ? "" : dropReason;
    }

    /**
     * One step.
     *
     * @param stage {@code steering}, {@code rule}, {@code flow}, {@code endpoint}, {@code rewrite}, {@code next-hop} or
     *     {@code drop}
     * @param text one sentence
     */
    public record Step(String stage, String text) {}

    /** The same on the wire. */
    public static Explained of(Explanation explanation) {
        List<Step> steps = explanation.steps().stream()
                .map(step -> new Step(step.stage(), step.text()))
                .toList();
        return new Explained(steps, explanation.verdict(), explanation.dropReason());
    }

    /** Whether somebody gets an answer or the packet itself from us. */
    public boolean served() {
        return verdict.equals("forward") || verdict.equals("answer");
    }

    /** A line for each step, the stage first, and one for the verdict. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        steps.forEach(step -> lines.add(STEP_FORMAT.formatted(step.stage(), step.text())));
        lines.add(STEP_FORMAT.formatted("verdict", verdict + (dropReason.isEmpty() ? "" : " (" + dropReason + ")")));
        return lines;
    }
}
