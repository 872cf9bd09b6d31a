package io.gatun.kube.deploy;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** YAML as JSON; a key that stands twice is refused. */
final class Yaml {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Yaml() {}

    static List<JsonNode> documents(String text) {
        LoadSettings settings =
                LoadSettings.builder().setAllowDuplicateKeys(false).build();
        List<JsonNode> documents = new ArrayList<>();
        new Load(settings).loadAllFromString(text).forEach(each -> documents.add(MAPPER.valueToTree(each)));
        return documents;
    }

    static JsonNode document(String text) {
        List<JsonNode> documents = documents(text);
        if (documents.size() != 1) {
            throw new IllegalArgumentException("one document was expected, not " + documents.size());
        }
        return documents.getFirst();
    }
}
