package io.gatun.api.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.model.ApiException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private static final int CALLERS = 200;

    private final List<List<Integer>> made = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatComesWhileOthersAreMadeIsMadeTogetherAndInOrder() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Together<Integer> together = new Together<>(asked -> {
            busy.countDown();
            await(goOn);
            note(asked);
        });
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = callers.submit(() -> together.make(0));
            await(busy);
            List<Thread> waiting = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int change = i;
                Thread caller = Thread.ofPlatform().start(() -> together.make(change));
                awaitWaiting(caller);
                waiting.add(caller);
            }
            goOn.countDown();
            first.get();
            for (Thread caller : waiting) {
                caller.join();
            }
        }
        assertEquals(List.of(List.of(0), List.of(1, 2, 3)), made);
    }

    @Test
    void eachCallerGetsItsOwnOutcome() throws Exception {
        Together<Integer> together = new Together<>(asked -> asked.forEach(each -> {
            if (each.change() % 3 == 0) {
                each.refused(new ApiException(400, "no " + each.change()));
            } else {
                each.made();
            }
        }));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> outcomes = IntStream.range(0, CALLERS)
                    .mapToObj(change -> CompletableFuture.runAsync(
                            () -> {
                                if (change % 3 == 0) {
                                    ApiException refusal =
                                            assertThrows(ApiException.class, () -> together.make(change));
                                    assertEquals("no " + change, refusal.getMessage());
                                } else {
                                    together.make(change);
                                }
                            },
                            callers))
                    .toList();
            CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatTheMakerThrowsIsTheOutcomeAndTheNextChangeIsMade() {
        Together<Integer> together = new Together<>(asked -> {
            if (asked.getFirst().change() < 0) {
                throw new IllegalStateException("broken");
            }
            note(asked);
        });

        assertEquals(
                "broken",
                assertThrows(IllegalStateException.class, () -> together.make(-1))
                        .getMessage());
        together.make(1);
        assertEquals(List.of(List.of(1)), made);
    }

    @Test
    void noMoreThanABoundAreMadeTogether() throws Exception {
        Together<Integer> together = new Together<>(this::note);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, CALLERS).forEach(change -> callers.execute(() -> together.make(change)));
        }
        assertEquals(CALLERS, made.stream().mapToInt(List::size).sum());
        assertTrue(made.stream().allMatch(each -> each.size() <= Together.CHANGES_MAX));
    }

    private void note(List<Together.Asked<Integer>> asked) {
        made.add(asked.stream().map(Together.Asked::change).toList());
        asked.forEach(Together.Asked::made);
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
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
