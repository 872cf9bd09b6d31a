package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatun.api.testkit.Programs;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The image of {@code scripts/image}, unpacked as a runtime would, and started by runc. */
@LabTest
class ImageTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SIZE_MAX_MB = 250;

    /** Where {@code scripts/image} writes to. */
    @TempDir
    static Path made;

    @TempDir
    Path directory;

    @BeforeAll
    static void make() throws IOException {
        Path script = SourceTree.launcher(made.resolve("tree")).resolveSibling("image");
        succeed(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "bash",
                script.toString(),
                "--no-build",
                "--no-aot",
                "--no-controller", // which is not built yet when this runs
                "--output",
                image().toString());
    }

    private static Path image() {
        return made.resolve("image");
    }

    @Test
    void startsReadOnlyWithoutRootServesTrafficAndStopsWhenAsked(Lab lab) throws Exception {
        ObjectNode config = config();
        arguments(config, "run", "--interface=eth0", "--api=127.0.0.1:11111", "--vrid=1");
        FlatLan lan = FlatLan.build(lab, 1).serve();
        try {
            GatunNode node = start(lan, config);
            node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
            assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
            assertEquals("ep1 hello", Udp.ask(lan.client(), FlatLan.VIP, 53, "hello"));
            assertRights(65_532, ask("while read -r name value; do echo \"$name $value\"; done </proc/1/status"));
            String written = ask("echo x >/opt/x");
            assertTrue(written.contains("Read-only file system"), written);
            assertEquals(0, node.terminate());
        } finally {
            runc("delete", "-f", id());
        }
    }

    /** As containerd makes it of the manifest: root has what it is given without ambient rights, and no more. */
    @Test
    void runsAsThePodOfTheDaemonSet(Lab lab) throws Exception {
        JsonNode container = container("load-balancer.yaml");
        JsonNode context = container.get("securityContext");
        List<String> capabilities = new ArrayList<>();
        context.at("/capabilities/add").forEach(each -> capabilities.add("CAP_" + each.asText()));
        int user = context.get("runAsUser").asInt();
        ObjectNode config = confined(user, capabilities);
        assertFalse(context.get("allowPrivilegeEscalation").asBoolean());
        List<String> arguments = new ArrayList<>();
        container.get("args").forEach(each -> arguments.add(each.asText()));
        arguments.addAll(List.of("--interface=eth0", "--api=127.0.0.1:11111"));
        arguments(config, arguments.toArray(String[]::new));

        FlatLan lan = FlatLan.build(lab, 1).serve();
        try {
            GatunNode node = start(lan, config);
            assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
            assertRights(user, ask("while read -r name value; do echo \"$name $value\"; done </proc/1/status"));
            String verb = ask("gatun --version");
            assertTrue(verb.startsWith("0 gatun "), verb);
            assertEquals(0, node.terminate());
        } finally {
            runc("delete", "-f", id());
        }
    }

    /** A program whose file carries capabilities would not start there. */
    @Test
    void runsAsThePodOfTheControllerWithoutAnyCapability() throws Exception {
        JsonNode context = container("controller.yaml").get("securityContext");
        assertEquals("{\"drop\":[\"ALL\"]}", context.get("capabilities").toString());
        Path bundle = unpack(image());
        ObjectNode config = confined(65_532, List.of());
        arguments(config, "--version");
        MAPPER.writeValue(bundle.resolve("config.json").toFile(), config);
        try {
            String out = runc("run", "-b", bundle.toString(), id());
            assertTrue(out.startsWith("0 gatun "), out);
        } finally {
            runc("delete", "-f", id());
        }
    }

    /** Starts a container in the load balancer's network, and makes a rule for HTTP. */
    private GatunNode start(FlatLan lan, ObjectNode config) throws Exception {
        Path bundle = unpack(image());
        MAPPER.writeValue(bundle.resolve("config.json").toFile(), config);
        // The lab's hosts have a mount namespace without cgroups; the container's network is still that of the host.
        String mounts = Long.toString(ProcessHandle.current().pid());
        List<String> command = new ArrayList<>(List.of("nsenter", "-t", mounts, "-m"));
        command.addAll(runcCommand("run", "-b", bundle.toString(), id()));
        GatunNode node = GatunNode.start(lan.lb(), command);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        return node;
    }

    private static void assertRights(int user, String status) {
        assertTrue(status.matches("(?s).*\nUid: " + user + "\\s.*"), status);
        assertTrue(status.contains("\nCapEff: 0000008000007000\n"), status);
        assertTrue(status.contains("\nCapBnd: 0000008000007000\n"), status);
        assertTrue(status.contains("\nNoNewPrivs: 1\n"), status);
    }

    /** The bundle's configuration. */
    private static ObjectNode config() throws IOException {
        return (ObjectNode)
                MAPPER.readTree(image().resolve("bundle").resolve("config.json").toFile());
    }

    /** The same for this user, with these capabilities and none that are ambient. */
    private static ObjectNode confined(int user, List<String> capabilities) throws IOException {
        String mine = Files.readString(image().resolve("bundle").resolve("config.json"))
                .replace("uid=65532", "uid=" + user);
        ObjectNode config = (ObjectNode) MAPPER.readTree(mine);
        ObjectNode process = (ObjectNode) config.get("process");
        process.putObject("user").put("uid", user).put("gid", user);
        ObjectNode sets = process.putObject("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            ArrayNode list = sets.putArray(set);
            capabilities.forEach(list::add);
        }
        return config;
    }

    private static void arguments(ObjectNode config, String... arguments) {
        ArrayNode all = ((ObjectNode) config.get("process")).putArray("args").add("/usr/bin/gatun");
        List.of(arguments).forEach(all::add);
    }

    /** The container of the workload in a file of the manifests. */
    private static JsonNode container(String file) throws IOException {
        Path manifest = SourceTree.ROOT.resolve("deploy/kubernetes/base").resolve(file);
        LoadSettings settings = LoadSettings.builder().build();
        for (Object each : new Load(settings).loadAllFromString(Files.readString(manifest))) {
            JsonNode container = MAPPER.valueToTree(each).at("/spec/template/spec/containers/0");
            if (container.isObject()) {
                return container;
            }
        }
        throw new IOException(manifest + " has no workload");
    }

    /** What a shell in the container says. */
    private String ask(String command) {
        return runc("exec", id(), "/bin/sh", "-c", command);
    }

    private String id() {
        return "gatun-" + directory.getFileName();
    }

    private String runc(String... arguments) {
        return Programs.run(runcCommand(arguments));
    }

    private List<String> runcCommand(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("runc", "--root", directory.resolve("runc").toString()));
        command.addAll(List.of(arguments));
        return command;
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
