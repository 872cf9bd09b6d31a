package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.RuleBody;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * 2,000 rules of 32 endpoints, and changes while they are all in force. {@code -Dgatun.soak.changes=200000} makes more of
 * them, for hours.
 */
@LabTest
class ManyRulesTest {
    private static final Logger LOG = LoggerFactory.getLogger(ManyRulesTest.class);
    private static final int RULES = 2_000;
    private static final int ENDPOINTS = 32;
    private static final int CHANGES = Integer.getInteger("gatun.soak.changes", 240);
    /** Changes until the JVM has compiled what they run. */
    private static final int WARM_UP = CHANGES / 2;

    /** A heap and what HotSpot keeps beside it settle within this much; a leak at every change of a soak does not. */
    private static final long RESIDENT_KIB_MAX = 96 << 10;

    private static final int PORT = 9_000;
    private static final int ANSWER_MS = 200;
    private static final double NS_PER_MS = 1e6;

    @TempDir
    Path directory;

    @Test
    void aChangeTakesEffectAndLeavesNothingBehind(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 2).serve();
        Files.createDirectories(directory.resolve("state"));
        Files.writeString(directory.resolve("state/rules.json"), manyRules());
        GatunNode node = GatunNode.start(lan.lb(), directory);
        change(node, FlatLan.EP1);
        assertEquals(RULES + 1, node.rules().size());
        answeredBy(lan, "ep1");
        change(node, FlatLan.EP2); // what is opened once is open now
        answeredBy(lan, "ep2");
        ProcessFootprint before = ProcessFootprint.of(node.pid());
        ProcessFootprint warm = before;

        double[] effectMs = new double[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            if (i == WARM_UP) {
                warm = ProcessFootprint.of(node.pid());
            }
            boolean first = i % 2 == 0;
            long start = System.nanoTime();
            CompletableFuture<Void> request = CompletableFuture.runAsync(() -> {
                try {
                    change(node, first ? FlatLan.EP1 : FlatLan.EP2);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            effectMs[i] = (answeredBy(lan, first ? "ep1" : "ep2") - start) / NS_PER_MS;
            request.join();
        }

        report("the first", Arrays.copyOfRange(effectMs, 0, WARM_UP));
        report("the next", Arrays.copyOfRange(effectMs, WARM_UP, CHANGES));
        ProcessFootprint after = ProcessFootprint.of(node.pid());
        before.assertNoMore(after, Long.MAX_VALUE);
        warm.assertNoMore(after, RESIDENT_KIB_MAX);
        assertEquals(0, node.terminate());
    }

    private static void report(String which, double[] effectMs) {
        Arrays.sort(effectMs);
        LOG.info(
                "with {} rules of {} endpoints {} {} changes took effect in {} ms (median; {}-{}), the request included",
                RULES,
                ENDPOINTS,
                which,
                effectMs.length,
                effectMs[effectMs.length / 2],
                effectMs[0],
                effectMs[effectMs.length - 1]);
    }

    /**
     * Asks from new ports until this endpoint answers. An answer of the endpoint that has just been taken out may be
     * lost: its connections end at once.
     *
     * @return when it had answered
     */
    private static long answeredBy(FlatLan lan, String endpoint) throws Exception {
        return lan.client().call(() -> {
            int asked = 0;
            String answer;
            do {
                try (Udp udp = Udp.open(FlatLan.VIP, PORT, ANSWER_MS)) {
                    answer = udp.ask("who");
                } catch (SocketTimeoutException e) {
                    answer = "nobody";
                }
                asked++;
                assertTrue(asked < 100_000, "still answered by " + answer);
            } while (!answer.startsWith(endpoint));
            return System.nanoTime();
        });
    }

    private static void change(GatunNode node, String endpoint) throws Exception {
        Http.Answer answer = node.api(
                "POST",
                "/config/loadbalancer",
                RuleBody.of(FlatLan.VIP, "udp", PORT)
                        .with("mode", GatunNode.ONE_ARM)
                        .endpoint(endpoint, FlatLan.UDP)
                        .json());
        assertEquals(200, answer.status(), answer.body());
    }

    private static String manyRules() {
        List<String> rules = new ArrayList<>();
        for (int rule = 0; rule < RULES; rule++) {
            RuleBody body = RuleBody.of("192.168.80." + (201 + rule % 50), "tcp", 1_000 + rule / 50)
                    .with("mode", GatunNode.ONE_ARM)
                    .with("inactiveTimeOut", 240);
            for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
                body = body.endpoint("192.168.80." + (100 + (rule + endpoint) % 100), 8_000 + rule % 10);
            }
            rules.add(body.json());
        }
        return "{\"lbAttr\":[" + String.join(",", rules) + "]}";
    }
}
