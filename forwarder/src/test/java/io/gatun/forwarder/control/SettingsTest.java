package io.gatun.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SettingsTest {
    private final Settings settings = Settings.DEFAULT;

    @Test
    void eachRefusalIsASentence() {
        assertEquals("batchSize=0, give 1-64", refusal(() -> settings.withBatchSize(0)));
        assertEquals("batchSize=65, give 1-64", refusal(() -> settings.withBatchSize(65)));
        assertEquals("busyPollBudget=65, give 1-64", refusal(() -> settings.withBusyPollBudget(65)));
        assertEquals("idleSpins=-1, give 0-1000000", refusal(() -> settings.withIdleSpins(-1)));
        assertEquals("flowEventBytes=-1, give 0 or more", refusal(() -> settings.withFlowEventBytes(-1)));
        assertEquals("handshakeTimeoutS=0, give 1-86400", refusal(() -> new Settings.Timeouts(0, 5, 2, 10, 10)));
        assertEquals("orphanTimeoutS=86401, give 1-86400", refusal(() -> new Settings.Timeouts(1, 5, 2, 10, 86_401)));
    }

    @Test
    void oneIsChangedAndTheOthersStay() {
        Settings.Timeouts timeouts = new Settings.Timeouts(1, 2, 3, 4, 5);
        assertEquals(
                new Settings(3, true, 4, 5, timeouts, 6),
                settings.withBatchSize(3)
                        .withSpin(true)
                        .withBusyPollBudget(4)
                        .withIdleSpins(5)
                        .withTimeouts(timeouts)
                        .withFlowEventBytes(6));
    }

    private static String refusal(Executable change) {
        return assertThrows(RejectedException.class, change).getMessage();
    }
}
