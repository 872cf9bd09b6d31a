package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints and clients on the load balancer's own node, which go through {@code gatun0} and {@code gatun1}. */
@LabTest
class LocalTrafficTest {
    private static final int LENGTH = 3_000_000;

    @TempDir
    static Path directory;

    private static final Map<String, GatunNode> NODES = new HashMap<>();
    private static final Map<String, Host> HOSTS = new HashMap<>();
    private static Host client;

    @BeforeAll
    static void start(Lab lab) {
        client = lab.host("client", "192.168.80.10/24", "fd00:80::10/64");
        Host endpoint = lab.host("ep1", "192.168.80.11/24", "fd00:80::11/64");
        List<Host> servers = new ArrayList<>(List.of(endpoint));
        for (String engine : Cell.ENGINES) {
            String number = number(engine);
            Host lb = lab.host("lb-" + engine, "192.168.80." + number + "/24", "fd00:80::" + number + "/64");
            HOSTS.put(engine, lb);
            servers.add(lb);
            NODES.put(engine, GatunNode.start(lb, directory.resolve(engine), "--io=" + engine, "--egr-hooks"));
        }
        new FlatLan(lab, client, endpoint, servers).serve();
    }

    @ParameterizedTest
    @CsvSource({"xdp, 192.168.80.", "raw, 192.168.80.", "xdp, fd00:80::", "raw, fd00:80::"})
    void anEndpointOnTheNodeServesClientsOutside(String engine, String network) throws Exception {
        String vip = network + "1" + number(engine) + "0";
        rule(engine, GatunNode.ONE_ARM, vip, network + number(engine));
        requireAll(client, vip, "lb-" + engine);
    }

    @ParameterizedTest
    @CsvSource({"xdp, 192.168.80.", "raw, 192.168.80.", "xdp, fd00:80::", "raw, fd00:80::"})
    void aClientOnTheNodeReachesAnEndpointOutside(String engine, String network) throws Exception {
        String vip = network + "1" + number(engine) + "1";
        rule(engine, GatunNode.ONE_ARM, vip, network + "11");
        requireAll(HOSTS.get(engine), vip, "ep1");
    }

    @ParameterizedTest
    @CsvSource({"xdp, 192.168.80.", "raw, 192.168.80.", "xdp, fd00:80::", "raw, fd00:80::"})
    void aClientOnTheNodeReachesAnEndpointOnIt(String engine, String network) throws Exception {
        String vip = network + "1" + number(engine) + "2";
        rule(engine, GatunNode.ONE_ARM, vip, network + number(engine));
        requireAll(HOSTS.get(engine), vip, "lb-" + engine);
    }

    /** Clients on the node reach its own addresses by loopback, without Gatun. */
    @ParameterizedTest
    @CsvSource({
        "xdp, 192.168.80., 0.0.0.0",
        "raw, 192.168.80., 0.0.0.0",
        "xdp, fd00:80::, ::",
        "raw, fd00:80::, ::",
    })
    void anEndpointOnTheNodeServesClientsOutsideAtTheNodesAddress(String engine, String network, String every)
            throws Exception {
        String node = network + number(engine);
        rule(engine, GatunNode.HOST_ONE_ARM, every, node);
        requireAll(client, node, "lb-" + engine);
    }

    private static void rule(String engine, int mode, String vip, String endpoint) throws Exception {
        NODES.get(engine).rule(vip, "tcp", 80, mode, FlatLan.HTTP, endpoint);
        NODES.get(engine).rule(vip, "udp", 53, mode, FlatLan.UDP, endpoint);
    }

    private static void requireAll(Host from, String vip, String server) throws Exception {
        String url = "http://" + (vip.contains(":") ? "[" + vip + "]" : vip);
        assertEquals(
                server,
                from.exec("curl", "-sS", "--max-time", "5", url + "/name").stdout());
        String sum = from.exec("sh", "-c", "curl -sS --max-time 20 " + url + "/bytes/" + LENGTH + " | sha256sum")
                .stdout();
        assertEquals(Http.expectedDigest(LENGTH), sum.substring(0, 64));
        assertEquals(server + " hello", Udp.ask(from, vip, 53, "hello"));
        String ping =
                from.tryExec("ping", "-c", "2", "-i", "0.2", "-W", "2", vip).stdout();
        assertTrue(ping.contains("2 received"), ping);
    }

    private static String number(String engine) {
        return Integer.toString(5 + Cell.ENGINES.indexOf(engine));
    }
}
