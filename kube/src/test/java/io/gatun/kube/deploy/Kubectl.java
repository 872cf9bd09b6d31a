package io.gatun.kube.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The kustomize in the machine's kubectl. */
final class Kubectl {
    /** Since then directories can be resources. */
    private static final int MINOR_MIN = 21;

    private Kubectl() {}

    /** Whether there is one that is not too old, as that of Debian 12 is. */
    static boolean builds() {
        try {
            JsonNode version = new JsonMapper()
                    .readTree(run("kubectl", "version", "--client", "--output=json"))
                    .get("clientVersion");
            return Integer.parseInt(version.get("minor").asString().replaceAll("\\D", "")) >= MINOR_MIN;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** The manifests of a directory. */
    static List<JsonNode> build(Path directory) {
        return Yaml.documents(run("kubectl", "kustomize", directory.toString()));
    }

    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
