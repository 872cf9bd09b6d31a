package io.gatun.api.model;

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

    /** The HTTP status code. */
    public int status() {
        return status;
    }
}
