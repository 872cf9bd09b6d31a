package io.gatun.api.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Lines of this weight and above are logged. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** As it is written in settings. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<LogLevel> of(String text) {
        return Arrays.stream(values())
                .filter(level -> level.text().equals(text))
                .findFirst();
    }
}
