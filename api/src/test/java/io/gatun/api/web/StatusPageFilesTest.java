package io.gatun.api.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Api;
import io.gatun.forwarder.counters.DropReason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the page, as they are sent. What a browser makes of them is in {@code StatusPageTest}. */
class StatusPageFilesTest {
    /** Handlers, styles and scripts in the markup, and addresses of other machines. */
    private static final Pattern FORBIDDEN_IN_MARKUP =
            Pattern.compile("\\son[a-z]+=|\\sstyle=|<style|<script(?![^>]*src=)|javascript:|https?://");

    private static final Pattern FORBIDDEN_IN_SCRIPT =
            Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function");

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private Api api;

    @BeforeEach
    void start() {
        api = Api.start(directory);
    }

    @AfterEach
    void stop() {
        http.close();
        api.close();
    }

    @Test
    void everyFileHasItsTypeAndThePolicy() throws Exception {
        assertSent("", "text/html;charset=utf-8");
        for (String file : StatusPage.FILES) {
            assertSent(
                    file,
                    switch (file.substring(file.indexOf('.'))) {
                        case ".css" -> "text/css;charset=utf-8";
                        case ".js" -> "text/javascript;charset=utf-8";
                        default -> "image/svg+xml;charset=utf-8";
                    });
        }
        assertEquals(404, get("nothing.js").statusCode());
        assertFalse(StatusPage.POLICY.contains("unsafe"));
    }

    @Test
    void thePageNeedsNothingButItsFiles() throws Exception {
        String page = get("").body();
        assertFalse(FORBIDDEN_IN_MARKUP.matcher(page).find(), page);
        for (String file : StatusPage.FILES) {
            String text = get(file).body();
            if (file.endsWith(".js")) {
                assertFalse(FORBIDDEN_IN_SCRIPT.matcher(text).find(), file);
                Pattern.compile("from '\\./([^']+)'")
                        .matcher(text)
                        .results()
                        .forEach(match -> assertTrue(StatusPage.FILES.contains(match.group(1)), match::group));
            }
        }
    }

    @Test
    void everyDropReasonIsExplained() throws Exception {
        String words = get("words.js").body();
        for (DropReason reason : DropReason.values()) {
            assertTrue(words.contains("\n  " + reason.label() + ": '"), reason::label);
        }
    }

    private void assertSent(String file, String type) throws Exception {
        HttpResponse<String> response = get(file);
        assertEquals(200, response.statusCode(), file);
        assertEquals(type, response.headers().firstValue("content-type").orElseThrow());
        assertEquals(
                StatusPage.POLICY,
                response.headers().firstValue("content-security-policy").orElseThrow());
        assertEquals(
                "nosniff",
                response.headers().firstValue("x-content-type-options").orElseThrow());
    }

    private HttpResponse<String> get(String file) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/" + file))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
