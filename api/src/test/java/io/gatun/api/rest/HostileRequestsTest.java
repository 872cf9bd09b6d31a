package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.FakeForwarder;
import io.gatun.api.testkit.HostileRequests;
import io.gatun.api.testkit.OpenApi;
import io.gatun.api.testkit.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * A thousand requests for each operation of the document: each is answered, none with a 500, and one that is refused
 * has changed nothing. {@code -Dgatun.test.seed=N} repeats a run, {@code -Dgatun.test.requests=N} makes it longer.
 */
class HostileRequestsTest {
    private static final int REQUESTS = Integer.getInteger("gatun.test.requests", 1_000);
    private static final long SEED = Long.getLong("gatun.test.seed", System.nanoTime());
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final OpenApi OPEN_API = OpenApi.read();

    private static Path directory;
    private static Api api;
    private static RawHttp http;

    @BeforeAll
    static void start() throws IOException {
        // In memory: some thousand of the requests are right, and are flushed to disk before they are answered.
        Path memory = Path.of("/dev/shm");
        directory = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "gatun-hostile")
                : Files.createTempDirectory("gatun-hostile");
        api = Api.start(directory);
        http = new RawHttp(api.port());
        logger().setAdditive(false); // a line for each refusal is too many
        System.out.println("hostile requests: -Dgatun.test.seed=" + SEED);
    }

    @AfterAll
    static void stop() throws IOException {
        api.post("/config/params", "{\"logLevel\":\"info\"}");
        logger().setAdditive(true);
        http.close();
        api.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static List<OpenApi.Operation> operations() {
        return OPEN_API.operations().stream()
                .filter(operation -> !operation.streams())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void isAnsweredAndARefusalChangesNothing(OpenApi.Operation operation) throws IOException {
        SplittableRandom random =
                new SplittableRandom(SEED ^ operation.toString().hashCode());
        HostileRequests requests = new HostileRequests(OPEN_API, random);
        State before = State.now();
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = requests.next(operation);
            String what = "seed " + SEED + ", request " + i + ": " + shown(request);
            RawHttp.Response response;
            try {
                response = http.exchange(request);
            } catch (IOException e) {
                throw new IOException(what, e);
            }
            State after = State.now();
            assertTrue(response.status() < 500, () -> what + " -> " + response);
            if (response.status() != 200 || response.body().contains("\"Error: ")) {
                assertEquals(before, after, () -> what + " -> " + response);
                refusalIsASentence(request, response, what);
            }
            before = after;
        }
        assertEquals(200, api.get("").statusCode());
    }

    private static void refusalIsASentence(byte[] request, RawHttp.Response response, String what) throws IOException {
        if (response.body().isEmpty()) {
            return; // of HEAD
        }
        JsonNode refusal = MAPPER.readTree(response.body());
        assertTrue(refusal.path("result").asText().length() > 8, () -> what + " -> " + response);
        boolean exists = refusal.path("result").asText().contains("exist");
        boolean said = new String(request, StandardCharsets.ISO_8859_1).contains("exist");
        assertTrue(
                !exists || said || response.status() == 409 || response.status() == 404,
                () -> what + " -> " + response);
    }

    private static String shown(byte[] request) {
        String text = new String(request, StandardCharsets.UTF_8);
        return text.length() > 2_000 ? text.substring(0, 2_000) + "..." : text;
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.gatun");
    }

    /** All that a request could change. */
    private record State(int journal, List<?> access, Object addresses, Object bfd, List<String> files) {
        static State now() {
            FakeForwarder forwarder = api.forwarder();
            return new State(
                    api.dataPlane().journal().size(),
                    forwarder.accessCounts(),
                    forwarder.addresses(),
                    api.dataPlane().sessions().timers(),
                    stamps());
        }

        private static List<String> stamps() {
            try (Stream<Path> files = Files.list(directory.resolve("state"))) {
                return files.map(State::stamp).sorted().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String stamp(Path file) {
            try {
                return file.getFileName() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
