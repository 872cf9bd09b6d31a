package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * One thing that a file asks for.
 *
 * @param body as it is posted
 */
record ConfigItem(ConfigKind kind, JsonNode body) {
    String deletePath() {
        return kind.deletePath(body);
    }

    /**
     * A file of YAML, or of JSON, which is YAML too: in each document {@code kind} and, under {@code spec}, the body of
     * the POST.
     *
     * @throws ClientException when any of it cannot be read
     */
    static List<ConfigItem> read(Path file) {
        List<ConfigItem> items = new ArrayList<>();
        try {
            Iterable<Object> documents = new Load(LoadSettings.builder().build())
                    .loadAllFromString(new String(bytes(file), StandardCharsets.UTF_8));
            for (Object document : documents) {
                if (document != null) {
                    items.add(item(file, document));
                }
            }
        } catch (YamlEngineException e) {
            throw new ClientException(file + " is neither YAML nor JSON: " + e.getMessage(), e);
        }
        if (items.isEmpty()) {
            throw new ClientException(file + " is empty, give documents with kind and spec");
        }
        return items;
    }

    private static ConfigItem item(Path file, Object document) {
        if (!(document instanceof Map<?, ?> map)) {
            throw new ClientException(file + " has a document that is no mapping, give one with kind and spec");
        }
        String word = String.valueOf(map.get("kind"));
        ConfigKind kind = ConfigKind.of(word)
                .orElseThrow(() -> new ClientException(
                        file + ": kind=" + word + ", give Loadbalancer, Endpoint, Firewall, BFD or IPaddress"));
        if (!(map.get("spec") instanceof Map<?, ?> spec)) {
            throw new ClientException(file + ": kind=" + word + " has no spec, give the body of its POST there");
        }
        return new ConfigItem(kind, Json.read(Json.bytes(spec), JsonNode.class));
    }

    /**
     * A file that {@code save}, or loxicmd, wrote: all of a kind as the API answers them.
     *
     * @throws ClientException when it cannot be read
     */
    static List<ConfigItem> readSaved(ConfigKind kind, Path file) {
        JsonNode all;
        try {
            all = Json.read(bytes(file), JsonNode.class).path(kind.list());
        } catch (ApiException e) {
            throw new ClientException(file + " is not JSON, give a file that save has written", e);
        }
        if (!all.isArray() && !all.isNull()) {
            throw new ClientException(file + " has no " + kind.list() + ", give a file that save has written");
        }
        List<ConfigItem> items = new ArrayList<>();
        all.forEach(item -> items.add(new ConfigItem(kind, kind.posted(item))));
        return items;
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new ClientException(file + " is not there, give a file that is", e);
        } catch (IOException e) {
            throw new ClientException(file + " cannot be read (" + e + "), give a file that can", e);
        }
    }
}
