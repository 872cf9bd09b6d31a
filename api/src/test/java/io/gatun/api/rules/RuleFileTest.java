package io.gatun.api.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.model.Json;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.testkit.RuleBody;
import io.gatun.forwarder.control.ServiceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFileTest {
    private static final int PORTS = 12;

    @TempDir
    Path directory;

    private final Map<ServiceKey, Rule> rules = new LinkedHashMap<>();
    private RuleFile file;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatWasSavedIsReadBackHoweverOftenItIsOpened(long seed) throws IOException {
        Random random = new Random(seed);
        open();
        for (int i = 0; i < 2_500; i++) {
            if (random.nextInt(100) == 0) {
                open();
            }
            if (random.nextInt(400) == 0) {
                removeAll();
            } else if (random.nextInt(3) == 0 && !rules.isEmpty()) {
                remove(new ArrayList<>(rules.values()).get(random.nextInt(rules.size())));
            } else {
                put(rule(1 + random.nextInt(PORTS), 1 + random.nextInt(199)));
            }
        }
        assertReadBack();
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.noneMatch(name -> name.toString().contains("damaged")));
        }
    }

    @Test
    void aChangeAddsALineAndDoesNotWriteAllRulesAgain() throws IOException {
        saved(1, 2);
        put(rule(3, 1));

        assertFalse(Files.exists(directory.resolve("rules.json")));
        assertEquals(3, Files.readAllLines(changes(0)).size());
    }

    @Test
    void afterManyChangesAllRulesAreWritten() throws IOException {
        open();
        for (int i = 0; i < RuleFile.CHANGES_MAX; i++) {
            put(rule(1 + i % 2, 1 + i % 100));
        }
        assertTrue(Files.exists(directory.resolve("rules.json")));
        put(rule(3, 1));

        assertEquals(1, Files.readAllLines(changes(1)).size());
        assertReadBack();
    }

    @Test
    void aLineWithoutItsEndWasNeverAnswered() throws IOException {
        saved(1, 2, 3);
        String lines = Files.readString(changes(0));
        Files.writeString(changes(0), lines.substring(0, lines.length() - 1));
        rules.remove(rule(3, 1).key());

        assertReadBack();
        put(rule(4, 1));
        assertReadBack();
    }

    @Test
    void aDamagedLineIsSetAsideAndWhatWasBeforeItKept() throws IOException {
        saved(1, 2);
        Files.writeString(changes(0), "{\"put\":12}\n", StandardOpenOption.APPEND);

        assertReadBack();
        assertTrue(Files.exists(directory.resolve("rules.changes-0.damaged-1")));
        put(rule(3, 1));
        assertReadBack();
    }

    @Test
    void aDamagedRulesFileLosesNothing() throws IOException {
        open();
        for (int i = 0; i < 2 * RuleFile.CHANGES_MAX + 7; i++) {
            put(rule(1 + i % PORTS, 1 + i % 100));
        }
        remove(rule(1, 1));
        Files.writeString(directory.resolve("rules.json"), "{\"lbAttr\":[");

        assertReadBack();
    }

    @Test
    void changesThatNothingLeadsToAreNotTakenForLaterOnes() throws IOException {
        Files.writeString(changes(1), line(rule(8, 1)));

        saved(1);

        assertReadBack();
    }

    @Test
    void afterAFailureTheSameFileGoesOn() throws IOException {
        saved(1);
        Files.move(changes(0), changes(5));
        Files.createDirectory(changes(0));
        assertThrows(IOException.class, () -> file.putAll(List.of(rule(2, 1)), rules));
        Files.delete(changes(0));
        Files.move(changes(5), changes(0));

        put(rule(3, 1));

        assertReadBack();
    }

    @Test
    void aFileThatAPersonWroteHasNoNumber() throws IOException {
        Rule rule = rule(1, 1);
        Files.write(directory.resolve("rules.json"), Json.bytes(new LoadBalancer.All(List.of(rule.entry()))));
        rules.put(rule.key(), rule);

        assertReadBack();
        put(rule(2, 1));
        assertReadBack();
    }

    private void saved(int... ports) throws IOException {
        open();
        for (int port : ports) {
            put(rule(port, 1));
        }
    }

    private void open() throws IOException {
        file = new RuleFile(directory);
        assertEquals(
                new ArrayList<>(rules.values()), new ArrayList<>(file.read().values()));
    }

    private void put(Rule rule) throws IOException {
        rules.put(rule.key(), rule);
        file.putAll(List.of(rule), rules);
    }

    private void remove(Rule rule) throws IOException {
        rules.remove(rule.key());
        file.remove(List.of(rule), rules);
    }

    private void removeAll() throws IOException {
        List<Rule> gone = List.copyOf(rules.values());
        rules.clear();
        file.remove(gone, rules);
    }

    private void assertReadBack() throws IOException {
        open();
    }

    private Path changes(long number) {
        return directory.resolve("rules.changes-" + number);
    }

    private static String line(Rule rule) {
        return "{\"remove\":[],\"put\":" + new String(Json.bytes(rule.entry()), StandardCharsets.UTF_8) + "}\n";
    }

    private static Rule rule(int port, int endpoint) {
        String body = RuleBody.of("192.168.80.200", "tcp", port)
                .with("mode", 1)
                .endpoint("192.168.80." + endpoint, 8_080)
                .json();
        return RuleReader.read(Json.read(body.getBytes(StandardCharsets.UTF_8), LoadBalancer.class));
    }
}
