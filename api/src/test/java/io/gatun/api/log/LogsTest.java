package io.gatun.api.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of the level of the settings and the one that a client sets, the last change counts. */
class LogsTest {
    @AfterEach
    void restore() {
        Logs.own().setLevel(null);
        Logs.level(LogLevel.INFO);
    }

    @Test
    void aChangeTakesBackWhatAClientHasSet() {
        Logs.level(LogLevel.INFO);
        Logs.own().setLevel(Level.DEBUG);

        Logs.level(LogLevel.INFO);
        assertEquals(Level.DEBUG, Logs.own().getEffectiveLevel(), "settings were read again, with the same level");

        Logs.level(LogLevel.WARN);
        assertNull(Logs.own().getLevel());
        assertEquals(Level.WARN, Logs.own().getEffectiveLevel());
    }
}
