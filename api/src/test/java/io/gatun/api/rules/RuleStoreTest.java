package io.gatun.api.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.Json;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.FakeForwarder;
import io.gatun.api.testkit.RuleBody;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleStoreTest {
    private static final int CALLERS = 8;
    private static final int CHANGES_EACH = 300;
    private static final int PORTS_EACH = 5;

    @TempDir
    Path directory;

    private final FakeForwarder forwarder = new FakeDataPlane().forwarder();
    private final AtomicInteger told = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private RuleStore store;

    @BeforeEach
    void open() throws IOException {
        store = new RuleStore(forwarder, directory, vips -> told.incrementAndGet());
        store.load();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void manyCallersAtOnceEachSeeTheirOwnRulesAsTheyLeftThem(long seed) throws Exception {
        Map<ServiceKey, Rule> wanted = new HashMap<>();
        List<CompletableFuture<Map<ServiceKey, Rule>>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(seed * CALLERS + caller);
                int first = 1 + caller * PORTS_EACH;
                callers.add(CompletableFuture.supplyAsync(() -> changes(random, first), threads));
            }
            for (CompletableFuture<Map<ServiceKey, Rule>> caller : callers) {
                wanted.putAll(caller.get(60, TimeUnit.SECONDS));
            }
        }

        assertEquals(wanted, byKey(store.rules()));
        for (Rule rule : wanted.values()) {
            assertEquals(rule.spec(), forwarder.spec(rule.key()));
        }
        assertEquals(wanted.size(), forwarder.services().size());
        RuleStore again = new RuleStore(new FakeDataPlane().forwarder(), directory, vips -> {});
        again.load();
        assertEquals(wanted, byKey(again.rules()));
    }

    @Test
    void whatComesTogetherIsSavedAndToldOnce() throws Exception {
        store.onChange(rules -> await(goOn));
        List<CompletableFuture<Void>> posts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            posts.add(CompletableFuture.runAsync(() -> store.post(request(1, 1)), threads));
            while (told.get() == 0) {
                Thread.onSpinWait();
            }
            for (int port = 2; port <= CALLERS; port++) {
                LoadBalancer next = request(port, 1);
                Thread caller = Thread.ofPlatform().start(() -> store.post(next));
                while (caller.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                posts.add(CompletableFuture.runAsync(() -> join(caller), threads));
            }
            goOn.countDown();
            for (CompletableFuture<Void> post : posts) {
                post.get(10, TimeUnit.SECONDS);
            }
        }

        assertEquals(CALLERS, store.rules().size());
        assertEquals(2, told.get());
    }

    @Test
    void oneThatIsRefusedLeavesTheOthersAlone() {
        store.post(request(1, 1));
        forwarder.reject(RejectedException.invalid("endpointIP", "192.168.80.2", "give another"));

        ApiException refusal = assertThrows(ApiException.class, () -> store.post(request(1, 2)));

        assertEquals(400, refusal.status());
        assertEquals(List.of(RuleReader.read(request(1, 1))), store.rules());
        forwarder.reject(null);
        store.post(request(1, 2));
        assertEquals(List.of(RuleReader.read(request(1, 2))), store.rules());
    }

    @Test
    void whatCannotBeSavedIsTakenBack() throws IOException {
        store.post(request(1, 1));
        Path log = directory.resolve("rules.changes-0");
        Path kept = directory.resolve("kept");
        Files.move(log, kept);
        Files.createDirectory(log); // no file can be there

        for (int endpoint = 2; endpoint <= 3; endpoint++) {
            LoadBalancer change = request(1, endpoint);
            ApiException refusal = assertThrows(ApiException.class, () -> store.post(change));
            assertTrue(refusal.getMessage().startsWith("state error"), refusal.getMessage());
        }
        assertThrows(ApiException.class, () -> store.post(request(2, 1)));
        assertThrows(ApiException.class, () -> store.deleteAll());

        Rule first = RuleReader.read(request(1, 1));
        assertEquals(List.of(first), store.rules());
        assertEquals(first.spec(), forwarder.spec(first.key()));
        assertEquals(1, forwarder.services().size());
    }

    /** Random changes of rules that nobody else changes. @return what they come to */
    private Map<ServiceKey, Rule> changes(Random random, int firstPort) {
        Map<ServiceKey, Rule> mine = new HashMap<>();
        for (int i = 0; i < CHANGES_EACH; i++) {
            LoadBalancer request = request(firstPort + random.nextInt(PORTS_EACH), 1 + random.nextInt(9));
            Rule rule = RuleReader.read(request);
            if (random.nextInt(4) == 0) {
                store.delete("192.168.80.200", rule.key().port(), 0, "tcp", 0);
                mine.remove(rule.key());
            } else if (rule.equals(mine.get(rule.key()))) {
                assertEquals(
                        409,
                        assertThrows(ApiException.class, () -> store.post(request))
                                .status());
            } else {
                store.post(request);
                mine.put(rule.key(), rule);
            }
        }
        return mine;
    }

    private static LoadBalancer request(int port, int endpoint) {
        String json = RuleBody.of("192.168.80.200", "tcp", port)
                .endpoint("192.168.80." + endpoint, 80)
                .json();
        return Json.read(json.getBytes(StandardCharsets.UTF_8), LoadBalancer.class);
    }

    private static Map<ServiceKey, Rule> byKey(List<Rule> rules) {
        Map<ServiceKey, Rule> map = new LinkedHashMap<>();
        rules.forEach(rule -> map.put(rule.key(), rule));
        return map;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
