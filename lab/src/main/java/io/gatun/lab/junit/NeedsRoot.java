package io.gatun.lab.junit;

import io.gatun.lab.Lab;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips without root; under {@code CI=true} fails instead. */
final class NeedsRoot implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return evaluate(Lab.isRoot(), Boolean.parseBoolean(System.getenv("CI")));
    }

    /** @throws IllegalStateException on a build machine without root */
    static ConditionEvaluationResult evaluate(boolean root, boolean ci) {
        if (root) {
            return ConditionEvaluationResult.enabled("root");
        }
        if (ci) {
            throw new IllegalStateException(
                    "needs root; CI=true, so a skipped namespace test fails the build, run as root");
        }
        return ConditionEvaluationResult.disabled("needs root");
    }
}
