package io.gatun.kube.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Kubernetes' schemas: the models of its Java client are made from the OpenAPI document of a release, and refuse fields
 * that are unknown, lacking, or of another type.
 */
final class Schemas {
    static {
        new JSON(); // makes the readers of all models
    }

    private Schemas() {}

    /**
     * Checks a manifest.
     *
     * @throws IllegalArgumentException saying what does not fit
     */
    static void check(JsonNode manifest) {
        String apiVersion = manifest.get("apiVersion").asString();
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        String model = version.substring(0, 1).toUpperCase(Locale.ROOT)
                + version.substring(1)
                + manifest.get("kind").asString();
        JsonElement json = JsonParser.parseString(manifest.toString());
        try {
            Class<?> type = Class.forName("io.kubernetes.client.openapi.models." + model);
            type.getMethod("validateJsonElement", JsonElement.class).invoke(null, json);
            var _ = JSON.getGson().fromJson(json, type);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(model + ": " + e.getCause().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(model + " is no kind of Kubernetes", e);
        }
    }
}
