package io.gatun.api.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Settings from a YAML file: {@code name: value}, or {@code name: [value, value]} where there may be several. Values are
 * taken as they are written, so that {@code 100ms}, {@code 1} and {@code true} are read as on the command line.
 */
public final class FileSettings {
    private final Path file;
    private final Map<String, SettingShape> known;
    private final Problems problems;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private FileSettings(Path file, Map<String, SettingShape> known, Problems problems) {
        this.file = file;
        this.known = known;
        this.problems = problems;
    }

    /**
     * Those that are given.
     *
     * @param known all settings that there are
     */
    public static Map<String, Setting> read(Path file, Map<String, SettingShape> known, Problems problems) {
        FileSettings reader = new FileSettings(file, known, problems);
        try (Reader text = Files.newBufferedReader(file)) {
            Compose compose = new Compose(LoadSettings.builder().build());
            compose.composeReader(text).ifPresent(reader::document);
        } catch (NoSuchFileException e) {
            problems.add("--config=" + file + " is not there, give a file that is");
        } catch (IOException e) {
            problems.add("--config=" + file + " cannot be read (" + e + "), give a file of UTF-8 text that can");
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("");
            problems.add(file + place + ": " + e.getProblem() + ", write YAML such as vrid: 51");
        } catch (YamlEngineException e) {
            problems.add(file + ": " + e.getMessage() + ", write YAML such as vrid: 51");
        }
        return reader.settings;
    }

    private void document(Node root) {
        if (root instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::entry);
        } else {
            problems.add(file + ": the file is no mapping, write lines such as vrid: 51");
        }
    }

    private void entry(NodeTuple entry) {
        Node key = entry.getKeyNode();
        String place = key.getStartMark()
                .map(mark -> file + ":" + (mark.getLine() + 1))
                .orElse(file.toString());
        String name = key instanceof ScalarNode scalar ? scalar.getValue() : "?";
        SettingShape shape = known.get(name);
        Optional<List<String>> values = values(entry.getValueNode());
        if (shape == null) {
            String cure = Spelling.nearest(name, known.keySet())
                    .map(word -> "did you mean '" + word + "'?")
                    .orElse("gatun run --help shows those that there are");
            problems.add(place + ": unknown key '" + name + "', " + cure);
        } else if (settings.containsKey(name)) {
            problems.add(place + ": " + name + " is given twice, the first is at "
                    + settings.get(name).origin() + ", give it once");
        } else if (values.isEmpty()) {
            problems.add(place + ": " + name + " is no plain value, give "
                    + (shape == SettingShape.LIST ? "a list such as [a, b]" : "one"));
        } else {
            shape.fault(name, values.get())
                    .ifPresentOrElse(
                            fault -> problems.add(place + ": " + fault),
                            () -> settings.put(name, new Setting(name, values.get(), place)));
        }
    }

    private static Optional<List<String>> values(Node node) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(List.of(scalar.getValue()));
        }
        if (node instanceof SequenceNode sequence
                && sequence.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
            return Optional.of(sequence.getValue().stream()
                    .map(each -> ((ScalarNode) each).getValue())
                    .toList());
        }
        return Optional.empty();
    }
}
