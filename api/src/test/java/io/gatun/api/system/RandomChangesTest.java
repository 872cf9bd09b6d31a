package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of rules by several clients of the API, in an order that follows from a seed, while packets flow: whoever
 * answers is an endpoint that the rule has had, and the process keeps nothing of it. {@code -Dgatun.soak.changes=200000}
 * makes so many.
 */
@LabTest
class RandomChangesTest {
    private static final Logger LOG = LoggerFactory.getLogger(RandomChangesTest.class);
    private static final int CHANGES = Integer.getInteger("gatun.soak.changes", 2_000);
    private static final long SEED = Long.getLong("gatun.soak.seed", 20_261_127);
    private static final int CLIENTS = 4;
    private static final int RULES_EACH = 8;
    private static final int RULES = CLIENTS * RULES_EACH;
    private static final int FIRST_PORT = 9_000;
    private static final int STEADY_PORT = 53;
    /** Changes before memory is looked at for the first time. */
    private static final int WARM_UP = CHANGES / 2;

    private static final int ANSWER_MS = 20;
    /** Frames of a UMEM, twice: had they been lost, packets would be too. */
    private static final int AFTERWARDS = 8_192;

    private static final long RESIDENT_KIB_MAX = 96 << 10;

    /** By the remainder of a rule's port: the endpoints that it may ever have. */
    private static final List<List<String>> ALLOWED =
            List.of(List.of(FlatLan.EP1), List.of(FlatLan.EP2), List.of(FlatLan.EP1, FlatLan.EP2));

    @TempDir
    Path directory;

    private final AtomicInteger changes = new AtomicInteger();
    private int answers;

    @Test
    void noPacketGoesAstrayAndNothingIsKept(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 2).serve();
        GatunNode node = GatunNode.start(lan.lb(), directory);
        node.rule("udp", STEADY_PORT, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
        change(lan, 0, WARM_UP);
        ProcessFootprint before = ProcessFootprint.of(node.pid());

        change(lan, 1, CHANGES - WARM_UP);

        LOG.info("{} changes, {} answers looked at", changes.get(), answers);
        assertEquals(CHANGES, changes.get());
        assertTrue(answers > 0, "nobody answered");
        lan.client().run(() -> {
            try (Udp udp = Udp.open(FlatLan.VIP, STEADY_PORT)) {
                for (int i = 0; i < AFTERWARDS; i++) {
                    assertTrue(udp.ask("x").startsWith("ep1"));
                }
            }
        });
        before.assertNoMore(ProcessFootprint.of(node.pid()), RESIDENT_KIB_MAX);
        assertEquals(0, node.terminate());
    }

    private void change(FlatLan lan, int half, int count) throws Exception {
        try (ExecutorService clients =
                Executors.newThreadPerTaskExecutor(lan.lb().threads())) {
            List<CompletableFuture<Void>> changing = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(SEED + 2L * client + half);
                int first = FIRST_PORT + client * RULES_EACH;
                int share = count / CLIENTS + (client < count % CLIENTS ? 1 : 0);
                changing.add(CompletableFuture.runAsync(() -> changes(random, first, share), clients));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(changing.toArray(CompletableFuture[]::new));
            answers += traffic(lan, all);
            all.join();
        }
    }

    /** Asks rules at random until the changes are done. @return how often an endpoint answered */
    private static int traffic(FlatLan lan, CompletableFuture<Void> until) throws Exception {
        Random random = new Random(SEED);
        return lan.client().call(() -> {
            int answered = 0;
            while (!until.isDone()) {
                int port = FIRST_PORT + random.nextInt(RULES);
                try (Udp udp = Udp.open(FlatLan.VIP, port, ANSWER_MS)) {
                    String answer = udp.ask("who");
                    String endpoint = answer.startsWith("ep1") ? FlatLan.EP1 : FlatLan.EP2;
                    assertTrue(allowed(port).contains(endpoint), () -> port + " was answered by " + answer);
                    answered++;
                } catch (SocketTimeoutException | PortUnreachableException e) {
                    // The rule is away, or its endpoint has left with the question under way.
                }
            }
            return answered;
        });
    }

    private void changes(Random random, int firstPort, int count) {
        try (Http api = Http.open("127.0.0.1", 11_111)) {
            for (int i = 0; i < count; i++) {
                Http.Answer answer = change(api, random, firstPort + random.nextInt(RULES_EACH));
                // 409: it is so already; 404: there is nothing to detach from.
                assertTrue(List.of(200, 404, 409).contains(answer.status()), answer::body);
                changes.incrementAndGet();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Http.Answer change(Http api, Random random, int port) throws IOException {
        if (random.nextInt(5) == 0) {
            String path = "/netlox/v1/config/loadbalancer/externalipaddress/" + FlatLan.VIP + "/port/" + port
                    + "/protocol/udp";
            api.request("DELETE", path, 0);
            return api.answer();
        }
        List<String> endpoints = allowed(port);
        List<String> chosen = endpoints.size() == 1 || random.nextBoolean()
                ? endpoints
                : List.of(endpoints.get(random.nextInt(endpoints.size())));
        String json = GatunNode.ruleJson(
                FlatLan.VIP, "udp", port, GatunNode.ONE_ARM, FlatLan.UDP, chosen.toArray(String[]::new));
        int oper = random.nextInt(4); // 0 and 3 put the rule, 1 attaches, 2 detaches
        byte[] body = json.replace("\"mode\":", "\"oper\":" + oper % 3 + ",\"sel\":" + random.nextInt(2) + ",\"mode\":")
                .getBytes(StandardCharsets.UTF_8);
        api.request("POST", "/netlox/v1/config/loadbalancer", body.length);
        api.out().write(body);
        return api.answer();
    }

    private static List<String> allowed(int port) {
        return ALLOWED.get(port % ALLOWED.size());
    }
}
