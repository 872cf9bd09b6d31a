package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.config.Setting;
import io.gatun.api.log.LogLevel;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.RuleBody;
import io.gatun.ha.health.ProbePace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changed settings reach the parts, and only when they are on disk. */
class LiveConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void probesHaveTheNewPaceAtOnce() {
        try (Api api = Api.start(this::read, read(Map.of()), new FakeDataPlane())) {
            api.post("/config/loadbalancer", rule());
            assertEquals(60, period(api));
            assertEquals(
                    200, api.postOwn("/config", "{\"probe-interval\":\"5s\"}").statusCode());
            assertEquals(5, period(api));
            assertEquals(
                    200, api.postOwn("/config", "{\"probe-interval\":null}").statusCode());
            assertEquals(60, period(api));
        }
    }

    @Test
    void whatCannotBeSavedIsNotInForce() throws IOException {
        try (Api api = Api.start(this::read, read(Map.of()), new FakeDataPlane())) {
            api.post("/config/loadbalancer", rule());
            Path next = Files.createDirectories(directory.resolve("state/settings.json.next/in-the-way"));
            var answer = api.postOwn("/config", "{\"probe-interval\":\"5s\"}");
            assertEquals(500, answer.statusCode());
            assertTrue(answer.body().contains("state error: settings are not saved ("), answer.body());
            assertEquals(60, period(api));
            Files.delete(next);
        }
    }

    /** One setting only, which is 60s unless the API has changed it. */
    private Concluded read(Map<String, String> changes) {
        String interval = changes.getOrDefault("probe-interval", "60s");
        long seconds = Long.parseLong(interval.substring(0, interval.length() - 1));
        return new Concluded(
                Api.options(directory, 0),
                new Tuning(LogLevel.INFO, ProbePace.of(seconds * 1_000, 0, 0, 0)),
                List.of(new Setting("probe-interval", List.of(interval), "default")),
                List.of());
    }

    private static String rule() {
        return RuleBody.of("192.168.80.200", "tcp", 80)
                .with("monitor", true)
                .endpoint("192.168.80.11", 8080)
                .json();
    }

    private static int period(Api api) {
        return Api.json(api.get("/config/endpoint/all"))
                .at("/Attr/0/probeDuration")
                .asInt();
    }
}
