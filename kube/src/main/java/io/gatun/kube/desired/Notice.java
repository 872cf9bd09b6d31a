package io.gatun.kube.desired;

/**
 * Something to tell whoever looks at a Service.
 *
 * @param reason a word for programs
 * @param message one sentence: field, value and cure
 */
public record Notice(String reason, String message) {
    static final String BAD_ANNOTATION = "BadAnnotation";
    static final String BAD_SPEC = "CannotServe";
    static final String NO_ENDPOINTS = "NoEndpoints";
}
