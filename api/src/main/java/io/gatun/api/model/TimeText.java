package io.gatun.api.model;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}; a bare number is seconds. */
public final class TimeText {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

    private TimeText() {}

    /** Milliseconds, or empty when the text is none. */
    public static OptionalLong millis(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        long factor = switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
        return OptionalLong.of(Long.parseLong(matcher.group(1)) * factor);
    }
}
