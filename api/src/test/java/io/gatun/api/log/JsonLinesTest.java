package io.gatun.api.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private final JsonLines encoder = new JsonLines();

    @Test
    void anEventIsAnObject() throws IOException {
        JsonNode line = encode("VIP {} is ours\n\"now\"", null, "192.168.80.200");
        assertEquals("2026-11-27T00:00:00.007Z", line.get("time").asText());
        assertEquals("WARN", line.get("level").asText());
        assertEquals("io.gatun.test", line.get("logger").asText());
        assertEquals("VIP 192.168.80.200 is ours\n\"now\"", line.get("message").asText());
        assertFalse(line.has("exception"));
    }

    @Test
    void anExceptionIsInItsLine() throws IOException {
        JsonNode line = encode("it failed", new IllegalStateException("no room"));
        assertEquals(
                "java.lang.IllegalStateException: no room",
                line.get("exception").asText());
        assertTrue(line.get("stack").asText().contains("JsonLinesTest"), line.toString());
    }

    private JsonNode encode(String message, Throwable thrown, Object... arguments) throws IOException {
        Logger logger = new LoggerContext().getLogger("io.gatun.test");
        LoggingEvent event = new LoggingEvent("test", logger, Level.WARN, message, thrown, arguments);
        event.setInstant(Instant.parse("2026-11-27T00:00:00.007Z"));
        String text = new String(encoder.encode(event), StandardCharsets.UTF_8);
        assertEquals(text.length() - 1, text.indexOf('\n'), text);
        return new ObjectMapper().readTree(text);
    }
}
