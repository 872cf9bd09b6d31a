package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.role.Role;
import io.gatun.ha.wire.Frames;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The announcer on its own thread. */
@Timeout(30)
class AnnouncerTest {
    private final MemoryWire wire = new MemoryWire();
    private final AnnouncerInterface link = new AnnouncerInterface("lan", 2, Frames.OURS, List.of());

    @Test
    void commandsFromManyThreadsComeIntoForce() throws Exception {
        try (Announcer announcer = Announcer.start(List.of(link), (each, protocol) -> wire, 0, Thread::new)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                threads.add(Thread.ofVirtual().start(() -> addVips(announcer.proxy(), thread)));
            }
            for (Thread thread : threads) {
                assertTrue(thread.join(Duration.ofSeconds(20)));
            }
            assertEquals(400, announcer.proxy().counter(AnnouncerCounter.COMMANDS));
        }
        assertTrue(wire.isClosed());
    }

    private static void addVips(AnnouncerProxy proxy, int thread) {
        try {
            for (int i = 0; i < 100; i++) {
                InetAddress vip = InetAddress.getByAddress(new byte[] {10, 0, (byte) thread, (byte) i});
                proxy.role(vip, Role.BACKUP).get(10, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCannotBeOpenedClosesWhatWas() {
        List<AnnouncerInterface> links = List.of(link, new AnnouncerInterface("gone", 99, Frames.OURS, List.of()));
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> Announcer.start(
                        links,
                        (each, protocol) -> {
                            if (each.ifindex() == 99) {
                                throw new IllegalStateException("no such interface");
                            }
                            return wire;
                        },
                        0,
                        Thread::new));
        assertEquals("no such interface", e.getMessage());
        assertTrue(wire.isClosed());
    }

    @Test
    void afterCloseCommandsFail() {
        Announcer announcer = Announcer.start(List.of(link), (each, protocol) -> wire, 0, Thread::new);
        announcer.close();
        CompletableFuture<Void> late = announcer.proxy().reannounce();
        assertThrows(CompletionException.class, late::join);
    }
}
