package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Api;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
    private static final String[] DEMO = {
        "create",
        "lb",
        "192.168.80.200",
        "--tcp=80:8080",
        "--endpoints=192.168.80.11:1,192.168.80.12:1",
        "--mode=onearm"
    };

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
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
    void createsWhatTheDemoAsksFor() {
        assertEquals(0, ask(DEMO));
        assertEquals("Success\n", out.toString());
        ServiceSpec spec = api.forwarder().spec(key(Protocol.TCP, 80));
        assertEquals(NatMode.ONE_ARM, spec.mode());
        assertEquals(
                List.of(
                        new EndpointSpec(InetAddress.ofLiteral("192.168.80.11"), 8080, 1),
                        new EndpointSpec(InetAddress.ofLiteral("192.168.80.12"), 8080, 1)),
                spec.endpoints());
    }

    @Test
    void everyProtocolAndPortIsARuleAndTargetsMultiplyEndpoints() {
        assertEquals(
                0,
                ask(
                        "create",
                        "lb",
                        "192.168.80.200",
                        "--tcp=80:8080,80:8081,443:8443",
                        "--udp=1000-2000:53",
                        "--endpoints=192.168.80.11:1,192.168.80.12:3",
                        "--inatimeout=77",
                        "--name=web",
                        "--mark=5",
                        "--monitor",
                        "--bgp"));
        assertEquals("Success\nSuccess\nSuccess\n", out.toString());
        InetAddress vip = InetAddress.ofLiteral("192.168.80.200");
        ServiceSpec web = api.forwarder().spec(new ServiceKey(vip, Protocol.TCP, 80, 80, 5));
        assertEquals(4, web.endpoints().size());
        assertEquals(3, web.endpoints().getLast().weight());
        assertEquals(77, web.idleTimeoutS());
        assertEquals("web", web.name());
        assertEquals(
                1,
                api.forwarder()
                        .spec(new ServiceKey(vip, Protocol.UDP, 1000, 2000, 5))
                        .endpoints()
                        .getFirst()
                        .weight());
    }

    @Test
    void plainTable() {
        ask(DEMO);
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "lb"));
        assertEquals("""
                |     EXT IP     | PORT | PROTO | NAME | MARK | SEL |  MODE  | # OF ENDPOINTS | TIMEOUT | MONITOR |
                |----------------|------|-------|------|------|-----|--------|----------------|---------|---------|
                | 192.168.80.200 |   80 | tcp   |      |    0 | rr  | onearm |              2 |     240 | Off     |
                """, out.toString());
    }

    @Test
    void wideTableHasARowPerEndpoint() {
        ask(with(DEMO, "--monitor"));
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "lb", "-o", "wide"));
        assertEquals("""
                |     EXT IP     | SEC IPS | SOURCES | HOST | PORT | PROTO | NAME | MARK | SEL |  MODE  |   ENDPOINT    | EPORT | WEIGHT | STATE  | COUNTERS | TAKEOVER |
                |----------------|---------|---------|------|------|-------|------|------|-----|--------|---------------|-------|--------|--------|----------|----------|
                | 192.168.80.200 |         |         |      |   80 | tcp   |      |    0 | rr  | onearm | 192.168.80.11 |  8080 |      1 | active | 3:180    | survives |
                |                |         |         |      |      |       |      |      |     |        | 192.168.80.12 |  8080 |      1 | active | 3:180    |          |
                """, out.toString());
    }

    @Test
    void jsonIsWhatTheServerSays() {
        ask(DEMO);
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "-o", "json", "lb"));
        assertTrue(out.toString().contains("\"externalIP\" : \"192.168.80.200\""), out.toString());
    }

    @Test
    void otherNounsPrintTheirTables() {
        ask(DEMO);
        for (String[] noun : new String[][] {
            {"ct", "SERVICE NAME"},
            {"port", "PORTNAME"},
            {"hastate", "| llb-inst0 | NOT_DEFINED |"},
            {"ep", "| 192.168.80.11 | 192.168.80.11_tcp_8080 |"},
            {"lbversion", "0.1.0"}
        }) {
            out.getBuffer().setLength(0);
            assertEquals(0, ask("get", noun[0]), err.toString());
            assertTrue(out.toString().contains(noun[1]), out.toString());
        }
    }

    @Test
    void endpointsAreMadeShownAndDeleted() {
        assertEquals(
                0,
                ask(
                        "create",
                        "ep",
                        "192.168.80.11",
                        "--name=web1",
                        "--probetype=http",
                        "--probeport=8080",
                        "--probereq=/healthz",
                        "--period=5",
                        "--retries=3"),
                err.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "ep"), err.toString());
        assertTrue(
                out.toString().contains("| 192.168.80.11 | web1 | http  | 8080 |        5 |       3 |"),
                out.toString());
        assertEquals(0, ask("delete", "ep", "192.168.80.11", "--name=web1"), err.toString());
        assertEquals(1, ask("delete", "ep", "192.168.80.11"));
        assertTrue(err.toString().contains("host-notfound"), err.toString());
    }

    @Test
    void aRuleTellsHowItsEndpointsAreProbed() {
        assertEquals(
                0,
                ask(
                        "create",
                        "lb",
                        "192.168.80.200",
                        "--tcp=80:8080",
                        "--endpoints=192.168.80.11:1",
                        "--mode=onearm",
                        "--probetype=tcp",
                        "--interval-ms=100",
                        "--rise=2"),
                err.toString());
        assertEquals(
                100,
                api.rules()
                        .get(0)
                        .get("serviceArguments")
                        .get("probeIntervalMs")
                        .asInt());
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "health"), err.toString());
        assertTrue(out.toString().contains("| tcp 192.168.80.200:80 | 192.168.80.11:8080 |"), out.toString());
    }

    @Test
    void deletesByPortsByNameAndAll() {
        ask(DEMO);
        assertEquals(0, ask("delete", "lb", "192.168.80.200", "--tcp=80"));
        assertEquals(0, api.rules().size());
        ask(with(DEMO, "--name=a b:c"));
        assertEquals(0, ask("delete", "lb", "--name=a b:c"));
        assertEquals(0, api.rules().size());
        ask(DEMO);
        assertEquals(0, ask("delete", "lb", "--all"));
        assertEquals(0, api.rules().size());
        assertEquals(0, ask("delete", "lb", "192.168.80.200", "--tcp=80"));
    }

    @Test
    void refusalOfTheServerIsItsSentenceAndExitCodeOne() {
        ask(DEMO);
        assertEquals(1, ask(DEMO));
        assertEquals("gatun: lbrule-exists error\n", err.toString());
        err.getBuffer().setLength(0);
        assertEquals(1, ask("create", "lb", "192.168.80.999", "--tcp=80:8080", "--endpoints=192.168.80.11:1"));
        assertEquals(
                "gatun: malformed-service error: externalIP=192.168.80.999, give an IP address such as"
                        + " 192.168.80.200 or 2001:db8::200\n",
                err.toString());
        err.getBuffer().setLength(0);
        assertEquals(1, ask("create", "lb", "192.168.80.200", "--tcp=65536:8080", "--endpoints=192.168.80.11:1"));
        assertEquals("gatun: serv-port-args range error: port=65536, give 1-65535\n", err.toString());
    }

    @Test
    void silentServerIsOneSentence() {
        int port = api.port();
        api.close();
        assertEquals(1, run("get", "lb", "-p", Integer.toString(port)));
        assertTrue(err.toString().startsWith("gatun: no answer from http://127.0.0.1:" + port), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    @Test
    void badArgumentsAreOneSentenceWithACureAndExitCodeTwo() {
        assertUsage(
                "unknown option --endpoint=x, did you mean --endpoints?", "create", "lb", "1.2.3.4", "--endpoint=x");
        assertUsage("unknown option --interfac=x, did you mean --interface?", "run", "--interfac=x");
        assertUsage("--tcp=80, give PORT:TARGETPORT such as 80:8080", "create", "lb", "1.2.3.4", "--tcp=80");
        assertUsage(
                "--mode=onarm, give one of default, onearm", "create", "lb", "1.2.3.4", "--tcp=1:1", "--mode=onarm");
        assertUsage("--select=rrr, give one of rr, hash", "create", "lb", "1.2.3.4", "--tcp=1:1", "--select=rrr");
        assertUsage(
                "--endpoints=1.2.3.4:x, give IP:WEIGHT",
                "create",
                "lb",
                "1.1.1.1",
                "--tcp=1:1",
                "--endpoints=1.2.3.4:x");
        assertUsage("no ports are given", "create", "lb", "1.2.3.4");
        assertUsage("no rule is named", "delete", "lb", "1.2.3.4");
        assertUsage("unknown argument frobnicate", "frobnicate");
        assertUsage("Missing required subcommand", "get");
        assertUsage("--io=dpdk, give auto, xdp or raw", "run", "--io=dpdk");
        assertUsage(
                "--whitelist=eth, leave it out or leave --interface=lo out",
                "run",
                "--whitelist=eth",
                "--interface=lo");
        assertUsage(
                "--blacklist=eth, leave it out or leave --interface=lo out",
                "run",
                "--blacklist=eth",
                "--interface=lo");
        assertUsage("--whitelist=eth[ is no regular expression", "run", "--whitelist=eth[");
        assertUsage("--whitelist=^nothing77$ leaves no interface of", "run", "--whitelist=^nothing77$");
        assertUsage("Missing required parameter: 'auto|xdp|raw'", "set", "io");
        assertUsage("Missing required option: '--to=ADDR:PORT'", "explain", "--from=10.0.0.7:1");
        assertUsage("Missing required option: '--vip=IP'", "trace");
        assertUsage("--api=0.0.0.0, give an address and a port", "run", "--api=0.0.0.0");
        assertUsage("--api=example.org:1, give an IP address", "run", "--api=example.org:1");
        assertUsage("--api=1.2.3.4:65536, give a port", "run", "--api=1.2.3.4:65536");
        assertUsage("--snat=lan, give vip or node", "run", "--snat=lan");
        assertUsage("--snat-address=x, give an IPv4 address", "run", "--snat-address=x");
        assertUsage("--nat-ports=5-1, give a rising range", "run", "--nat-ports=5-1");
        assertUsage("--idle=nap, give spin or poll", "run", "--idle=nap");
        assertUsage("--agent-priority=100, give 1-99, or 0 for none", "run", "--agent-priority=100");
        assertUsage(
                "--agent-priority=1, it goes with --idle=poll, an agent that never sleeps would keep all else from its CPU",
                "run",
                "--agent-priority=1",
                "--idle=spin");
        assertUsage("--conntrack-size=0, give 1024-", "run", "--conntrack-size=0");
        assertUsage("--half-open-max=-1, give 1-262144, which is", "run", "--half-open-max=-1");
        assertUsage(
                "--half-open-per-source=2000, give 1-1024",
                "run",
                "--conntrack-size=1024",
                "--half-open-per-source=2000");
        assertUsage("--peer=example.org, give the IP address", "run", "--peer=example.org");
        assertUsage("--peer=10.0.0.1:0, give the IP address", "run", "--peer=10.0.0.1:0");
        assertUsage("--peer=10.0.0.2, give all peers the same port", "run", "--peer=10.0.0.1:7", "--peer=10.0.0.2");
        assertUsage("--sync-key=/k, give --peer as well, or leave it out", "run", "--sync-key=/k");
        assertUsage("--vrid=256, give 1-255", "run", "--vrid=256");
        assertUsage("--priority=255, give 1-254", "run", "--vrid=1", "--priority=255");
        for (String interval : new String[] {"5ms", "15ms", "0s", "40.96s", "0.001s"}) {
            assertUsage(
                    "--advert-interval=" + interval + ", give whole hundredths of a second from 10ms to 40.95s",
                    "run",
                    "--advert-interval=" + interval);
        }
        assertUsage("--advert-interval=fast, give a time such as 100ms", "run", "--advert-interval=fast");
        assertUsage("--peer=224.0.0.18, give the IP address of the other node", "run", "--peer=224.0.0.18");
        assertUsage("--log-format=xml, give text or json", "run", "--log-format=xml");
        assertUsage("--interface=eth77 is not here, give one of", "run", "--interface=eth77");
    }

    private void assertUsage(String sentence, String... arguments) {
        err.getBuffer().setLength(0);
        assertEquals(2, run(arguments), () -> String.join(" ", arguments) + ": " + err);
        assertTrue(err.toString().startsWith("gatun: " + sentence), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    /** Runs a client verb against the server of this test. */
    private int ask(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--port=" + api.port());
        return run(all.toArray(String[]::new));
    }

    private int run(String... arguments) {
        CommandLine commandLine = Gatun.commandLine(api::dataPlane);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    private static ServiceKey key(Protocol protocol, int port) {
        return ServiceKey.of(InetAddress.ofLiteral("192.168.80.200"), protocol, port);
    }

    private static String[] with(String[] arguments, String more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = more;
        return all;
    }
}
