package io.gatun.api.params;

import ch.qos.logback.classic.Level;
import java.util.Locale;
import java.util.Optional;

/** loxilb's names for how much is logged, and ours for the same. */
enum LoxilbLevel {
    TRACE,
    DEBUG,
    INFO,
    /** Between info and warning; nothing here is logged as that. */
    NOTICE,
    WARNING,
    ERROR,
    CRITICAL,
    ALERT,
    EMERGENCY;

    static Optional<LoxilbLevel> of(String text) {
        for (LoxilbLevel each : values()) {
            if (each.text().equals(text)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The name of what is in force. */
    static LoxilbLevel of(Level level) {
        return switch (level.levelInt) {
            case Level.ERROR_INT, Level.OFF_INT -> ERROR;
            case Level.WARN_INT -> WARNING;
            case Level.DEBUG_INT -> DEBUG;
            case Level.TRACE_INT, Level.ALL_INT -> TRACE;
            default -> INFO;
        };
    }

    Level level() {
        return switch (this) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case NOTICE, WARNING -> Level.WARN;
            case ERROR, CRITICAL, ALERT, EMERGENCY -> Level.ERROR;
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
