package io.gatun.api.model;

/**
 * What every refusal answers. {@code message} and {@code result} say the same: loxicmd prints one, kube-loxilb logs the
 * other.
 */
public record ErrorAnswer(int code, Object fields, String message, String result) {
    public static ErrorAnswer of(int code, String message) {
        return new ErrorAnswer(code, null, message, message);
    }
}
