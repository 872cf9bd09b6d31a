package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every protocol in every mode and family on both engines: curl, socat, ping and an SCTP stack in user space at the
 * client; HTTP, UDP and SCTP servers at the endpoint. One load balancer per engine, side by side.
 *
 * <p>This kernel has no tunnel devices, so what comes by IP-in-IP is taken out by socat and given to the endpoint's stack
 * through a TUN device.
 */
@LabTest
class CellsTest {
    private static final int LENGTH = 2_000_000;
    private static final String SCTP = "/usr/lib/usrsctp/";

    @TempDir
    static Path directory;

    private static final Map<String, GatunNode> NODES = new HashMap<>();
    private static Lab lab;
    private static Host client;
    private static String digest;

    @BeforeAll
    static void start(Lab opened) throws Exception {
        lab = opened;
        client = lab.host("client", addresses(10));
        Host plain = lab.host("ep1", addresses(11));
        Host near = lab.host("near", addresses(12));
        Host router = lab.host("router", addresses(1));
        Host far = lab.bare("far");
        lab.wire(
                router,
                LinkSpec.of("10.9.0.1/24", "fd00:9::1/64").named("eth1"),
                far,
                LinkSpec.of("10.9.0.11/24", "fd00:9::11/64").via("10.9.0.1"));
        far.exec("ip", "-6", "route", "add", "default", "via", "fd00:9::1");
        set(router, "ipv4/ip_forward", "1");
        set(router, "ipv6/conf/all/forwarding", "1");
        holdVips(near, Cell.Mode.DSR_ON_THE_LINK);
        holdVips(far, Cell.Mode.DSR_IN_A_TUNNEL);
        for (String tunnel : List.of("IP4-RECV:4 TUN,tun-name=tun4", "IP6-RECV:41 TUN,tun-name=tun6")) {
            String[] ends = tunnel.split(" ", -1);
            far.start("socat", "-u", "-b", "65536", ends[0], ends[1] + ",iff-no-pi,iff-up");
        }
        for (String engine : Cell.ENGINES) {
            int number = 5 + Cell.ENGINES.indexOf(engine);
            Host lb = lab.host("lb-" + engine, addresses(number));
            lb.exec("ip", "route", "add", "10.9.0.0/24", "via", "192.168.80.1");
            lb.exec("ip", "route", "add", "fd00:9::/64", "via", "fd00:80::1");
            NODES.put(engine, GatunNode.start(lb, directory.resolve(engine), "--io=" + engine));
        }
        new FlatLan(lab, client, plain, List.of(plain, near, far)).serve();
        for (Host host : List.of(plain, near, far)) {
            host.start(SCTP + "echo_server", "0", "0");
        }
        digest = Http.expectedDigest(LENGTH);
    }

    static List<Cell> cells() {
        return Cell.all();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void forwards(Cell cell) throws Exception {
        GatunNode node = NODES.get(cell.engine());
        Host server = lab.find(cell.server()).orElseThrow();
        routeBack(server, cell);
        Http.Answer created = node.api("POST", "/config/loadbalancer", cell.ruleJson());
        assertEquals(200, created.status(), created.body());
        switch (cell.protocol()) {
            case "tcp" -> tcp(cell);
            case "udp" -> udp(cell);
            case "sctp" -> sctp(cell);
            default -> icmp(cell, server);
        }
    }

    private static void tcp(Cell cell) {
        String url = "http://" + literal(cell.vip()) + ":" + cell.port();
        String[] peer = client.exec("curl", "-sS", "--max-time", "10", url + "/peer")
                .stdout()
                .split(" ", -1);
        String expected = cell.source();
        assertEquals(expected, peer[0].replace("fd00:80:0:0:0:0:0:", "fd00:80::"));
        String sum = client.exec("sh", "-c", "curl -sS --max-time 20 " + url + "/bytes/" + LENGTH + " | sha256sum")
                .stdout();
        assertEquals(digest, sum.substring(0, 64));
        assertEquals(
                cell.server(),
                client.exec("curl", "-sS", "--max-time", "10", url + "/name").stdout());
    }

    private static void udp(Cell cell) {
        String socat = "echo hello | socat -t 1 - UDP:" + literal(cell.vip()) + ":" + cell.port();
        ExecResult answer = client.tryExec("sh", "-c", socat);
        assertEquals(cell.server() + " hello", answer.stdout().strip(), answer.stderr());
    }

    private static void sctp(Cell cell) {
        String talk = "(sleep 0.2; echo hello; sleep 0.2) | timeout 8 " + SCTP + "client " + cell.vip() + " "
                + cell.port() + " 0 0 0";
        ExecResult answer = client.tryExec("sh", "-c", talk);
        assertTrue(answer.stdout().lines().anyMatch("hello"::equals), answer.stdout() + answer.stderr());
        assertTrue(
                (answer.stdout() + answer.stderr()).contains("SCTP_SHUTDOWN_COMP"), answer.stdout() + answer.stderr());
    }

    private static void icmp(Cell cell, Host server) {
        long before = echoes(server, cell.endpointIsIpv6());
        String ping = client.tryExec("ping", "-c", "3", "-i", "0.1", "-W", "3", "-s", "1200", cell.vip())
                .stdout();
        assertTrue(ping.contains("3 received") && !ping.contains("wrong data"), ping);
        assertEquals(3, echoes(server, cell.endpointIsIpv6()) - before, "the endpoint answered");
    }

    /** Echo requests that the host's own stack has seen. */
    private static long echoes(Host host, boolean ipv6) {
        if (ipv6) {
            String all = host.exec("cat", "/proc/net/snmp6").stdout();
            Matcher matcher = Pattern.compile("Icmp6InEchos\\s+(\\d+)").matcher(all);
            assertTrue(matcher.find(), all);
            return Long.parseLong(matcher.group(1));
        }
        List<String> rows =
                host.exec("grep", "^Icmp:", "/proc/net/snmp").stdout().lines().toList();
        int column = List.of(rows.get(0).split(" ", -1)).indexOf("InEchos");
        return Long.parseLong(rows.get(1).split(" ", -1)[column]);
    }

    /** In mode 0 the endpoint answers the client, by a host route through the load balancer. */
    private static void routeBack(Host server, Cell cell) {
        boolean ipv6 = cell.endpointIsIpv6();
        String to = ipv6 ? "fd00:80::10/128" : "192.168.80.10/32";
        server.tryExec("ip", "route", "del", to);
        if (cell.mode() == Cell.Mode.DNAT && cell.family() != Cell.Family.NAT64) {
            server.exec("ip", "route", "add", to, "via", cell.loadBalancer(ipv6));
        }
    }

    /** Endpoints of mode 3 have the VIPs themselves, and tell nobody. */
    private static void holdVips(Host host, Cell.Mode mode) throws Exception {
        set(host, "ipv4/conf/all/arp_ignore", "1");
        set(host, "ipv4/conf/all/arp_announce", "2");
        // Not lo, whose addresses the SCTP stack leaves out.
        host.exec("ip", "link", "add", "vips", "type", "bridge");
        host.exec("ip", "link", "set", "vips", "up");
        for (Cell cell : Cell.all()) {
            if (cell.mode() == mode && cell.protocol().equals("tcp")) {
                host.exec(
                        "ip",
                        "addr",
                        "add",
                        cell.vip() + (cell.vipIsIpv6() ? "/128" : "/32"),
                        "dev",
                        "vips",
                        cell.vipIsIpv6() ? "nodad" : "noprefixroute");
                // Bound to the VIP: a server on all addresses answers from another.
                host.start(
                        "socat",
                        (cell.vipIsIpv6() ? "UDP6" : "UDP4") + "-RECVFROM:" + Cell.DIRECT_UDP + ",fork,reuseaddr,bind="
                                + literal(cell.vip()),
                        "SYSTEM:echo " + host.name() + " $(cat)");
            }
        }
    }

    private static void set(Host host, String key, String value) throws Exception {
        host.run(() -> Files.writeString(Path.of("/proc/sys/net", key), value));
    }

    private static String[] addresses(int number) {
        return new String[] {"192.168.80." + number + "/24", "fd00:80::" + number + "/64"};
    }

    private static String literal(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }
}
