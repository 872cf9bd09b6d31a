package io.gatun.api.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSettingsTest {
    private static final Map<String, SettingShape> KNOWN = Map.of(
            "vrid", SettingShape.ONE,
            "api", SettingShape.ONE,
            "interface", SettingShape.LIST,
            "peer", SettingShape.LIST,
            "preempt", SettingShape.SWITCH);

    @TempDir
    Path directory;

    private final Problems problems = new Problems();

    @Test
    void valuesAreWhatIsWritten() throws IOException {
        Path file = file("""
                # two nodes
                vrid: 051
                api: 0.0.0.0:11111
                interface: [eth0, "eth1"]
                peer:
                  - 192.168.80.6
                preempt: false
                """);
        assertEquals(
                Map.of(
                        "vrid", new Setting("vrid", List.of("051"), file + ":2"),
                        "api", new Setting("api", List.of("0.0.0.0:11111"), file + ":3"),
                        "interface", new Setting("interface", List.of("eth0", "eth1"), file + ":4"),
                        "peer", new Setting("peer", List.of("192.168.80.6"), file + ":5"),
                        "preempt", new Setting("preempt", List.of("false"), file + ":7")),
                FileSettings.read(file, KNOWN, problems));
        assertEquals(List.of(), problems.sentences());
    }

    @Test
    void allThatIsWrongIsToldWithItsLine() throws IOException {
        Path file = file("""
                intrface: eth0
                colour: red
                vrid: 1
                vrid: 2
                preempt: maybe
                api: [a, b]
                peer: {a: b}
                """);
        FileSettings.read(file, KNOWN, problems);
        assertEquals(
                List.of(
                        file + ":1: unknown key 'intrface', did you mean 'interface'?",
                        file + ":2: unknown key 'colour', gatun run --help shows those that there are",
                        file + ":4: vrid is given twice, the first is at " + file + ":3, give it once",
                        file + ":5: preempt=maybe, give true or false",
                        file + ":6: api=a,b, give one value",
                        file + ":7: peer is no plain value, give a list such as [a, b]"),
                problems.sentences());
    }

    @Test
    void anEmptyFileSaysNothing() throws IOException {
        assertEquals(Map.of(), FileSettings.read(file("# nothing yet\n"), KNOWN, problems));
        assertEquals(List.of(), problems.sentences());
    }

    @Test
    void aValueThatIsMissingIsToldOf() throws IOException {
        Path file = file("vrid:\n");
        FileSettings.read(file, KNOWN, problems);
        assertEquals(List.of(file + ":1: vrid has no value, give one or leave it out"), problems.sentences());
    }

    @Test
    void whatIsNoYamlIsToldWithItsPlace() throws IOException {
        Path file = file("vrid: 1\napi: [a\n");
        assertEquals(Map.of(), FileSettings.read(file, KNOWN, problems));
        assertEquals(1, problems.sentences().size());
        String sentence = problems.sentences().getFirst();
        assertTrue(sentence.startsWith(file + ":3:1: "), sentence);
        assertTrue(sentence.endsWith(", write YAML such as vrid: 51"), sentence);
    }

    @Test
    void textThatIsNoMappingIsRefused() throws IOException {
        Path file = file("just words\n");
        FileSettings.read(file, KNOWN, problems);
        assertEquals(List.of(file + ": the file is no mapping, write lines such as vrid: 51"), problems.sentences());
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path missing = directory.resolve("missing");
        FileSettings.read(missing, KNOWN, problems);
        Path binary = directory.resolve("binary");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0x41});
        FileSettings.read(binary, KNOWN, problems);
        assertEquals(
                "--config=" + missing + " is not there, give a file that is",
                problems.sentences().getFirst());
        String sentence = problems.sentences().getLast();
        assertTrue(sentence.startsWith(binary + ": ") && sentence.endsWith(", write YAML such as vrid: 51"), sentence);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("gatun.yaml"), text);
    }
}
