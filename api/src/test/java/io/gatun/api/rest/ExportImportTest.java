package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.forwarder.control.RejectedException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportImportTest {
    private static final String SUCCESS = "{\"result\":\"Success\"}";
    private static final String OTHER = """
        {"serviceArguments":{"externalIP":"192.168.80.201","port":53,"protocol":"udp","mode":1},
         "endpoints":[{"endpointIP":"192.168.80.12","targetPort":53,"weight":1}]}\
        """;

    @TempDir
    Path directory;

    private Api api;

    @BeforeEach
    void start() {
        api = Api.start(directory);
        api.post("/config/loadbalancer", Bodies.LOXICMD);
        api.post("/config/endpoint", "{\"hostName\":\"192.168.80.19\",\"probeType\":\"tcp\",\"probePort\":81}");
        api.post("/config/endpointhoststate", "{\"hostName\":\"192.168.80.18\",\"state\":\"red\"}");
        api.post("/config/firewall", "{\"ruleArguments\":{\"sourceIP\":\"10.0.0.0/8\"},\"opts\":{\"drop\":true}}");
        api.post("/config/bfd", "{\"remoteIp\":\"192.168.80.6\",\"interval\":300000}");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void whatIsExportedIsTheSameAfterAnImportElsewhere(@TempDir Path elsewhere) {
        String exported = api.get("/config/export").body();
        try (Api other = Api.start(elsewhere)) {
            other.post("/config/loadbalancer", OTHER);
            assertEquals(SUCCESS, other.post("/config/import", exported).body());
            assertEquals(exported, other.get("/config/export").body());
            assertEquals(300_000, other.dataPlane().sessions().timers().desiredMinTxUs());
            assertEquals(1, other.forwarder().accessCounts().size());
            assertEquals(1, other.forwarder().services().size());
        }
        try (Api again = Api.start(elsewhere)) {
            assertEquals(exported, again.get("/config/export").body());
        }
    }

    @Test
    void aPartThatIsMissingStaysAndOneThatIsEmptyIsEmptied() {
        assertEquals(
                SUCCESS,
                api.post("/config/import", "{\"lbAttr\":[" + OTHER + "],\"fwAttr\":[]}")
                        .body());

        assertEquals(1, api.rules().size());
        assertEquals(
                "192.168.80.201",
                api.rules().get(0).get("serviceArguments").get("externalIP").asText());
        assertEquals(List.of(), api.forwarder().accessCounts());
        String exported = api.get("/config/export").body();
        assertTrue(exported.contains("192.168.80.19") && exported.contains("300000"), exported);
    }

    @Test
    void rulesThatStayAreLeftAloneAndNewOnesComeBeforeOldOnesGo() {
        api.post("/config/loadbalancer", OTHER);
        List<String> before = List.copyOf(api.dataPlane().journal());
        String third = OTHER.replace(".201", ".202");

        api.post("/config/import", "{\"lbAttr\":[" + Bodies.LOXICMD + "," + third + "]}");

        List<String> journal = api.dataPlane().journal();
        List<String> changes = journal.subList(before.size(), journal.size()).stream()
                .filter(line -> !line.startsWith("vips"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertEquals(List.of("put", "remove"), changes, journal.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lbAttr\":[%s,{}]}",
                "{\"lbAttr\":[%s,null]}",
                "{\"lbAttr\":[%s,%s]}",
                "{\"lbAttr\":[%s],\"fwAttr\":[{\"ruleArguments\":{\"sourceIP\":\"x\"},\"opts\":{\"drop\":true}}]}",
                "{\"lbAttr\":[%s],\"fwAttr\":[null]}",
                "{\"lbAttr\":[%s],\"epAttr\":[{\"hostName\":\"web\"}]}",
                "{\"lbAttr\":[%s],\"epStateAttr\":[{\"hostName\":\"192.168.80.18\",\"state\":\"blue\"}]}",
                "{\"lbAttr\":[%s],\"bfdAttr\":[{\"remoteIp\":\"192.168.80.99\"}]}",
                "{\"lbAttr\":[%s],\"params\":{\"logLevel\":\"loud\"}}",
                "{\"lbAttr\":{}}",
                "[]",
            })
    void aDocumentOfWhichAnyPartIsRefusedChangesNothing(String document) {
        unchangedBy(document.replace("%s", OTHER), 400, 499);
    }

    @Test
    void aRuleThatTheForwarderRefusesChangesNothing() {
        api.forwarder()
                .reject(new RejectedException(
                        RejectedException.Kind.INVALID, "endpoints[0].endpointIP=192.168.80.12, is in no network"));
        unchangedBy(
                "{\"lbAttr\":[" + OTHER + "],\"fwAttr\":[],\"epAttr\":[],\"params\":{\"logLevel\":\"\"}}", 400, 400);
    }

    @Test
    void aDiskThatTakesNoRulesChangesNothing() throws Exception {
        Files.createDirectory(directory.resolve("state/rules.json.next"));
        unchangedBy("{\"lbAttr\":[" + OTHER + "],\"fwAttr\":[],\"epAttr\":[]}", 500, 500);
    }

    /** What a crash in the middle of an import leaves is the document, and some files of before and some of after. */
    @Test
    void anImportThatACrashCutsOffIsMadeAgainByTheNextStart(@TempDir Path elsewhere) throws Exception {
        String exported = api.get("/config/export").body();
        try (Api other = Api.start(elsewhere)) {
            other.post("/config/loadbalancer", OTHER);
        }
        Files.writeString(elsewhere.resolve("state/import.json"), exported);
        Files.copy(directory.resolve("state/firewall.json"), elsewhere.resolve("state/firewall.json"));

        try (Api again = Api.start(elsewhere)) {
            assertEquals(exported, again.get("/config/export").body());
            assertEquals(1, again.forwarder().services().size());
            again.post("/config/loadbalancer", OTHER);
        }
        try (Api later = Api.start(elsewhere)) {
            assertEquals(2, later.rules().size(), "made again once");
        }
    }

    @Test
    void oneThatIsRefusedByThenOrDamagedDoesNotKeepTheNodeFromStarting(@TempDir Path elsewhere) throws Exception {
        Api.start(elsewhere).close();
        for (String left : List.of("{\"lbAttr\":[{}]}", "{\"lbAttr\":[")) {
            Files.writeString(elsewhere.resolve("state/import.json"), left);
            try (Api again = Api.start(elsewhere)) {
                assertEquals(0, again.rules().size());
            }
            assertFalse(Files.exists(elsewhere.resolve("state/import.json")));
        }
    }

    @Test
    void anImportLeavesNoDocumentBehind() {
        api.post("/config/import", "{\"lbAttr\":[" + OTHER + "]}");
        api.forwarder().reject(new RejectedException(RejectedException.Kind.INVALID, "no"));
        api.post("/config/import", "{\"lbAttr\":[" + Bodies.LOXICMD + "]}");

        assertFalse(Files.exists(directory.resolve("state/import.json")));
        assertFalse(Files.exists(directory.resolve("state/import.json.previous")));
    }

    private void unchangedBy(String document, int statusMin, int statusMax) {
        String before = api.get("/config/export").body();
        List<?> services = api.forwarder().services();

        HttpResponse<String> refused = api.post("/config/import", document);

        int status = refused.statusCode();
        assertTrue(status >= statusMin && status <= statusMax, refused.body());
        assertEquals(before, api.get("/config/export").body());
        assertEquals(services, api.forwarder().services());
        assertEquals(1, api.forwarder().accessCounts().size());
    }
}
