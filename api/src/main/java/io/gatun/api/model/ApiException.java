package io.gatun.api.model;

import io.gatun.forwarder.control.RejectedException;

/**
 * A request that is refused. The message is what the client reads: loxilb's key phrase, then field, value and cure in
 * one sentence. kube-loxilb takes any text with "exist" in it for success, so only {@link #exists} may have it.
 */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** 400 with one of loxilb's key phrases: {@code malformed-service error: externalIP=x, give an IPv4 address}. */
    public static ApiException invalid(String phrase, String field, Object value, String cure) {
        return new ApiException(400, phrase + ": " + field + "=" + value + ", " + cure);
    }

    /** 422: the body does not have the shape of a request. */
    public static ApiException unreadable(String sentence) {
        return new ApiException(422, sentence);
    }

    /** 409 for a rule that is there already, unchanged. */
    public static ApiException exists() {
        return new ApiException(409, "lbrule-exists error");
    }

    /** 400 for the paths that are Gatun's own: {@code count=0, give 1-10000}. */
    public static ApiException invalid(String field, Object value, String cure) {
        return new ApiException(400, field + "=" + value + ", " + cure);
    }

    /** What the forwarder says, with the status of its kind. */
    public static ApiException of(RejectedException refusal) {
        int status = switch (refusal.kind()) {
            case INVALID -> 400;
            case CONFLICT -> 409;
            case CAPACITY -> 403;
        };
        return new ApiException(status, refusal.getMessage());
    }

    /**
     * Direct server return without hash selection. loxilb answers this one with 200 and a result that is no Success
     * (contract section 3.2); clients show the text as it is.
     */
    public static ApiException onlyHashForDsr() {
        return new ApiException(200, "Error: Only Hash Selection criteria allowed for DSR mode");
    }

    /** The HTTP status code; 200 for a refusal that only its result tells. */
    public int status() {
        return status;
    }
}
