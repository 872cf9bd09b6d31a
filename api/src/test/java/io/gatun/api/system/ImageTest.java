package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.testkit.Programs;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image of {@code scripts/image}, unpacked as a runtime would, and started by runc in a lab. */
@LabTest
class ImageTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SIZE_MAX_MB = 250;

    @TempDir
    Path directory;

    @Test
    void startsReadOnlyWithoutRootServesTrafficAndStopsWhenAsked(Lab lab) throws Exception {
        Path script = SourceTree.launcher(directory.resolve("tree")).resolveSibling("image");
        Path image = directory.resolve("image");
        succeed(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "bash",
                script.toString(),
                "--no-build",
                "--no-aot",
                "--output",
                image.toString());
        Path bundle = unpack(image);
        Path config = bundle.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(image.resolve("bundle").resolve("config.json"))
                        .replace(
                                "\"run\"]", "\"run\", \"--interface=eth0\", \"--api=127.0.0.1:11111\", \"--vrid=1\"]"));

        FlatLan lan = FlatLan.build(lab, 1).serve();
        String id = "gatun-" + directory.getFileName();
        String states = directory.resolve("runc").toString();
        // The lab's hosts have a mount namespace without cgroups; the container's network is still that of the host.
        String mounts = Long.toString(ProcessHandle.current().pid());
        try {
            GatunNode node = GatunNode.start(
                    lan.lb(),
                    List.of(
                            "nsenter",
                            "-t",
                            mounts,
                            "-m",
                            "runc",
                            "--root",
                            states,
                            "run",
                            "-b",
                            bundle.toString(),
                            id));
            node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
            node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
            assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
            assertEquals("ep1 hello", Udp.ask(lan.client(), FlatLan.VIP, 53, "hello"));

            String inside = Programs.run(List.of(
                    "runc",
                    "--root",
                    states,
                    "exec",
                    id,
                    "/bin/sh",
                    "-c",
                    "while read -r name value; do echo \"$name $value\"; done </proc/1/status; echo x >/opt/x"));
            assertTrue(inside.matches("(?s).*\nUid: 65532\\s.*"), inside);
            assertTrue(inside.contains("\nCapEff: 0000008000007000\n"), inside);
            assertTrue(inside.contains("\nNoNewPrivs: 1\n"), inside);
            assertTrue(inside.contains("Read-only file system"), inside);

            assertEquals(0, node.terminate());
        } finally {
            Programs.run(List.of("runc", "--root", states, "delete", "-f", id));
        }
    }

    /** Follows the archive from its index to the layer, and makes a bundle of it. */
    private Path unpack(Path image) throws IOException {
        Path layout = Files.createDirectory(directory.resolve("layout"));
        succeed("tar", "-xf", image.resolve("gatun.oci.tar").toString(), "-C", layout.toString());
        JsonNode index = MAPPER.readTree(layout.resolve("index.json").toFile());
        JsonNode manifest =
                MAPPER.readTree(blob(layout, index.at("/manifests/0")).toFile());
        JsonNode config = MAPPER.readTree(blob(layout, manifest.get("config")).toFile());
        assertEquals("65532:65532", config.at("/config/User").asText());
        Path rootfs = Files.createDirectories(directory.resolve("bundle").resolve("rootfs"));
        Path layer = blob(layout, manifest.at("/layers/0"));
        assertEquals(
                config.at("/rootfs/diff_ids/0").asText().replace("sha256:", "0 "),
                Programs.run(List.of("sh", "-c", "gzip -dc " + layer + " | sha256sum"))
                        .split("  ", 2)[0]);
        succeed(
                "tar",
                "-xzpf",
                layer.toString(),
                "--xattrs",
                "--xattrs-include=security.capability",
                "-C",
                rootfs.toString());
        assertTrue(
                succeed("getcap", rootfs.resolve("opt/gatun/runtime/bin/java").toString())
                        .contains("cap_net_admin,cap_net_raw,cap_ipc_lock,cap_bpf=ep"));
        int sizeMb = Integer.parseInt(succeed("du", "-sm", rootfs.toString()).split("\\s", 2)[0]);
        assertTrue(sizeMb < SIZE_MAX_MB, "MB unpacked: " + sizeMb);
        return rootfs.getParent();
    }

    private static Path blob(Path layout, JsonNode descriptor) throws IOException {
        String digest = descriptor.get("digest").asText().replace("sha256:", "");
        Path blob = layout.resolve("blobs").resolve("sha256").resolve(digest);
        assertEquals(descriptor.get("size").asLong(), Files.size(blob));
        assertTrue(succeed("sha256sum", blob.toString()).startsWith(digest));
        return blob;
    }

    private static String succeed(String... command) {
        String out = Programs.run(List.of(command));
        assertTrue(out.startsWith("0 "), out);
        return out.substring(2);
    }
}
