package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.CannedServer;
import io.gatun.api.testkit.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration goes to files and comes back from them. */
class SaveApplyTest {
    private static final String LB = "/netlox/v1/config/loadbalancer";

    @TempDir
    Path directory;

    @Test
    void rulesAndEndpointsOfAGatunComeBackAsTheyWere() {
        try (Api api = Api.start(directory)) {
            done(
                    api.port(),
                    "create",
                    "lb",
                    "192.168.80.200",
                    "--tcp=80:8080",
                    "--endpoints=192.168.80.11:3",
                    "--mode=onearm",
                    "--name=web",
                    "--inatimeout=77",
                    "--sources=10.0.0.0/8",
                    "--probetype=tcp");
            done(api.port(), "create", "lb", "2001:db8::200", "--udp=1000-2000:53", "--endpoints=2001:db8::11:1");
            done(api.port(), "create", "ep", "192.168.80.12", "--name=db", "--probetype=tcp", "--probeport=5432");
            JsonNode rules = api.rules();
            String saved = done(api.port(), "save", "--lb", "--endpoint", "--config-path=" + directory)
                    .out();
            assertEquals(
                    "LB Configuration saved in " + directory.resolve("lbconfig.txt") + "\n"
                            + "Endpoint Configuration saved in " + directory.resolve("EPconfig.txt") + "\n",
                    saved);
            done(api.port(), "delete", "lb", "--all");
            done(api.port(), "delete", "ep", "192.168.80.12", "--name=db");

            String lbFile = directory.resolve("lbconfig.txt").toString();
            String applied = done(
                            api.port(), "apply", "--lb=" + lbFile, "--endpoint=" + directory.resolve("EPconfig.txt"))
                    .out();

            assertTrue(applied.startsWith("Configuration applied - " + lbFile + "\n"), applied);
            assertEquals(rules, api.rules());
            assertTrue(done(api.port(), "get", "ep").out().contains("| db "));
            done(api.port(), "apply", "--lb=" + lbFile);
        }
    }

    @Test
    void rulesOfKubernetesAreNotSavedAndTheLastFileIsKept() throws IOException {
        Files.writeString(directory.resolve("lbconfig.txt"), "of yesterday");
        try (CannedServer server = CannedServer.start()) {
            server.answer(LB + "/all", """
                    {"lbAttr":[{"serviceArguments":{"externalIP":"1.1.1.1","managed":true}},
                    {"serviceArguments":{"externalIP":"2.2.2.2","snat":true}},
                    {"serviceArguments":{"externalIP":"3.3.3.3","name":"x-ipvs"}},
                    {"serviceArguments":{"externalIP":"4.4.4.4"},"unknown":5}]}
                    """);
            done(server.port(), "save", "-l", "-c", directory.toString());
        }
        assertEquals(
                "{\"lbAttr\":[{\"serviceArguments\":{\"externalIP\":\"4.4.4.4\"},\"unknown\":5}]}",
                Files.readString(directory.resolve("lbconfig.txt")));
        assertEquals("of yesterday", Files.readString(directory.resolve("lbconfig.txt.bk")));
    }

    @Test
    void allKindsAreSavedAndApplied() throws IOException {
        try (CannedServer server = CannedServer.start()) {
            server.answer("/netlox/v1/config/firewall/all", """
                    {"fwAttr":[{"ruleArguments":{"sourceIP":"10.0.0.0/8"},"opts":{"drop":true,"counter":"1:2"}}]}
                    """);
            server.answer("/netlox/v1/config/bfd/all", """
                    {"Attr":[{"instance":"default","remoteIp":"192.168.80.6","interval":100000,"state":"BFDUp"}]}
                    """);
            server.answer("/netlox/v1/config/ipv4address/all", """
                    {"ipAttr":[{"dev":"eth0","ipAddress":["192.168.80.5/24","10.0.0.5/8"],"sync":1},
                    {"dev":"eth0.7","ipAddress":["10.7.0.5/24"]}]}
                    """);
            server.answer("/netlox/v1/config/endpoint/all", "{\"Attr\":null}");
            server.answer(LB + "/all", "{\"lbAttr\":[]}");
            done(server.port(), "save", "--all", "-c", directory.toString());
            done(server.port(), "save", "--ip", "-c", directory.toString());
            Path addresses = directory.resolve("ipconfig");
            assertEquals("192.168.80.5/24\n10.0.0.5/8\n", Files.readString(addresses.resolve("eth0/ipv4addr")));
            assertEquals("subintf", Files.readString(addresses.resolve("eth0.7/type")));
            assertTrue(Files.exists(directory.resolve("ipconfig.bk/eth0/type")));
            server.requests().clear();

            done(
                    server.port(),
                    "apply",
                    "--firewall=" + directory.resolve("FWconfig.txt"),
                    "--bfd=" + directory.resolve("BFDconfig.txt"),
                    "--endpoint=" + directory.resolve("EPconfig.txt"),
                    "--per-intf=eth0",
                    "--config-path=" + addresses);

            assertEquals(
                    List.of(
                            "POST /netlox/v1/config/ipv4address {\"dev\":\"eth0\",\"ipAddress\":\"192.168.80.5/24\"}",
                            "POST /netlox/v1/config/ipv4address {\"dev\":\"eth0\",\"ipAddress\":\"10.0.0.5/8\"}",
                            "POST /netlox/v1/config/firewall"
                                    + " {\"ruleArguments\":{\"sourceIP\":\"10.0.0.0/8\"},\"opts\":{\"drop\":true}}",
                            "POST /netlox/v1/config/bfd"
                                    + " {\"instance\":\"default\",\"remoteIp\":\"192.168.80.6\",\"interval\":100000}"),
                    server.requests());
        }
    }

    @Test
    void aFileOfYamlIsAppliedAndDeleted() throws IOException {
        Path file = Files.writeString(directory.resolve("x.yaml"), """
                apiVersion: netlox/v1
                kind: Loadbalancer
                metadata: {name: web}
                spec:
                  serviceArguments:
                    externalIP: 192.168.80.200
                    port: 80
                    protocol: tcp
                    mode: 1
                  endpoints:
                  - {endpointIP: 192.168.80.11, targetPort: 8080, weight: 1}
                ---
                kind: ep
                spec: {hostName: 192.168.80.12, name: db, probeType: ping}
                """);
        try (Api api = Api.start(directory)) {
            assertEquals(
                    "Configuration applied - " + file + "\n",
                    done(api.port(), "apply", "-f", file.toString()).out());
            assertEquals(1, api.rules().size());
            assertEquals(
                    "Success\nSuccess\n",
                    done(api.port(), "delete", "-f", file.toString()).out());
            assertEquals(0, api.rules().size());
            assertFalse(done(api.port(), "get", "ep").out().contains("| db "));
        }
    }

    @Test
    void whatIsThereCountsAndARefusalKeepsNothingElseBack() throws IOException {
        Path file = Files.writeString(directory.resolve("x.yaml"), """
                {"kind": "IP", "spec": {"dev": "eth0", "ipAddress": "10.0.0.5/8"}}
                ---
                kind: lb
                spec: {serviceArguments: {externalIP: 1.1.1.1}}
                ---
                kind: fw
                spec: {ruleArguments: {preference: 1}}
                """);
        try (CannedServer server = CannedServer.start()) {
            server.answer(LB, 409, "{\"result\":\"lbrule-exists error\"}");
            done(server.port(), "apply", "-f", file.toString());
            server.answer("/netlox/v1/config/ipv4address", 400, "{\"result\":\"no such device\"}");

            Verb verb = Verb.ask(server.port(), "apply", "-f", file.toString());

            assertEquals(1, verb.code());
            assertEquals("Configuration failed - " + file + "\n", verb.out());
            assertEquals("gatun: no such device: {\"dev\":\"eth0\",\"ipAddress\":\"10.0.0.5/8\"}\n", verb.err());
            assertTrue(server.requests().getLast().startsWith("POST /netlox/v1/config/firewall"));
        }
    }

    @Test
    void commandsOfAFileAreReadNotRun() throws IOException {
        Path file = Files.writeString(directory.resolve("ip.txt"), """
                ip link set eth0 up
                ip addr add 192.168.80.5/24 dev eth0
                """);
        try (CannedServer server = CannedServer.start()) {
            Verb verb = done(server.port(), "apply", "--ip=" + file);
            assertEquals("gatun: passed over, only addresses are set: ip link set eth0 up\n", verb.err());
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void whatLoxicmdSavesBesideAddressesIsPassedOver() throws IOException {
        Path own = Files.createDirectory(directory.resolve("eth0"));
        Files.writeString(own.resolve("type"), "phy");
        Files.writeString(own.resolve("mtu"), "9000");
        try (CannedServer server = CannedServer.start()) {
            Verb verb = done(server.port(), "apply", "--per-intf=eth0", "--config-path=" + directory);
            assertEquals("Configuration applied - eth0\n", verb.out());
            assertEquals("gatun: passed over, only addresses are set: " + own.resolve("mtu") + "\n", verb.err());
            assertEquals(List.of(), server.requests());
        }
    }

    @Test
    void aFileThatCannotBeReadIsOneSentenceAndNothingIsSent() throws IOException {
        Path file = directory.resolve("x.yaml");
        assertRefused(1, file + " is not there", "apply", "-f", file.toString());
        Files.writeString(file, "kind: Frob\nspec: {}");
        assertRefused(1, file + ": kind=Frob, give Loadbalancer, Endpoint", "apply", "-f", file.toString());
        Files.writeString(file, "kind: lb");
        assertRefused(1, file + ": kind=lb has no spec", "apply", "-f", file.toString());
        Files.writeString(file, "a: [");
        assertRefused(1, file + " is neither YAML nor JSON: ", "apply", "-f", file.toString());
        Files.writeString(file, "");
        assertRefused(1, file + " is empty", "apply", "-f", file.toString());
        Files.writeString(file, "text");
        assertRefused(1, file + " has a document that is no mapping", "apply", "-f", file.toString());
        assertRefused(1, file + " is not JSON, give a file that save", "apply", "--lb", file.toString());
        Files.writeString(file, "{}");
        assertRefused(1, file + " has no lbAttr", "apply", "--lb", file.toString());
        assertRefused(
                1, directory.resolve("eth9") + " cannot be read", "apply", "--per-intf=eth9", "-c", "" + directory);
        assertRefused(2, "nothing is named, give --file", "apply");
        assertRefused(2, "--ipv4route: routes are the kernel's", "apply", "-r");
        assertRefused(2, "nothing is named, give --all", "save");
    }

    private static void assertRefused(int code, String sentence, String... arguments) {
        try (CannedServer server = CannedServer.start()) {
            Verb verb = Verb.ask(server.port(), arguments);
            assertEquals(code, verb.code(), verb.err());
            assertTrue(verb.err().startsWith("gatun: " + sentence), verb.err());
            assertEquals(1, verb.err().lines().count(), verb.err());
            assertEquals(List.of(), server.requests());
        }
    }

    private static Verb done(int port, String... arguments) {
        Verb verb = Verb.ask(port, arguments);
        assertEquals(0, verb.code(), verb.err());
        return verb;
    }
}
