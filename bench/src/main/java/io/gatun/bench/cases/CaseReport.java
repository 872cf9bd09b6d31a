package io.gatun.bench.cases;

import io.gatun.bench.report.CaseResult;

/** What a case found. */
public interface CaseReport {
    /** For people. */
    String text();

    /** The same figures, for machines. */
    CaseResult result();
}
