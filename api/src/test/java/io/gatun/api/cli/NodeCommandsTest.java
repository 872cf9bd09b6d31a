package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.testkit.CannedServer;
import io.gatun.api.testkit.Verb;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent for loxicmd's commands about the node, path by path as the contract has them. */
class NodeCommandsTest {
    private final CannedServer server = CannedServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void firewall() {
        assertSent(
                "POST /netlox/v1/config/firewall {\"ruleArguments\":{\"sourceIP\":\"10.0.0.0/8\",\"protocol\":6},"
                        + "\"opts\":{\"drop\":true}}",
                "create",
                "firewall",
                "--firewallRule=sourceIP:10.0.0.0/8,protocol:6",
                "--drop");
        assertSent(
                "POST /netlox/v1/config/firewall {\"ruleArguments\":{\"sourceIP\":\"2001:db8::/32\"},"
                        + "\"opts\":{\"allow\":true,\"record\":true,\"fwMark\":10}}",
                "create",
                "fw",
                "--firewallRule=sourceIP:2001:db8::/32",
                "--allow",
                "--record",
                "--setmark=10");
        assertSent(
                "POST /netlox/v1/config/firewall {\"ruleArguments\":{\"preference\":200},"
                        + "\"opts\":{\"redirect\":true,\"redirectPortName\":\"hs1\"}}",
                "create",
                "firewall",
                "--firewallRule=preference:200",
                "--redirect=hs1");
        assertSent(
                "DELETE /netlox/v1/config/firewall?sourceIP=10.0.0.0%2F8&preference=200",
                "delete", "firewall", "--firewallRule=sourceIP:10.0.0.0/8,preference:200");
    }

    @Test
    void address() {
        assertSent(
                "POST /netlox/v1/config/ipv4address {\"dev\":\"eth0\",\"ipAddress\":\"192.168.80.5/24\"}",
                "create",
                "ip",
                "192.168.80.5/24",
                "eth0");
        assertSent(
                "DELETE /netlox/v1/config/ipv4address/192.168.80.5/24/dev/eth0",
                "delete",
                "ip",
                "192.168.80.5/24",
                "eth0");
    }

    @Test
    void bfd() {
        assertSent(
                "POST /netlox/v1/config/bfd {\"instance\":\"default\",\"remoteIp\":\"192.168.80.6\",\"interval\":200000,"
                        + "\"retryCount\":3}",
                "create",
                "bfd",
                "192.168.80.6");
        assertSent(
                "POST /netlox/v1/config/bfd {\"instance\":\"default\",\"remoteIp\":\"192.168.80.6\",\"interval\":100000}",
                "set",
                "bfd",
                "192.168.80.6",
                "--interval=100000");
        assertSent(
                "DELETE /netlox/v1/config/bfd/remoteIP/192.168.80.6?instance=default", "delete", "bfd", "192.168.80.6");
    }

    @Test
    void settings() {
        assertSent("POST /netlox/v1/config/params {\"logLevel\":\"debug\"}", "set", "log-level", "debug");
        assertSent(
                "POST /netlox/v1/config/cistate {\"instance\":\"llb-inst0\",\"state\":\"BACKUP\",\"sync\":null,"
                        + "\"vip\":\"0.0.0.0\"}",
                "set",
                "hastate",
                "BACKUP");
    }

    @Test
    void badValuesAreOneSentenceAndNothingIsSent() {
        assertUsage(
                "--firewallRule=sourcePort:1, give sourceIP, destinationIP",
                "create",
                "firewall",
                "--firewallRule=sourcePort:1");
        assertUsage(
                "--firewallRule=protocol:tcp, give protocol a number such as protocol:80",
                "delete",
                "firewall",
                "--firewallRule=protocol:tcp");
        assertUsage(
                "--firewallRule=sourceIP, give sourceIP:VALUE such as sourceIP:10.0.0.0/8",
                "create",
                "firewall",
                "--firewallRule=sourceIP");
        assertUsage("CIDR=1.2.3.4, give the length of the mask too", "delete", "ip", "1.2.3.4", "eth0");
        assertUsage("LEVEL=loud, give one of trace, debug", "set", "log-level", "loud");
        assertUsage("nothing is named, give COMMAND", "delete");
        assertEquals(List.of(), server.requests());
    }

    @Test
    void aRefusalWithStatus200IsNoSuccess() {
        server.answer("/netlox/v1/config/ipv4address", "{\"result\":\"fail\"}");
        Verb verb = Verb.ask(server.port(), "create", "ip", "192.168.80.5/24", "eth77");
        assertEquals(1, verb.code());
        assertEquals("gatun: fail\n", verb.err());
    }

    private void assertSent(String request, String... arguments) {
        Verb verb = Verb.ask(server.port(), arguments);
        assertEquals(0, verb.code(), verb.err());
        assertEquals("Success\n", verb.out());
        String sent = server.requests().getLast();
        int body = request.indexOf('{');
        if (body < 0) {
            assertEquals(request, sent);
            return;
        }
        assertEquals(request.substring(0, body), sent.substring(0, body));
        assertEquals(tree(request.substring(body)), tree(sent.substring(body)));
    }

    private static JsonNode tree(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private void assertUsage(String sentence, String... arguments) {
        Verb verb = Verb.ask(server.port(), arguments);
        assertEquals(2, verb.code(), verb.err());
        assertTrue(verb.err().startsWith("gatun: " + sentence), verb.err());
        assertEquals(1, verb.err().lines().count(), verb.err());
    }
}
