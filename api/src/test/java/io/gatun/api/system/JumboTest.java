package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.PseudoRandomStream;
import io.gatun.lab.junit.LabTest;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A network of MTU 9000, which only the raw engine can serve. */
@LabTest
class JumboTest {
    private static final int MTU = 9_000;
    private static final int FRAME = MTU + 14;
    private static final int LENGTH = 3_000_000;

    @TempDir
    static Path directory;

    private static Host client;
    private static Host endpoint;
    private static Host lb;
    private static GatunNode node;
    private static Path upload;
    private static String digest;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        client = lab.host("client", jumbo(10));
        endpoint = lab.host("ep1", jumbo(11));
        lb = lab.host("lb", jumbo(5));
        new FlatLan(lab, client, lb, List.of(endpoint)).serve();
        node = GatunNode.start(lb, directory.resolve("node"), "--io=auto");
        upload = directory.resolve("upload");
        try (InputStream stream = new PseudoRandomStream(LENGTH)) {
            Files.copy(stream, upload);
        }
        digest = Http.expectedDigest(LENGTH);
    }

    @Test
    void theMtuIsTheReasonForTheRawEngine() throws Exception {
        String engine = "interface=eth0 engine=raw mode=tcx reason=\"the MTU 9000 is above 3818\"";
        assertTrue(node.readyLine().contains(engine), node.readyLine());
        ExecResult set = GatunNode.gatun(lb, "set", "io", "xdp", "--interface=eth0");
        assertEquals(1, set.exitCode(), set.stdout() + set.stderr());
        assertTrue(
                (set.stdout() + set.stderr()).contains("the MTU 9000 of eth0 does not fit an AF_XDP frame"),
                set.stdout() + set.stderr());
        String ports = node.api("GET", "/config/port/all", "").body();
        assertTrue(ports.contains("the MTU 9000 is above 3818"), ports);
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.80.200, 192.168.80.11, on",
        "192.168.80.204, 192.168.80.11, off",
        "fd00:80::200, fd00:80::11, on",
        "fd00:80::204, fd00:80::11, off"
    })
    void aTransferGoesBothWays(String vip, String target, String offloads) throws Exception {
        for (Host host : List.of(client, endpoint)) {
            host.exec("ethtool", "-K", "eth0", "tso", offloads, "gso", offloads, "gro", offloads);
        }
        node.rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, target);
        // Super-frames are larger than the MTU; without offloads the frames are those of a wire.
        String length = offloads.equals("on") ? "length [1-6]\\d{4}:" : "length " + FRAME + ":";
        try (Capture sent = Capture.start(endpoint, "dst host " + target + " and tcp and greater " + FRAME);
                Capture received = Capture.start(client, "src host " + vip + " and tcp and greater " + FRAME)) {
            String sum = client.exec(
                            "sh",
                            "-c",
                            "curl -sS --max-time 20 -H Expect: --data-binary @" + upload + " http://" + literal(vip)
                                    + " | sha256sum")
                    .stdout();
            assertEquals(digest, sum.substring(0, 64));
            sent.await(length);
            received.await(length);
        }
    }

    @ParameterizedTest
    @CsvSource({"192.168.80.201, 192.168.80.11", "fd00:80::201, fd00:80::11"})
    void aDatagramGoesBothWaysInOneFrame(String vip, String target) throws Exception {
        node.rule(vip, "udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, target);
        String question = "0123456789".repeat(890);
        try (Capture capture = Capture.start(client, "src host " + vip + " and greater 8900")) {
            assertEquals("ep1 " + question, Udp.ask(client, vip, 53, question));
            capture.await("length 89\\d\\d: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.80.202", "fd00:80::202"})
    void aPingOfTheWholeMtuIsAnsweredAtTheVip(String vip) throws Exception {
        node.rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, vip.contains(":") ? "fd00:80::11" : FlatLan.EP1);
        ping(vip);
    }

    @ParameterizedTest
    @CsvSource({"192.168.80.203, 192.168.80.11", "fd00:80::203, fd00:80::11"})
    void aPingOfTheWholeMtuIsAnsweredByTheEndpoint(String vip, String target) throws Exception {
        node.rule(vip, "icmp", 0, GatunNode.ONE_ARM, 0, target);
        try (Capture capture = Capture.start(endpoint, "(icmp or icmp6) and greater " + FRAME)) {
            ping(vip);
            capture.await("length " + FRAME + ": .*echo request");
            capture.await("length " + FRAME + ": .*echo reply");
        }
    }

    private static void ping(String vip) {
        int headers = vip.contains(":") ? 48 : 28;
        String ping = client.tryExec(
                        "ping",
                        "-M",
                        "do",
                        "-s",
                        Integer.toString(MTU - headers),
                        "-c",
                        "3",
                        "-i",
                        "0.2",
                        "-W",
                        "2",
                        vip)
                .stdout();
        assertTrue(ping.contains("3 received") && !ping.contains("wrong data"), ping);
    }

    private static LinkSpec jumbo(int number) {
        return LinkSpec.of("192.168.80." + number + "/24", "fd00:80::" + number + "/64")
                .withMtu(MTU);
    }

    private static String literal(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }
}
