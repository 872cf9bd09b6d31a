package io.gatun.forwarder.agent;

import static io.gatun.forwarder.agent.Specs.address;
import static io.gatun.forwarder.agent.Specs.endpoint;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One sentence: the field, its value, the cure. */
class ServiceValidationTest {
    private String vip = "192.168.80.200";
    private Protocol protocol = Protocol.TCP;
    private int port = 80;
    private int portMax = 80;
    private NatMode mode = NatMode.ONE_ARM;
    private Selection selection = Selection.ROUND_ROBIN;
    private int idleTimeoutS = 240;
    private List<EndpointSpec> endpoints =
            new ArrayList<>(List.of(endpoint("192.168.80.101:8080"), endpoint("192.168.80.102:8080")));

    @Test
    void aSoundServicePasses() {
        assertPasses();
        protocol = Protocol.UDP;
        mode = NatMode.DNAT;
        port = portMax = 65_535;
        idleTimeoutS = 86_400;
        endpoints = List.of(endpoint("10.0.0.1:1", 0), endpoint("10.0.0.1:65535", 65_535));
        assertPasses();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.5", "127.0.0.1", "ff02::1", "fe80::1", "::1"})
    void theVipIsAUnicastAddress(String address) {
        vip = address;
        assertRejected("externalIP=" + AddressText.of(address(address)) + ", must be a unicast address of the network");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_536})
    void thePortIsAPort(int value) {
        port = portMax = value;
        assertRejected("port=" + value + ", must be 1-65535");
    }

    @Test
    void aRangeEndsBehindItsStart() {
        portMax = 90;
        assertPasses();
        portMax = 79;
        assertRejected("portMax=79, must be at least port=80");
    }

    @Test
    void echoHasNoPorts() {
        protocol = Protocol.ICMP;
        assertRejected("port=80, must be 0 with protocol icmp");
        port = portMax = 0;
        assertRejected("endpoints[0].targetPort=8080, must be 0 with protocol icmp");
        endpoints = List.of(endpoint("192.168.80.101:0"));
        assertPasses();
    }

    @Test
    void aProxyIsNotToBeHad() {
        mode = NatMode.FULL_PROXY;
        assertRejected("mode=4, is an L7 proxy, which Gatun is not: use 1 (onearm) or 2 (fullnat)");
    }

    @Test
    void directServerReturnHashesAndKeepsThePort() {
        mode = NatMode.DSR;
        assertRejected("sel=0, must be 1 (hash) in mode 3 (dsr), so that every node chooses alike");
        selection = Selection.HASH;
        assertRejected(
                "endpoints[0].targetPort=8080, must be the service's own port in mode 3 (dsr), which rewrites none");
        endpoints = List.of(endpoint("192.168.80.101:80"));
        assertPasses();
    }

    @Test
    void hostOneArmStandsForEveryAddress() {
        mode = NatMode.HOST_ONE_ARM;
        assertRejected("externalIP=192.168.80.200, must be 0.0.0.0 or :: in mode 5 (hostonearm), which stands for every"
                + " address of the node");
        vip = "0.0.0.0";
        assertPasses();
    }

    @Test
    void familiesMeetOnlyWhereNatCanTranslate() {
        vip = "fd00:80::200";
        assertPasses();
        mode = NatMode.HOST_ONE_ARM;
        vip = "::";
        assertRejected("endpoints[0].endpointIP=192.168.80.101, is IPv4 behind an IPv6 VIP, which is NAT64: use mode 1"
                + " (onearm) or 2 (fullnat)");
        mode = NatMode.ONE_ARM;
        vip = "192.168.80.200";
        endpoints = List.of(new EndpointSpec(address("fd00:80::101"), 80, 1));
        assertRejected("endpoints[0].endpointIP=fd00:80::101, is IPv6 behind an IPv4 VIP, which NAT cannot do:"
                + " give IPv4 endpoints or an IPv6 VIP");
    }

    @ParameterizedTest
    @EnumSource(names = {"N2", "N3"})
    void selectionsOfTelecomProtocolsAreRefused(Selection other) {
        selection = other;
        assertRejected("sel=" + other.code() + ", is for telecom protocols, which Gatun does not read: use 0 (rr),"
                + " 1 (hash), 2 (priority), 3 (persist) or 4 (lc)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 86_401})
    void theTimeoutIsAtMostADay(int seconds) {
        idleTimeoutS = seconds;
        assertRejected("inactiveTimeOut=" + seconds + ", must be 1-86400 seconds");
    }

    @Test
    void thereAreOneToThirtyTwoEndpoints() {
        endpoints = List.of();
        assertRejected("endpoints=0, give 1 to 32");
        endpoints = new ArrayList<>();
        for (int i = 1; i <= 33; i++) {
            endpoints.add(endpoint("10.0.0." + i + ":80"));
        }
        assertRejected("endpoints=33, give 1 to 32");
        endpoints.removeLast();
        assertPasses();
    }

    @Test
    void eachEndpointIsNamedByItsPlace() {
        endpoints.set(1, endpoint("192.168.80.102:65536"));
        assertRejected(
                "endpoints[1].targetPort=65536, must be 1-65535, or 0 to keep the port that the client asked for");
        endpoints.set(1, endpoint("192.168.80.102:80", 65_536));
        assertRejected("endpoints[1].weight=65536, must be 0-65535");
        endpoints.set(1, endpoint("239.1.1.1:80"));
        assertRejected("endpoints[1].endpointIP=239.1.1.1, must be a unicast address of the network");
        endpoints.set(1, endpoint("192.168.80.200:80"));
        assertRejected("endpoints[1].endpointIP=192.168.80.200, is the VIP itself, name a server");
        endpoints.set(1, endpoint("192.168.80.101:8080", 9));
        assertRejected("endpoints[1].endpointIP=192.168.80.101:8080, is listed twice, use its weight instead");
    }

    @Test
    void broadcastIsNoHost() {
        vip = "255.255.255.255";
        assertRejected("externalIP=255.255.255.255, must be a unicast address of the network");
    }

    private ServiceSpec spec() {
        return new ServiceSpec(
                new ServiceKey(address(vip), protocol, port, portMax, 0), "", mode, selection, idleTimeoutS, endpoints);
    }

    private void assertPasses() {
        assertDoesNotThrow(() -> new ServiceValidation().check(spec()));
    }

    private void assertRejected(String sentence) {
        RejectedException e = assertThrows(RejectedException.class, () -> new ServiceValidation().check(spec()));
        assertEquals(sentence, e.getMessage());
        assertEquals(RejectedException.Kind.INVALID, e.kind());
    }
}
