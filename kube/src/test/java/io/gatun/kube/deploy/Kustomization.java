package io.gatun.kube.deploy;

import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * As much of kustomize as the manifests use, for machines without it: resources, components and JSON patches. What it
 * does not know it refuses.
 */
final class Kustomization {
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "resources", "components", "patches");

    private final List<JsonNode> resources = new ArrayList<>();

    private Kustomization() {}

    /** The manifests of a directory. */
    static List<JsonNode> build(Path directory) {
        Kustomization kustomization = new Kustomization();
        kustomization.take(directory);
        return kustomization.resources;
    }

    private void take(Path directory) {
        JsonNode kustomization = Yaml.document(read(directory.resolve("kustomization.yaml")));
        for (String field : kustomization.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException(directory + ": " + field + " is not known here");
            }
        }
        for (JsonNode each : kustomization.path("resources")) {
            Path path = directory.resolve(each.asString()).normalize();
            resources.addAll(Files.isDirectory(path) ? build(path) : Yaml.documents(read(path)));
        }
        for (JsonNode each : kustomization.path("components")) {
            take(directory.resolve(each.asString()).normalize());
        }
        for (JsonNode each : kustomization.path("patches")) {
            JsonNode patch = Yaml.document(
                    read(directory.resolve(each.get("path").asString()).normalize()));
            patch(each.get("target"), patch);
        }
    }

    private void patch(JsonNode target, JsonNode patch) {
        int patched = 0;
        for (int i = 0; i < resources.size(); i++) {
            JsonNode each = resources.get(i);
            if (each.get("kind").equals(target.get("kind"))
                    && each.at("/metadata/name").equals(target.get("name"))) {
                resources.set(i, JsonPatch.apply(patch, each));
                patched++;
            }
        }
        if (patched != 1) {
            throw new IllegalArgumentException("the patch of " + target + " fits " + patched + " resources");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
