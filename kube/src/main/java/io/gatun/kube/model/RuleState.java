package io.gatun.kube.model;

/**
 * How far the load balancers are with one rule.
 *
 * @param holding members that have it as wanted; 0 when it is not wanted
 * @param members all
 * @param outdated members that still have it although unwanted, or have another form, or cannot be asked
 * @param lost those of the outdated that have not answered for so long that nothing waits for them any more
 * @param error last refusal, or empty
 */
public record RuleState(int holding, int members, int outdated, int lost, String error) {
    /** Of members that answer, or may soon. */
    public RuleState(int holding, int members, int outdated, String error) {
        this(holding, members, outdated, 0, error);
    }
}
