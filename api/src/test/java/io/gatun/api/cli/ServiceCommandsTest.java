package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Frames;
import io.gatun.api.testkit.Pcapng;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line where protocols, families and modes are concerned, and the verbs that loxicmd does not have. */
class ServiceCommandsTest {
    private static final String VIP = "192.168.80.200";

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
    void everyProtocolIsCreatedAndDeleted() {
        assertEquals(0, ask("create", "lb", VIP, "--sctp=38412:38412", "--icmp", "--endpoints=192.168.80.11:1"));
        assertEquals("Success\nSuccess\n", out.toString());
        assertEquals(240, spec(VIP, Protocol.SCTP, 38412, 38412).idleTimeoutS());
        assertEquals(0, spec(VIP, Protocol.ICMP, 0, 0).endpoints().getFirst().port());
        assertEquals(0, ask("delete", "lb", VIP, "--sctp=38412", "--icmp"));
        assertEquals(0, api.rules().size());
    }

    @Test
    void endpointsOfIpv6InBothForms() {
        assertEquals(
                0,
                ask("create", "lb", "2001:db8::200", "--tcp=80:8080", "--endpoints=[2001:db8::11]:1,2001:db8::12:3"));
        assertEquals(
                List.of(
                        new EndpointSpec(InetAddress.ofLiteral("2001:db8::11"), 8080, 1),
                        new EndpointSpec(InetAddress.ofLiteral("2001:db8::12"), 8080, 3)),
                spec("2001:db8::200", Protocol.TCP, 80, 80).endpoints());
        assertEquals(0, ask("delete", "lb", "2001:DB8:0::200", "--tcp=80"));
        assertEquals(0, api.rules().size());
    }

    @Test
    void rangesSourcesModesAndSelections() {
        assertEquals(
                0,
                ask(
                        "create",
                        "lb",
                        VIP,
                        "--tcp=1000-2000:8080",
                        "--endpoints=192.168.80.11:1",
                        "--select=hash",
                        "--mode=fullnat",
                        "--privateIP=192.168.80.9",
                        "--sources=10.0.0.0/8,192.168.80.7"));
        ServiceSpec spec = spec(VIP, Protocol.TCP, 1000, 2000);
        assertEquals(Selection.HASH, spec.selection());
        assertEquals(NatMode.FULL_NAT, spec.mode());
        assertEquals(InetAddress.ofLiteral("192.168.80.9"), spec.privateAddress());
        assertEquals(2, spec.allowedSources().size());
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "lb", "-o", "wide"));
        assertTrue(out.toString().contains("| 10.0.0.0/8 192.168.80.7/32 |"), out.toString());
        assertTrue(out.toString().contains("| 1000-2000 | tcp "), out.toString());
        assertTrue(out.toString().contains("| hash | fullnat |"), out.toString());
        assertEquals(0, ask("delete", "lb", VIP, "--tcp=1000-2000"));
        assertEquals(0, api.rules().size());
    }

    @Test
    void refusalsOfTheServer() {
        String[] web = {"create", "lb", VIP, "--tcp=80:80", "--endpoints=192.168.80.11:1"};
        assertEquals(1, ask(with(web, "--mode=fullproxy")));
        assertTrue(
                err.toString().startsWith("gatun: service-args error: mode=4, Gatun is no L7 proxy"), err.toString());
        err.getBuffer().setLength(0);
        assertEquals(1, ask(with(web, "--mode=dsr")));
        assertEquals("gatun: Error: Only Hash Selection criteria allowed for DSR mode\n", err.toString());
        assertEquals("", out.toString());
        assertEquals(0, ask(with(web, "--mode=dsr", "--select=hash")));
        assertEquals(
                0, ask("create", "lb", "0.0.0.0", "--tcp=80:80", "--endpoints=192.168.80.11:1", "--mode=hostonearm"));
    }

    @Test
    void engineIsSwitchedAndShownWithItsReason() {
        assertEquals(0, ask("set", "io", "raw"), err.toString());
        assertEquals("lo raw/tcx: asked for\n", out.toString());
        assertEquals(0, ask("set", "io", "xdp", "--interface=lo"));
        assertEquals(1, ask("set", "io", "dpdk"));
        assertEquals("gatun: io=dpdk, give auto, xdp or raw\n", err.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "port", "-o", "wide"));
        assertTrue(out.toString().contains("| xdp/native |"), out.toString());
        assertTrue(out.toString().contains("| asked for |"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, ask("get", "port"));
        assertFalse(out.toString().contains("asked for"), out.toString());
    }

    @Test
    void getSync() {
        assertEquals(0, ask("get", "sync"));
        assertTrue(out.toString().matches("(?s).*\\| +sync_lag_ms +\\| +12 \\|.*"), out.toString());
        assertTrue(out.toString().matches("(?s).*\\| +sync_unsynced +\\| +7 \\|.*"), out.toString());
    }

    @Test
    void explainPrintsALineForEachStep() {
        api.forwarder().explainWith(Frames.forwarded());
        assertEquals(0, ask("explain", "--from", "10.0.0.7:51000", "--to", VIP + ":80", "--proto", "tcp"));
        assertEquals("""
                steering  192.168.80.200 is a VIP
                endpoint  192.168.80.11:8080 is next in turn
                verdict   forward
                """, out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, ask("explain", "--from=10.0.0.7:51000", "--to=" + VIP + ":80", "-o", "json"));
        assertTrue(out.toString().contains("\"verdict\" : \"forward\""), out.toString());
    }

    @Test
    void explainTellsByItsExitCodeWhetherThePacketIsServed() {
        String[] ping = {"explain", "--from=2001:db8::7", "--to=2001:db8::200", "--proto=icmp", "--id=9"};
        api.forwarder().explainWith(new Explanation(List.of(), "answer", ""));
        assertEquals(0, ask(ping));
        assertEquals(9, api.forwarder().question().sourcePort());
        api.forwarder().explainWith(new Explanation(List.of(), "pass", ""));
        assertEquals(3, ask(ping));
        out.getBuffer().setLength(0);
        api.forwarder().explainWith(new Explanation(List.of(), "drop", "no_service"));
        assertEquals(3, ask(ping));
        assertEquals("verdict   drop (no_service)\n", out.toString());
        assertEquals(1, ask("explain", "--from=10.0.0.7", "--to=" + VIP + ":80"));
        assertEquals(
                "gatun: from=10.0.0.7, give ADDRESS:PORT such as 10.0.0.7:51000 or [2001:db8::7]:51000\n",
                err.toString());
    }

    @Test
    void tracePrintsPacketsAndWritesThem() throws IOException {
        Path file = directory.resolve("trace.pcapng");
        api.forwarder().pass(Frames.traced("eth0/0", Frames.syn(), Frames.forwarded()));
        api.forwarder().pass(Frames.traced("eth0/1", Frames.syn(), new Explanation(List.of(), "drop", "no_service")));
        assertEquals(0, ask("trace", "--vip=" + VIP, "--count=2", "--timeout=20s", "--write=" + file), err.toString());
        assertEquals("""
                2026-03-04T05:06:07.000000089Z eth0/0 10.0.0.7:51000 > 192.168.80.200:80 tcp SYN, 54 bytes
                    steering  192.168.80.200 is a VIP
                    endpoint  192.168.80.11:8080 is next in turn
                    verdict   forward
                2026-03-04T05:06:07.000000089Z eth0/1 10.0.0.7:51000 > 192.168.80.200:80 tcp SYN, 54 bytes
                    verdict   drop (no_service)
                """, out.toString());
        List<Pcapng.Packet> packets = Pcapng.read(file);
        assertEquals(2, packets.size());
        assertEquals(
                "steering  192.168.80.200 is a VIP\nendpoint  192.168.80.11:8080 is next in turn\nverdict   forward",
                packets.getFirst().comment());
        assertEquals(Frames.TIME_NS, packets.getFirst().timeNs());
        assertArrayEquals(Frames.syn(), packets.getLast().frame());
        assertEquals("eth0/1", packets.getLast().port());
    }

    @Test
    void traceAsJsonAndTraceWithoutPackets() {
        api.forwarder().pass(Frames.traced("eth0/0", Frames.syn(), Frames.forwarded()));
        assertEquals(0, ask("trace", "--vip=" + VIP, "--count=1", "-o", "json"));
        assertTrue(out.toString().startsWith("{\"time\":\"2026-03-04T05:06:07.000000089Z\""), out.toString());
        assertEquals(0, ask("trace", "--vip=" + VIP, "--timeout=10ms"));
        assertEquals("gatun: no packet of 192.168.80.200 within 10ms\n", err.toString());
    }

    @Test
    void traceThatCannotBeIsOneSentence() throws IOException {
        assertEquals(1, ask("trace", "--vip=x"));
        assertEquals("gatun: vip=x, give an address such as 192.168.80.200\n", err.toString());
        err.getBuffer().setLength(0);
        Path taken = Files.createDirectory(directory.resolve("taken"));
        assertEquals(1, ask("trace", "--vip=" + VIP, "--write=" + taken));
        assertTrue(err.toString().startsWith("gatun: --write=" + taken + " cannot be written"), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    private int ask(String... arguments) {
        CommandLine commandLine = Gatun.commandLine(api::dataPlane);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(with(arguments, "--port=" + api.port()));
    }

    private ServiceSpec spec(String vip, Protocol protocol, int port, int portMax) {
        return api.forwarder().spec(new ServiceKey(InetAddress.ofLiteral(vip), protocol, port, portMax, 0));
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }
}
