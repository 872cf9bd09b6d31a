package io.gatun.api.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A headless Chromium in a host, driven by the WebDriver protocol (W3C WebDriver, sections 6 to 17) of chromedriver. */
final class Browser {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PORT = 9515;
    private static final Duration START = Duration.ofSeconds(60);
    private static final long PATIENCE_S = 30;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    /** As WebDriver writes the key. */
    private static final String TAB = "\uE004";

    private final Host host;
    private final LabProcess driver;
    private final String session;

    private Browser(Host host, LabProcess driver, Path directory) throws Exception {
        this.host = host;
        this.driver = driver;
        this.session = "/session/"
                + call("POST", "/session", capabilities(directory))
                        .get("sessionId")
                        .asText();
    }

    /** @param directory for its profile, caches and whatever else it writes */
    static Browser start(Host host, Path directory) throws Exception {
        Files.createDirectories(directory);
        LabProcess driver = host.start(
                ProcessSpec.of("chromedriver", "--port=" + PORT, "--allowed-ips=127.0.0.1", "--allowed-origins=*")
                        .with("HOME", directory.toString())
                        .with("TMPDIR", directory.toString()));
        driver.awaitLine("started successfully", START);
        return new Browser(host, driver, directory);
    }

    private static Map<String, Object> capabilities(Path directory) {
        List<String> arguments = List.of(
                "--headless=new",
                "--no-sandbox", // it runs as root
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-breakpad",
                "--user-data-dir=" + directory.resolve("profile"));
        return Map.of(
                "capabilities",
                Map.of(
                        "alwaysMatch",
                        Map.of(
                                "goog:chromeOptions", Map.of("args", arguments),
                                "goog:loggingPrefs", Map.of("browser", "ALL"))));
    }

    void open(String address) throws Exception {
        command("POST", "/url", Map.of("url", address));
    }

    /** What a function body returns. */
    JsonNode script(String body, Object... arguments) throws Exception {
        return command("POST", "/execute/sync", Map.of("script", body, "args", List.of(arguments)));
    }

    /** Until an expression is true. */
    void await(String condition) throws Exception {
        await(condition, PATIENCE_S);
    }

    void await(String condition, long patienceS) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceS);
        while (!script("return Boolean(" + condition + ")").asBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not within " + patienceS + " s: " + condition + "; the page says:\n"
                        + script("return document.body.innerText").asText() + "\n" + console());
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    void viewport(int width, int height) throws Exception {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param scheme {@code light} or {@code dark} */
    void colorScheme(String scheme) throws Exception {
        Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
        devTools("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    /** Presses the tab key. */
    void tab() throws Exception {
        List<Map<String, String>> strokes =
                List.of(Map.of("type", "keyDown", "value", TAB), Map.of("type", "keyUp", "value", TAB));
        command(
                "POST",
                "/actions",
                Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", strokes))));
    }

    /** The whole page as PNG, {@code width} pixels wide. */
    byte[] screenshot(int width) throws Exception {
        viewport(width, 200);
        viewport(width, script("return document.documentElement.scrollHeight").asInt());
        return Base64.getDecoder()
                .decode(command("GET", "/screenshot", Map.of()).asText());
    }

    /** What the console got since the last call: errors, broken policies, requests that failed. */
    List<String> console() throws Exception {
        List<String> messages = new ArrayList<>();
        for (JsonNode entry : command("POST", "/se/log", Map.of("type", "browser"))) {
            messages.add(
                    entry.get("level").asText() + " " + entry.get("message").asText());
        }
        return messages;
    }

    private void devTools(String command, Map<String, Object> parameters) throws Exception {
        command("POST", "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private JsonNode command(String method, String path, Map<String, Object> body) throws Exception {
        return call(method, session + path, body);
    }

    private JsonNode call(String method, String path, Map<String, Object> body) throws Exception {
        String text = method.equals("POST") ? MAPPER.writeValueAsString(body) : "";
        Http.Answer answer = host.call(() -> Http.exchange("127.0.0.1", PORT, method, path, text));
        if (answer.status() != 200) {
            throw new IOException(
                    method + " " + path + " " + text + " was answered by " + answer.status() + " " + answer.body());
        }
        return MAPPER.readTree(answer.body()).get("value");
    }

    /** Ends the browser, then its driver, which would leave it behind. */
    void quit() throws Exception {
        try {
            call("DELETE", session, Map.of());
        } finally {
            driver.terminate();
        }
    }
}
