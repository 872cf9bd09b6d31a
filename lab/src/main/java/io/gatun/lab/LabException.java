package io.gatun.lab;

/** A lab cannot do what was asked; the message names the field, its value and the cure, or holds the full stderr. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }

    static LabException invalid(String field, Object value, String cure) {
        return new LabException(field + "=" + value + ", " + cure);
    }
}
