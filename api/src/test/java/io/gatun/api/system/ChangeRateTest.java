package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 500 changes of rules in a second while packets flow. What is waited for is printed and not judged: {@code
 * -Dgatun.soak.seconds=60} makes it a minute.
 */
@LabTest
class ChangeRateTest {
    private static final int SECONDS = Integer.getInteger("gatun.soak.seconds", 1);
    private static final int PORT = 53;
    private static final int CLIENTS = 10;
    private static final int CHANGES_PER_SECOND = 500;
    private static final long BETWEEN_NS = TimeUnit.SECONDS.toNanos(1) * CLIENTS / CHANGES_PER_SECOND;
    private static final int RULES_OF_EACH = 8;
    /** Of datagrams, at fixed times: what waits for its turn counts as late. */
    private static final long ROUND_TRIP_NS = TimeUnit.SECONDS.toNanos(1) / 2_000;

    private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    @TempDir
    Path directory;

    @Test
    void eachIsAnsweredAndNoPacketIsLost(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 2).serve();
        GatunNode node = GatunNode.start(lan.lb(), directory);
        node.rule("udp", PORT, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
        // What asks and answers waits for CPUs too: the first figures are of that alone.
        report("round trips of datagrams, past the node", roundTrips(lan, FlatLan.EP1, FlatLan.UDP, aWhile()));
        report("round trips of datagrams, no changes", roundTrips(lan, FlatLan.VIP, PORT, aWhile()));

        long startNs = System.nanoTime();
        List<Long> answers = new ArrayList<>();
        List<Long> trips;
        double seconds;
        try (ExecutorService clients =
                Executors.newThreadPerTaskExecutor(lan.lb().threads())) {
            List<CompletableFuture<long[]>> changing = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = 9_000 + client * RULES_OF_EACH;
                changing.add(CompletableFuture.supplyAsync(() -> changes(startNs, first), clients));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(changing.toArray(CompletableFuture[]::new));
            trips = roundTrips(lan, FlatLan.VIP, PORT, () -> !all.isDone());
            all.join();
            seconds = (System.nanoTime() - startNs) / 1e9;
            changing.forEach(each -> Arrays.stream(each.join()).forEach(answers::add));
        }

        report("round trips of datagrams, with changes", trips);
        report("answers to changes", answers);
        assertEquals(SECONDS * CHANGES_PER_SECOND, answers.size());
        System.out.printf(Locale.ROOT, "%.0f changes a second%n", answers.size() / seconds);
    }

    private static BooleanSupplier aWhile() {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        return () -> System.nanoTime() < endNs;
    }

    /** A datagram after the other; one that is not answered ends the test. @return from when each was due */
    private static List<Long> roundTrips(FlatLan lan, String address, int port, BooleanSupplier goOn) throws Exception {
        return lan.client().call(() -> {
            List<Long> trips = new ArrayList<>();
            try (Udp udp = Udp.open(address, port)) {
                for (long dueNs = System.nanoTime(); goOn.getAsBoolean(); dueNs += ROUND_TRIP_NS) {
                    awaitTime(dueNs);
                    udp.ask("x");
                    trips.add(System.nanoTime() - dueNs);
                }
            }
            return trips;
        });
    }

    private static void awaitTime(long dueNs) {
        for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    /** Changes the endpoints of rules in turns, at fixed times. @return how long each was waited for from its time on */
    private static long[] changes(long startNs, int firstPort) {
        long[] waits = new long[SECONDS * CHANGES_PER_SECOND / CLIENTS];
        try (Http api = Http.open("127.0.0.1", 11_111)) {
            for (int i = 0; i < waits.length; i++) {
                long dueNs = startNs + i * BETWEEN_NS;
                awaitTime(dueNs);
                change(api, firstPort + i % RULES_OF_EACH, i / RULES_OF_EACH % 2 == 0);
                waits[i] = System.nanoTime() - dueNs;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return waits;
    }

    private static void change(Http api, int port, boolean one) throws IOException {
        String body = one
                ? GatunNode.ruleJson(FlatLan.VIP, "tcp", port, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1)
                : GatunNode.ruleJson(
                        FlatLan.VIP, "tcp", port, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        api.request("POST", "/netlox/v1/config/loadbalancer", bytes.length);
        api.out().write(bytes);
        assertEquals(new Http.Answer(200, "{\"result\":\"Success\"}"), api.answer());
    }

    private static void report(String what, List<Long> durations) {
        long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();
        long late = Arrays.stream(sorted).filter(ns -> ns > LATE_NS).count();
        System.out.printf(
                Locale.ROOT,
                "%s: %d, median %.3f ms, 99 %% %.3f, 99.9 %% %.3f, longest %.3f; over 2 ms: %d%n",
                what,
                sorted.length,
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 0.999),
                at(sorted, 1),
                late);
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)] / 1e6;
    }
}
