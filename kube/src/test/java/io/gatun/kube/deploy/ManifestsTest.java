package io.gatun.kube.deploy;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.cli.Gatun;
import io.gatun.kube.ControllerArguments;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The manifests, as they are and as kubectl makes them where it is there. */
class ManifestsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path KUBERNETES = ROOT.resolve("deploy").resolve("kubernetes");
    private static final Path SEED = KUBERNETES.resolve("overlays").resolve("seed");
    private static final Path MULTUS = KUBERNETES.resolve("multus");
    private static final Path LOXILB =
            Path.of("src", "test", "resources", "loxilb").toAbsolutePath();
    private static final String POD = "/spec/template/spec";
    private static final String CONTAINER = POD + "/containers/0";

    /** What the controller does to the API, verb by verb: no right is lacking, and none is given besides. */
    private static final Set<String> CONTROLLER_RIGHTS = Set.of(
            "services get", // the client reads before it patches
            "services list",
            "services watch",
            "services patch", // the finalizer
            "services/status get",
            "services/status patch", // address and condition
            "discovery.k8s.io/endpointslices get",
            "discovery.k8s.io/endpointslices list",
            "discovery.k8s.io/endpointslices watch",
            "nodes get",
            "nodes list",
            "nodes watch",
            "events get", // of one that is repeated
            "events create",
            "events patch", // its count
            "gatun-system coordination.k8s.io/leases create",
            "gatun-system coordination.k8s.io/leases gatun-controller get",
            "gatun-system coordination.k8s.io/leases gatun-controller patch");

    @TempDir
    Path directory;

    /** By what the manifests of a directory are made. */
    static List<Named<Function<Path, List<JsonNode>>>> builders() {
        List<Named<Function<Path, List<JsonNode>>>> builders = new ArrayList<>();
        builders.add(Named.of("here", Kustomization::build));
        if (Kubectl.builds()) {
            builders.add(Named.of("kubectl", Kubectl::build));
        }
        return builders;
    }

    @ParameterizedTest
    @MethodSource("builders")
    void fitTheSchemasOfKubernetes(Function<Path, List<JsonNode>> builder) {
        for (Path each : List.of(KUBERNETES.resolve("base"), SEED, MULTUS, LOXILB)) {
            List<JsonNode> manifests = builder.apply(each);
            assertFalse(manifests.isEmpty());
            manifests.forEach(Schemas::check);
        }
        assertEquals(names(Kustomization.build(SEED)), names(builder.apply(SEED)));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        String pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a%s}]}}";
        Schemas.check(Yaml.document(pod.formatted("")));
        for (String wrong : List.of(
                ", tolerations: []",
                ", ports: [{containerport: 1}]",
                ", ports: [{name: a}]",
                ", ports: [{containerPort: eleven}]",
                ", args: run",
                ", securityContext: {capabilities: [BPF]}")) {
            JsonNode manifest = Yaml.document(pod.formatted(wrong));
            assertThrows(RuntimeException.class, () -> Schemas.check(manifest), wrong);
        }
        JsonNode unknown = Yaml.document("{apiVersion: apps/v1, kind: DeamonSet}");
        assertThrows(IllegalArgumentException.class, () -> Schemas.check(unknown));
    }

    @ParameterizedTest
    @MethodSource("builders")
    void whatTheyReferToIsThere(Function<Path, List<JsonNode>> builder) {
        List<JsonNode> manifests = builder.apply(SEED);
        Set<String> names = names(manifests);
        List<JsonNode> pods = Stream.of("DaemonSet gatun", "Deployment gatun-controller")
                .map(name -> named(manifests, name))
                .toList();
        for (JsonNode workload : pods) {
            JsonNode pod = workload.at(POD);
            assertEquals(workload.at("/spec/selector/matchLabels"), workload.at("/spec/template/metadata/labels"));
            assertTrue(names.contains(
                    "ServiceAccount " + pod.get("serviceAccountName").asString()));
            assertEquals(texts(pod.get("volumes"), "/name"), texts(pod.at("/containers/0/volumeMounts"), "/name"));
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertEquals(pod.at("/containers/0/ports/0/name"), pod.at("/containers/0/" + probe + "/httpGet/port"));
            }
        }
        Set<String> namespaced = new TreeSet<>();
        for (JsonNode each : manifests) {
            String kind = each.get("kind").asString();
            JsonNode selector = switch (kind) {
                case "Service" -> each.at("/spec/selector");
                case "PodDisruptionBudget" -> each.at("/spec/selector/matchLabels");
                default -> null;
            };
            if (selector != null) {
                assertEquals(
                        1,
                        pods.stream()
                                .filter(pod -> selector.equals(pod.at("/spec/template/metadata/labels")))
                                .count(),
                        each::toString);
            }
            if (kind.endsWith("Binding")) {
                assertTrue(names.contains(each.at("/roleRef/kind").asString() + " "
                        + each.at("/roleRef/name").asString()));
                assertTrue(names.contains(
                        "ServiceAccount " + each.at("/subjects/0/name").asString()));
            }
            if (!kind.startsWith("ClusterRole") && !kind.equals("Namespace")) {
                namespaced.add(each.at("/metadata/namespace").asString());
            }
        }
        assertEquals(Set.of("gatun-system"), namespaced);
        assertTrue(names.contains("Namespace gatun-system"));
    }

    /** kube-loxilb looks for the first (contract section 1.7); maxUnavailable would be disregarded for a DaemonSet. */
    @Test
    void discoveryAndBudgetAreWhatKubernetesAndControllersUnderstand() {
        List<JsonNode> manifests = Kustomization.build(SEED);
        JsonNode service = named(manifests, "Service loxilb-lb-service");
        assertEquals("None", service.at("/spec/clusterIP").asString());
        assertEquals(11111, service.at("/spec/ports/0/port").asInt());
        assertEquals(
                11111,
                named(manifests, "DaemonSet gatun")
                        .at(CONTAINER + "/ports/0/containerPort")
                        .asInt());
        JsonNode budget = named(manifests, "PodDisruptionBudget gatun").get("spec");
        assertTrue(budget.get("minAvailable").isInt(), budget::toString);
        assertFalse(budget.has("maxUnavailable"), budget::toString);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void theLoadBalancerHasTheRightsThatAreWrittenDownAndNoOthers(Function<Path, List<JsonNode>> builder)
            throws IOException {
        JsonNode gatun = named(builder.apply(SEED), "DaemonSet gatun");
        JsonNode context = gatun.at(CONTAINER + "/securityContext");
        Set<String> added = new TreeSet<>();
        context.at("/capabilities/add").forEach(each -> added.add("CAP_" + each.asString()));
        assertEquals("[\"ALL\"]", context.at("/capabilities/drop").toString());

        String table = between(
                Files.readString(ROOT.resolve("docs").resolve("security.md")), "## Rights", "\n\nOne that is missing");
        assertEquals(found("\\| (CAP_\\w+) \\|", table), added);
        String bounding = between(
                Files.readString(ROOT.resolve("deploy").resolve("systemd").resolve("gatun.service")),
                "CapabilityBoundingSet=",
                "\n");
        assertEquals(found("(CAP_\\w+)", bounding), added);

        assertFalse(context.get("privileged").asBoolean());
        assertFalse(context.get("allowPrivilegeEscalation").asBoolean());
        assertTrue(context.get("readOnlyRootFilesystem").asBoolean());
        assertEquals(
                "RuntimeDefault",
                gatun.at(POD + "/securityContext/seccompProfile/type").asString());
        assertFalse(gatun.at(POD + "/automountServiceAccountToken").asBoolean(true));
    }

    @ParameterizedTest
    @MethodSource("builders")
    void theControllerHasTheRightsThatItUsesAndNoOthers(Function<Path, List<JsonNode>> builder) {
        List<JsonNode> manifests = builder.apply(SEED);
        Set<String> rights = new HashSet<>(rights("", named(manifests, "ClusterRole gatun-controller")));
        rights.addAll(rights("gatun-system ", named(manifests, "Role gatun-controller")));
        assertEquals(new TreeSet<>(CONTROLLER_RIGHTS), new TreeSet<>(rights));

        JsonNode pod = named(manifests, "Deployment gatun-controller").at(POD);
        assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean());
        assertFalse(pod.has("hostNetwork"));
        JsonNode context = pod.at("/containers/0/securityContext");
        assertEquals("{\"drop\":[\"ALL\"]}", context.get("capabilities").toString());
        assertFalse(context.get("allowPrivilegeEscalation").asBoolean());
        assertTrue(context.get("readOnlyRootFilesystem").asBoolean());
    }

    @ParameterizedTest
    @MethodSource("builders")
    void theControllerMayReadPodsOnlyWhereThatIsAdded(Function<Path, List<JsonNode>> builder) {
        List<JsonNode> manifests = builder.apply(MULTUS);
        assertEquals(
                Set.of("pods get", "pods list", "pods watch"),
                Set.copyOf(rights("", named(manifests, "ClusterRole gatun-controller-pods"))));
        JsonNode binding = named(manifests, "ClusterRoleBinding gatun-controller-pods");
        assertEquals(
                named(builder.apply(SEED), "ClusterRoleBinding gatun-controller")
                        .get("subjects"),
                binding.get("subjects"));
        assertEquals("gatun-controller-pods", binding.at("/roleRef/name").asString());
    }

    @ParameterizedTest
    @MethodSource("builders")
    void flagsOfTheLoadBalancerAreAccepted(Function<Path, List<JsonNode>> builder) {
        assertEquals("", checked(named(builder.apply(KUBERNETES.resolve("base")), "DaemonSet gatun")));
        JsonNode seed = named(builder.apply(SEED), "DaemonSet gatun");
        assertEquals("", checked(seed));
        assertTrue(texts(seed.at(CONTAINER + "/args"), "").contains("--cluster=192.168.80.10,192.168.80.11"));
    }

    @ParameterizedTest
    @MethodSource("builders")
    void flagsOfTheControllerAreAccepted(Function<Path, List<JsonNode>> builder) {
        for (Path each : List.of(KUBERNETES.resolve("base"), SEED)) {
            List<String> arguments = controllerArguments(builder.apply(each));
            assertEquals(List.of(), ControllerArguments.problems(arguments));
            arguments.addAll(List.of("--externlCIDR=192.168.80.200/32", "--setLBMode=9"));
            assertEquals(2, ControllerArguments.problems(arguments).size());
        }
    }

    private static List<String> controllerArguments(List<JsonNode> manifests) {
        JsonNode container = named(manifests, "Deployment gatun-controller").at(CONTAINER);
        assertFalse(container.has("command"), "the image says which program");
        List<String> arguments = new ArrayList<>();
        container.get("args").forEach(each -> arguments.add(each.asString()));
        assertEquals("controller", arguments.removeFirst());
        return arguments;
    }

    @ParameterizedTest
    @MethodSource("builders")
    void theSeedHasItsAddressRolesAndMode(Function<Path, List<JsonNode>> builder) {
        JsonNode args =
                named(builder.apply(SEED), "Deployment gatun-controller").at(CONTAINER + "/args");
        assertEquals(
                "[\"controller\",\"--externalCIDR=192.168.80.200/32\",\"--setRoles=0.0.0.0\",\"--setLBMode=1\"]",
                args.toString());
    }

    @ParameterizedTest
    @MethodSource("builders")
    void loxilbIsReplacedByTwoLines(Function<Path, List<JsonNode>> builder) throws IOException {
        JsonNode before = Yaml.document(Files.readString(LOXILB.resolve("loxilb.yaml")));
        JsonNode after = builder.apply(LOXILB).getFirst();
        assertEquals("localhost/gatun:latest", after.at(CONTAINER + "/image").asString());
        assertEquals(
                "[\"/usr/bin/gatun\",\"run\",\"--egr-hooks\",\"--blacklist=cni[0-9a-z]|veth.|flannel.\"]",
                after.at(CONTAINER + "/command").toString());
        String image = before.at(CONTAINER + "/image").toString();
        String program = before.at(CONTAINER + "/command/0").toString();
        assertEquals(
                before,
                Yaml.document(after.toString()
                        .replace("\"localhost/gatun:latest\"", image)
                        .replace("\"/usr/bin/gatun\",\"run\"", program)));
        assertEquals("", checked(after));
    }

    /** What {@code gatun run --check} says against the command of a container. */
    private String checked(JsonNode workload) {
        List<String> arguments = new ArrayList<>();
        workload.at(CONTAINER + "/command").forEach(each -> arguments.add(each.asString()));
        if (!arguments.isEmpty()) {
            assertEquals("/usr/bin/gatun", arguments.removeFirst());
        }
        workload.at(CONTAINER + "/args").forEach(each -> arguments.add(each.asString()));
        assertEquals("run", arguments.getFirst());
        // Which interfaces this machine has is not the manifest's matter.
        arguments.removeIf(each -> each.startsWith("--blacklist="));
        arguments.addAll(List.of("--interface=lo", "--check", "--state-dir=" + directory));
        StringWriter err = new StringWriter();
        CommandLine gatun = Gatun.commandLine(() -> {
            throw new IllegalStateException("nothing is to be started");
        });
        gatun.setOut(new PrintWriter(new StringWriter(), true));
        gatun.setErr(new PrintWriter(err, true));
        int code = gatun.execute(arguments.toArray(String[]::new));
        return code == 0 ? "" : code + " " + err;
    }

    private static Set<String> rights(String prefix, JsonNode role) {
        Set<String> rights = new HashSet<>();
        for (JsonNode rule : role.get("rules")) {
            for (JsonNode group : rule.get("apiGroups")) {
                String of = prefix + (group.asString().isEmpty() ? "" : group.asString() + "/");
                for (JsonNode resource : rule.get("resources")) {
                    Set<String> names = rule.has("resourceNames") ? texts(rule.get("resourceNames"), "") : Set.of("");
                    for (String name : names) {
                        String what = of + resource.asString() + (name.isEmpty() ? "" : " " + name);
                        rule.get("verbs").forEach(verb -> rights.add(what + " " + verb.asString()));
                    }
                }
            }
        }
        return rights;
    }

    private static Set<String> names(List<JsonNode> manifests) {
        return manifests.stream().map(ManifestsTest::name).collect(toSet());
    }

    private static String name(JsonNode manifest) {
        return manifest.get("kind").asString() + " "
                + manifest.at("/metadata/name").asString();
    }

    private static JsonNode named(List<JsonNode> manifests, String name) {
        return manifests.stream()
                .filter(each -> name(each).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + names(manifests)));
    }

    private static Set<String> texts(JsonNode list, String pointer) {
        Set<String> texts = new TreeSet<>();
        list.forEach(each -> texts.add(each.at(pointer).asString()));
        return texts;
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }

    private static Set<String> found(String expression, String text) {
        return new TreeSet<>(Pattern.compile(expression)
                .matcher(text)
                .results()
                .map(each -> each.group(1))
                .toList());
    }
}
