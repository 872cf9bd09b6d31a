package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.api.testkit.CannedServer;
import io.gatun.api.testkit.Verb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each table, as it is printed for an answer of the form that the contract has. Those of rules are in CommandLineTest. */
class GoldenTablesTest {
    private final CannedServer server = CannedServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void conntrack() {
        server.answer("/netlox/v1/config/conntrack/all", """
                {"ctAttr":[{"destinationIP":"192.168.80.200","sourceIP":"192.168.80.10","destinationPort":80,
                "sourcePort":51000,"protocol":"tcp","ident":"0:0","conntrackState":"est",
                "conntrackAct":"dnat-192.168.80.11:8080:w1","packets":12,"bytes":3456,"servName":"web"},
                {"destinationIP":"192.168.80.201","sourceIP":"192.168.80.10","destinationPort":53,
                "sourcePort":4242,"protocol":"udp","conntrackState":"udp-est","conntrackAct":"n/a","packets":1,
                "bytes":60,"servName":"-"}]}
                """);
        assertTable("""
                | SERVICE NAME |     DESTIP     |     SRCIP     | DPORT | SPORT | PROTO |  STATE  |            ACT             | PACKETS | BYTES |
                |--------------|----------------|---------------|-------|-------|-------|---------|----------------------------|---------|-------|
                | web          | 192.168.80.200 | 192.168.80.10 |    80 | 51000 | tcp   | est     | dnat-192.168.80.11:8080:w1 |      12 |  3456 |
                | -            | 192.168.80.201 | 192.168.80.10 |    53 |  4242 | udp   | udp-est | n/a                        |       1 |    60 |
                """, "get", "ct");
        assertEquals(3, ask("get", "conntrack", "--servName=web").out().lines().count());
    }

    @Test
    void port() {
        server.answer("/netlox/v1/config/port/all", """
                {"portAttr":[{"portName":"eth0","portNo":2,"portHardwareInformation":{"macAddress":"02:00:00:00:00:05",
                "link":true,"state":true,"mtu":1500},"portL3Information":{"IPv4Address":["192.168.80.5/24"],
                "IPv6Address":["2001:db8:80::5/64"]},
                "engine":{"name":"xdp","mode":"native","reason":"asked for","queues":4}}]}
                """);
        assertTable("""
                | INDEX | PORTNAME |        MAC        | LINK/STATE | MTU  |   ENGINE   | QUEUES |              L3INFO               |
                |-------|----------|-------------------|------------|------|------------|--------|-----------------------------------|
                |     2 | eth0     | 02:00:00:00:00:05 | true/true  | 1500 | xdp/native |      4 | 192.168.80.5/24 2001:db8:80::5/64 |
                """, "get", "port");
        assertTable("""
                | INDEX | PORTNAME |        MAC        | LINK/STATE | MTU  |   ENGINE   | QUEUES |              L3INFO               |  REASON   |
                |-------|----------|-------------------|------------|------|------------|--------|-----------------------------------|-----------|
                |     2 | eth0     | 02:00:00:00:00:05 | true/true  | 1500 | xdp/native |      4 | 192.168.80.5/24 2001:db8:80::5/64 | asked for |
                """, "get", "port", "-o", "wide");
    }

    @Test
    void roleAndTakeovers() {
        server.answer(
                "/netlox/v1/config/cistate/all",
                "{\"Attr\":[{\"instance\":\"llb-inst0\",\"state\":\"MASTER\",\"sync\":null,\"vip\":\"0.0.0.0\"}]}");
        server.answer("/gatun/v1/incidents", IncidentCommandTest.INCIDENTS);
        assertTable("""
                | INSTANCE  | HASTATE |
                |-----------|---------|
                | llb-inst0 | MASTER  |
                """, "get", "hastate");
        assertTable("""
                | INSTANCE  | HASTATE |
                |-----------|---------|
                | llb-inst0 | MASTER  |

                | TAKEOVER |         TIME         | FAMILY | DETECTED BY | SILENT MS | HELD BACK | ANNOUNCED MS | FIRST PACKET MS | OUTAGE MS | INHERITED | LOST |   ALARM    |
                |----------|----------------------|--------|-------------|-----------|-----------|--------------|-----------------|-----------|-----------|------|------------|
                |        6 | 2026-03-04T05:00:00Z | IPv6   | left        |       0.0 |         0 | -            | -               | -         |         0 |    0 | -          |
                |        7 | 2026-03-04T05:06:07Z | IPv4   | silence     |     310.2 |         1 |          0.8 |            12.5 |     311.0 |      1200 |    3 | no traffic |
                """, "get", "hastate", "-o", "wide");
    }

    @Test
    void endpoint() {
        server.answer("/netlox/v1/config/endpoint/all", """
                {"Attr":[{"hostName":"192.168.80.11","name":"web1","inactiveReTries":2,"probeType":"http",
                "probeReq":"/healthz","probeResp":"","probeDuration":5,"probePort":8080,"minDelay":"0.2ms",
                "avgDelay":"0.3ms","maxDelay":"1.0ms","currState":"ok"}]}
                """);
        assertTable("""
                |     HOST      | NAME | PTYPE | PORT | DURATION | RETRIES | MINDELAY | AVGDELAY | MAXDELAY | STATE |
                |---------------|------|-------|------|----------|---------|----------|----------|----------|-------|
                | 192.168.80.11 | web1 | http  | 8080 |        5 |       2 | 0.2ms    | 0.3ms    | 1.0ms    | ok    |
                """, "get", "ep");
    }

    @Test
    void health() {
        server.answer("/gatun/v1/health", """
                {"endpoints":[{"rule":"tcp 192.168.80.200:80","endpoint":"192.168.80.11:8080","weight":1,"active":true,
                "probe":"ok","ejected":false,"refused":0,"unreachable":1,"unanswered":2,"connections":17},
                {"rule":"tcp 192.168.80.200:80","endpoint":"192.168.80.12:8080","weight":0,"active":false,
                "probe":"nok","ejected":true,"refused":5,"unreachable":0,"unanswered":0,"connections":0,
                "drained":true}]}
                """);
        assertTable("""
                |         RULE          |      ENDPOINT      | WEIGHT | ACTIVE | PROBE | EJECTED | REFUSED | UNREACHABLE | UNANSWERED | CONNECTIONS | DRAINED |
                |-----------------------|--------------------|--------|--------|-------|---------|---------|-------------|------------|-------------|---------|
                | tcp 192.168.80.200:80 | 192.168.80.11:8080 |      1 | true   | ok    | false   |       0 |           1 |          2 |          17 | -       |
                | tcp 192.168.80.200:80 | 192.168.80.12:8080 |      0 | false  | nok   | true    |       5 |           0 |          0 |           0 | true    |
                """, "get", "health");
    }

    @Test
    void sync() {
        server.answer("/gatun/v1/sync", "{\"counters\":{\"sync_lag_ms\":12,\"sync_unsynced\":7}}");
        assertTable("""
                |    COUNTER    | VALUE |
                |---------------|-------|
                | sync_lag_ms   |    12 |
                | sync_unsynced |     7 |
                """, "get", "sync");
    }

    @Test
    void addresses() {
        server.answer("/netlox/v1/config/ipv4address/all", """
                {"ipAttr":[{"dev":"eth0","ipAddress":["192.168.80.5/24","10.0.0.5/8"],"sync":1},
                {"dev":"lo","ipAddress":["127.0.0.1/8"],"sync":0},{"dev":"gatun0","ipAddress":[]}]}
                """);
        assertTable("""
                | DEVICE NAME |   IP ADDRESS    |
                |-------------|-----------------|
                | eth0        | 192.168.80.5/24 |
                |             | 10.0.0.5/8      |
                | lo          | 127.0.0.1/8     |
                | gatun0      |                 |
                """, "get", "ip");
        assertTable("""
                | DEVICE NAME |   IP ADDRESS    | SYNC |
                |-------------|-----------------|------|
                | eth0        | 192.168.80.5/24 |    1 |
                |             | 10.0.0.5/8      |      |
                | lo          | 127.0.0.1/8     |    0 |
                | gatun0      |                 |      |
                """, "get", "ipv4address", "-o", "wide");
    }

    @Test
    void firewall() {
        server.answer("/netlox/v1/config/firewall/all", """
                {"fwAttr":[{"ruleArguments":{"sourceIP":"10.0.0.0/8","destinationIP":"0.0.0.0/0",
                "minDestinationPort":80,"maxDestinationPort":443,"protocol":6,"portName":"eth0","preference":200},
                "opts":{"drop":true,"counter":"3:180"}},
                {"ruleArguments":{"sourceIP":"192.168.80.0/24","preference":100},
                "opts":{"allow":true,"record":true,"fwMark":9}},
                {"ruleArguments":{"sourceIP":"1.2.3.4/32"},"opts":{"redirect":true,"redirectPortName":"hs1"}}]}
                """);
        assertTable("""
                |    SOURCE IP    | DESTINATION IP | MIN SPORT | MAX SPORT | MIN DPORT | MAX DPORT | PROTOCOL | PORT NAME | PREFERENCE |         OPTION         |
                |-----------------|----------------|-----------|-----------|-----------|-----------|----------|-----------|------------|------------------------|
                | 10.0.0.0/8      | 0.0.0.0/0      |         0 |         0 |        80 |       443 |        6 | eth0      |        200 | Drop                   |
                | 192.168.80.0/24 |                |         0 |         0 |         0 |         0 |        0 |           |        100 | Allow,Record,FwMark(9) |
                | 1.2.3.4/32      |                |         0 |         0 |         0 |         0 |        0 |           |          0 | Redirect(hs1)          |
                """, "get", "firewall");
        assertTable("""
                |    SOURCE IP    | DESTINATION IP | MIN SPORT | MAX SPORT | MIN DPORT | MAX DPORT | PROTOCOL | PORT NAME | PREFERENCE |         OPTION         | COUNTERS |
                |-----------------|----------------|-----------|-----------|-----------|-----------|----------|-----------|------------|------------------------|----------|
                | 10.0.0.0/8      | 0.0.0.0/0      |         0 |         0 |        80 |       443 |        6 | eth0      |        200 | Drop                   | 3:180    |
                | 192.168.80.0/24 |                |         0 |         0 |         0 |         0 |        0 |           |        100 | Allow,Record,FwMark(9) |          |
                | 1.2.3.4/32      |                |         0 |         0 |         0 |         0 |        0 |           |          0 | Redirect(hs1)          |          |
                """, "get", "fw", "-o", "wide");
    }

    @Test
    void bfd() {
        server.answer("/netlox/v1/config/bfd/all", """
                {"Attr":[{"instance":"default","remoteIp":"192.168.80.6","sourceIp":"192.168.80.5","port":3784,
                "interval":100000,"retryCount":3,"state":"BFDUp"}]}
                """);
        assertTable("""
                | INSTANCE |   REMOTEIP   | STATE |
                |----------|--------------|-------|
                | default  | 192.168.80.6 | BFDUp |
                """, "get", "bfd");
        assertTable("""
                | INSTANCE |   REMOTEIP   |   SOURCEIP   | PORT | INTERVAL  | RETRY COUNT | STATE |
                |----------|--------------|--------------|------|-----------|-------------|-------|
                | default  | 192.168.80.6 | 192.168.80.5 | 3784 | 100000 us |           3 | BFDUp |
                """, "get", "bfd", "-o", "wide");
    }

    @Test
    void logLevel() {
        server.answer("/netlox/v1/config/params", "{\"logLevel\":\"info\"}");
        assertTable("""
                | PARAM NAME | VALUE |
                |------------|-------|
                | Log level  | info  |
                """, "get", "log-level");
    }

    @Test
    void process() {
        server.answer("/netlox/v1/status/process", """
                {"processAttr":[{"pid":"812","user":"gatun","priority":"20","nice":"0","virtMemory":"4.1g",
                "residentSize":"310m","sharedMemory":"40m","status":"S","CPUUsage":"12.5","MemoryUsage":"3.1",
                "time":"1:02.03","command":"java"}]}
                """);
        assertTable("""
                | PID | USER  | PRIORITY | NICE | VIRTMEMORY | RESIDENTSIZE | SHAREDMEMORY | STATUS | CPUUSAGE | MEMORYUSAGE |  TIME   | COMMAND |
                |-----|-------|----------|------|------------|--------------|--------------|--------|----------|-------------|---------|---------|
                | 812 | gatun |       20 |    0 | 4.1g       | 310m         | 40m          | S      |     12.5 |         3.1 | 1:02.03 | java    |
                """, "get", "process");
    }

    @Test
    void incidents() {
        server.answer("/gatun/v1/incidents", IncidentCommandTest.INCIDENTS);
        assertTable("""
                | TAKEOVER |         TIME         | FAMILY | DETECTED BY | SILENT MS | HELD BACK | ANNOUNCED MS | FIRST PACKET MS | OUTAGE MS | INHERITED | LOST |   ALARM    |
                |----------|----------------------|--------|-------------|-----------|-----------|--------------|-----------------|-----------|-----------|------|------------|
                |        6 | 2026-03-04T05:00:00Z | IPv6   | left        |       0.0 |         0 | -            | -               | -         |         0 |    0 | -          |
                |        7 | 2026-03-04T05:06:07Z | IPv4   | silence     |     310.2 |         1 |          0.8 |            12.5 |     311.0 |      1200 |    3 | no traffic |
                """, "incident");
    }

    @Test
    void nothingIsATableOfHeads() {
        server.answer("/netlox/v1/config/firewall/all", "{\"fwAttr\":null}");
        assertEquals(2, ask("get", "firewall").out().lines().count());
    }

    @Test
    void jsonIsTheAnswerWithWhatNoTableShows() {
        server.answer("/netlox/v1/config/conntrack/all", "{\"ctAttr\":[],\"ofANewerServer\":5}");
        assertEquals("""
                {
                  "ctAttr" : [ ],
                  "ofANewerServer" : 5
                }
                """, ask("get", "ct", "-o", "json").out());
    }

    @Test
    void metricsAreTheTextThatPrometheusReads() {
        String text = "# TYPE loxilb_lb_rules gauge\nloxilb_lb_rules 2\n";
        server.answer("/netlox/v1/metrics", text);
        assertEquals(text, ask("get", "metrics").out());
    }

    private void assertTable(String table, String... arguments) {
        Verb verb = ask(arguments);
        assertEquals(0, verb.code(), verb.err());
        assertEquals(table, verb.out());
    }

    private Verb ask(String... arguments) {
        return Verb.ask(server.port(), arguments);
    }
}
