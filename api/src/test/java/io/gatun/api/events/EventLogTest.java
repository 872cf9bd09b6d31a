package io.gatun.api.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.NodeEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLogTest {
    private static final Pattern ID = Pattern.compile("^id: (\\S+)$", Pattern.MULTILINE);

    private final EventLog log = new EventLog("run");

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void anEventHasAnIdANameAndOneLineOfData() throws InterruptedException {
        Follower follower = Follower.of(log.subscribe(""));
        assertEquals("retry: 1000\n\nid: run-0\n\n", follower.next());
        log.publish(new NodeEvent.RuleRemoved("tcp 10.0.0.1:80", "a\nb"));
        String frame = follower.next();
        assertTrue(
                frame.matches("id: run-1\nevent: rule-removed\ndata: \\{\"time\":\"[^\"]+Z\","
                        + "\"rule\":\"tcp 10.0.0.1:80\",\"name\":\"a\\\\nb\"}\n\n"),
                frame);
        log.broadcast("rates", Map.of("x", 1));
        assertEquals("event: rates\ndata: {\"x\":1}\n\n", follower.next());
    }

    @Test
    void whoComesBackGetsWhatItMissed() throws InterruptedException {
        publish(3);
        assertEquals(List.of("run-2", "run-3", "run-3"), ids(greeting("run-1")));
        assertEquals(List.of("run-3"), ids(greeting("run-3")));
        assertEquals(List.of("run-3"), ids(greeting("")));
        assertEquals(List.of("run-1", "run-2", "run-3", "run-3"), ids(greeting(EventLog.ALL_KEPT)));
        assertFalse(greeting("run-1").contains("event: reset"));
        assertFalse(greeting(EventLog.ALL_KEPT).contains("event: reset"));
    }

    @Test
    void whoHasMissedMoreThanIsKeptIsToldToReadAnew() throws InterruptedException {
        publish(EventLog.KEPT_MAX + 5);
        assertFalse(greeting("run-5").contains("event: reset"), "the next one is kept");
        for (String last : List.of("run-4", "other-9", "run-1006", "run-x", "-", "nonsense")) {
            String greeting = greeting(last);
            assertTrue(greeting.startsWith("retry: 1000\n\nevent: reset\ndata: {}\n\n"), last);
            assertEquals(EventLog.KEPT_MAX + 1, ids(greeting).size(), last);
        }
    }

    @Test
    void largeEventsAreKeptUpToASize() throws InterruptedException {
        String name = "x".repeat(100_000);
        for (int i = 0; i < 20; i++) {
            log.publish(new NodeEvent.RuleAdded("tcp 10.0.0.1:80", name, 1));
        }
        String kept = greeting(EventLog.ALL_KEPT);
        assertTrue(kept.length() < EventLog.KEPT_BYTES_MAX + 100, () -> kept.length() + " bytes");
        assertEquals(10 + 1, ids(kept).size());
    }

    @Test
    void whoIsTooSlowIsCutOffAndNobodyElse() throws InterruptedException {
        Follower slow = Follower.stuck(log.subscribe(""));
        Follower other = Follower.of(log.subscribe(""));
        other.next();
        String name = "x".repeat(1_000);
        int sent = 0;
        for (int bytes = 0; bytes < 2 * Subscription.QUEUED_BYTES_MAX; bytes += name.length()) {
            log.publish(new NodeEvent.RuleAdded("tcp 10.0.0.1:80", name, 1));
            assertTrue(other.next().startsWith("id: run-" + ++sent + "\n"));
        }
        assertEquals("cut off", slow.next());
        slow.awaitEnd();
    }

    @Test
    void thereAreSoManySubscribersAndNoMore() throws InterruptedException {
        List<Follower> followers = new ArrayList<>();
        for (int i = 1; i < EventLog.SUBSCRIBERS_MAX; i++) {
            followers.add(Follower.of(log.subscribe("")));
        }
        try (Subscription last = log.subscribe("")) {
            assertEquals(
                    503,
                    assertThrows(ApiException.class, () -> log.subscribe("")).status());
            assertTrue(log.isHeard());
            last.end();
        }
        log.subscribe("").close();
        log.close();
        for (Follower follower : followers) {
            follower.awaitEnd();
        }
        assertFalse(log.isHeard());
        assertEquals(
                503, assertThrows(ApiException.class, () -> log.subscribe("")).status());
    }

    @Test
    void aStopWaitsForNobody() throws InterruptedException {
        Follower idle = Follower.of(log.subscribe(""));
        idle.next();
        Follower stuck = Follower.stuck(log.subscribe(""));
        log.close();
        idle.awaitEnd();
        stuck.awaitEnd();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            log.publish(new NodeEvent.RoleChanged("llb-inst0", "BACKUP", "MASTER"));
        }
    }

    /** What a new subscriber gets at once. */
    private String greeting(String lastId) throws InterruptedException {
        try (Subscription subscription = log.subscribe(lastId)) {
            Follower follower = Follower.of(subscription);
            String greeting = follower.next();
            subscription.end();
            follower.awaitEnd();
            return greeting;
        }
    }

    private static List<String> ids(String text) {
        return ID.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
