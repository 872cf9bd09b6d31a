package io.gatun.forwarder.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespaceLockTest {
    private static final String NAME = "gatun-test-" + ProcessHandle.current().pid();

    private final Libc libc = Libc.system();

    @Test
    void oneHoldsItAtATime() {
        Map<Integer, Throwable> before = Fd.open();
        NamespaceLock held = NamespaceLock.acquire(libc, NAME).orElseThrow();
        assertTrue(NamespaceLock.acquire(libc, NAME).isEmpty());
        NamespaceLock.acquire(libc, NAME + "-other").orElseThrow().close();
        held.close();

        NamespaceLock.acquire(libc, NAME).orElseThrow().close();
        assertEquals(before.keySet(), Fd.open().keySet());
    }

    @Test
    void aNameThatDoesNotFitIsNamed() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> NamespaceLock.acquire(libc, "x".repeat(108)));

        assertTrue(e.getMessage().endsWith(", give at most 107 bytes"), e::getMessage);
    }
}
