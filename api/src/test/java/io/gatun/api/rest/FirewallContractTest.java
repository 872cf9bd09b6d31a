package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Api;
import io.gatun.forwarder.control.AccessCount;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallContractTest {
    private static final String PATH = "/config/firewall";
    private static final String SUCCESS = "{\"result\":\"Success\"}";
    private static final String DROP = "{\"ruleArguments\":{\"sourceIP\":\"10.1.2.3/8\"},\"opts\":{\"drop\":true}}";

    @TempDir
    Path directory;

    private Api api;

    @BeforeEach
    void start() {
        api = Api.start(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aRuleIsInForceAndShownWithWhatItDropped() {
        assertEquals(SUCCESS, api.post(PATH, DROP).body());

        assertEquals(List.of("10.0.0.0/8 dropped"), inForce());
        assertEquals(
                "{\"fwAttr\":[{\"ruleArguments\":{\"sourceIP\":\"10.0.0.0/8\"},"
                        + "\"opts\":{\"drop\":true,\"counter\":\"2:120\"}}]}",
                api.get(PATH + "/all").body());
    }

    @Test
    void theSameRuleAgainIsAConflictAndAnotherActionReplacesIt() {
        api.post(PATH, DROP);
        HttpResponse<String> again = api.post(PATH, DROP);
        assertEquals(409, again.statusCode());
        assertEquals("fwrule-exists error", Api.json(again).get("result").asText());

        assertEquals(SUCCESS, api.post(PATH, DROP.replace("drop", "allow")).body());
        assertEquals(List.of("10.0.0.0/8 allowed"), inForce());
    }

    @Test
    void everyFormThatTheCommandLineSendsIsRead() {
        assertEquals(
                SUCCESS,
                api.post(
                                PATH,
                                "{\"ruleArguments\":{\"sourceIP\":\"2001:db8::7\",\"destinationIP\":\"::/0\","
                                        + "\"minSourcePort\":0,\"maxSourcePort\":65535,\"preference\":0},"
                                        + "\"opts\":{\"allow\":true,\"drop\":false,\"fwMark\":0},\"more\":1}")
                        .body());
        assertEquals(List.of("2001:db8::7/128 allowed"), inForce());
    }

    @Test
    void aRuleIsDeletedByItsSourceAndOneThatIsNotThereCountsAsDeleted() {
        api.post(PATH, DROP);
        assertEquals(SUCCESS, api.delete(PATH + "?sourceIP=192.168.0.0/16").body());
        assertEquals(
                SUCCESS,
                api.delete(PATH + "?sourceIP=10.0.0.0/8&minDestinationPort=80").body());
        assertEquals(List.of("10.0.0.0/8 dropped"), inForce());

        assertEquals(
                SUCCESS, api.delete(PATH + "?sourceIP=10.0.0.0/8&preference=0").body());
        assertEquals(List.of(), inForce());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"sourceIP\":\"10.0.0.0/33\"} | {\"drop\":true} | sourceIP=10.0.0.0/33, give a network",
                "{} | {\"drop\":true} | sourceIP=, give a network",
                "{\"sourceIP\":\"10.0.0.0/8\",\"destinationIP\":\"1.1.1.1\"} | {\"drop\":true} | destinationIP=1.1.1.1",
                "{\"sourceIP\":\"10.0.0.0/8\",\"protocol\":6} | {\"drop\":true} | protocol=6, rules here go by"
                        + " sourceIP",
                "{\"sourceIP\":\"10.0.0.0/8\",\"preference\":7} | {\"drop\":true} | preference=7",
                "{\"sourceIP\":\"10.0.0.0/8\"} | {\"doSnat\":true,\"toIP\":\"1.1.1.1\"} | doSnat=true, rules here drop",
                "{\"sourceIP\":\"10.0.0.0/8\"} | {\"drop\":true,\"fwMark\":1} | fwMark=1",
                "{\"sourceIP\":\"10.0.0.0/8\"} | {} | drop=false, give one of drop and allow as true",
                "{\"sourceIP\":\"10.0.0.0/8\"} | {\"drop\":true,\"allow\":true} | give one of drop and allow",
            })
    void whatIsMoreThanASourceAndDropIsRefused(String arguments, String opts, String sentence) {
        HttpResponse<String> refused = api.post(PATH, "{\"ruleArguments\":" + arguments + ",\"opts\":" + opts + "}");

        assertEquals(400, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("fw-args error: "), refused.body());
        assertTrue(Api.json(refused).get("result").asText().contains(sentence), refused.body());
        assertFalse(refused.body().contains("exist"), refused.body());
        assertEquals(List.of(), inForce());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"opts\":{\"drop\":true}}", "{\"ruleArguments\":{\"sourceIP\":4}}"})
    void aBodyWithoutTheShapeOfARuleIs422(String body) {
        assertEquals(422, api.post(PATH, body).statusCode());
    }

    @Test
    void rulesAreThereAgainAfterARestart() throws Exception {
        api.post(PATH, DROP);
        api.post(PATH, "{\"ruleArguments\":{\"sourceIP\":\"10.9.0.0/16\"},\"opts\":{\"allow\":true}}");
        api.close();
        api = Api.start(directory);
        assertEquals(List.of("10.0.0.0/8 dropped", "10.9.0.0/16 allowed"), inForce());
        assertTrue(Files.readString(directory.resolve("state/firewall.json")).contains("10.9.0.0/16"));
    }

    @Test
    void whatCannotBeSavedIsNotInForce() throws Exception {
        Files.createDirectory(directory.resolve("state/firewall.json.next"));
        HttpResponse<String> refused = api.post(PATH, DROP);
        assertEquals(500, refused.statusCode());
        assertTrue(refused.body().contains("firewall rules are not saved"), refused.body());
        assertEquals(List.of(), inForce());
    }

    private List<String> inForce() {
        return api.forwarder().accessCounts().stream()
                .map(AccessCount::rule)
                .map(rule -> rule.source() + (rule.allowed() ? " allowed" : " dropped"))
                .toList();
    }
}
