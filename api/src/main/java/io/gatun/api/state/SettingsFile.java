package io.gatun.api.state;

import io.gatun.api.model.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Settings that were changed through the API, in {@code settings.json}. For use by one thread at a time. */
public final class SettingsFile {
    private final Path path;
    private final StateFile<Map<String, String>> file;

    /** What is in the file. */
    private record Stored(Map<String, String> settings) {}

    public SettingsFile(Path stateDir) {
        path = stateDir.resolve("settings.json");
        file = new StateFile<>(path, SettingsFile::decode);
    }

    /** Those last written, none before. */
    public Map<String, String> read() throws IOException {
        return file.read().orElse(Map.of());
    }

    /** Replaces all; on disk when this returns. */
    public void write(Map<String, String> settings) throws IOException {
        file.write(new Stored(settings));
    }

    private static Map<String, String> decode(byte[] bytes) {
        return Map.copyOf(Json.read(bytes, Stored.class).settings());
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
