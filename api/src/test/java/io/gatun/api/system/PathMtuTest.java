package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.PseudoRandomStream;
import io.gatun.lab.junit.LabTest;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A link of MTU 1300 in the middle of the path, which neither end knows of: its router's messages are translated back
 * through the VIP, and TCP goes on with smaller segments.
 */
@LabTest
class PathMtuTest {
    private static final int LENGTH = 3_000_000;
    private static final int NARROW = 1_300;

    @TempDir
    static Path directory;

    private static final Map<String, GatunNode> NODES = new HashMap<>();
    private static Host client;
    private static Host far;
    private static Host near;
    private static Path upload;
    private static String digest;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        client = lab.host("client", addresses(10));
        near = lab.host("near", addresses(11));
        Host left = lab.host("left", addresses(1));
        Host right = lab.bare("right");
        far = lab.bare("far");
        lab.wire(left, narrow("1"), right, narrow("2"));
        lab.wire(right, wide("1").named("eth0"), far, wide("11").via("10.9.0.1"));
        far.exec("ip", "-6", "route", "add", "default", "via", "fd00:9::1");
        right.exec("ip", "route", "add", "default", "via", "10.8.0.1");
        right.exec("ip", "-6", "route", "add", "default", "via", "fd00:8::1");
        left.exec("ip", "route", "add", "10.9.0.0/24", "via", "10.8.0.2");
        left.exec("ip", "-6", "route", "add", "fd00:9::/64", "via", "fd00:8::2");
        for (Host router : List.of(left, right)) {
            router.run(() -> {
                Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
                Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1");
            });
        }
        for (String engine : Cell.ENGINES) {
            Host lb = lab.host("lb-" + engine, addresses(5 + Cell.ENGINES.indexOf(engine)));
            lb.exec("ip", "route", "add", "10.9.0.0/24", "via", "192.168.80.1");
            lb.exec("ip", "-6", "route", "add", "fd00:9::/64", "via", "fd00:80::1");
            NODES.put(engine, GatunNode.start(lb, directory.resolve(engine), "--io=" + engine));
        }
        new FlatLan(lab, client, near, List.of(near, far)).serve();
        upload = directory.resolve("upload");
        try (InputStream stream = new PseudoRandomStream(LENGTH)) {
            Files.copy(stream, upload);
        }
        digest = Http.expectedDigest(LENGTH);
    }

    @ParameterizedTest
    @CsvSource({
        "xdp, 192.168.80.130, 10.9.0.11",
        "raw, 192.168.80.131, 10.9.0.11",
        "xdp, fd00:80::130, fd00:9::11",
        "raw, fd00:80::131, fd00:9::11",
        "xdp, fd00:80::132, 10.9.0.11",
        "raw, fd00:80::133, 10.9.0.11"
    })
    void anEndpointBehindANarrowLinkIsUploadedTo(String engine, String vip, String endpoint) throws Exception {
        NODES.get(engine).rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, endpoint);
        try (Capture capture = Capture.start(client, "icmp or icmp6")) {
            String sum = client.exec(
                            "sh",
                            "-c",
                            "curl -sS --max-time 20 -H Expect: --data-binary @" + upload + " " + url(vip)
                                    + " | sha256sum")
                    .stdout();
            assertEquals(digest, sum.substring(0, 64));
            capture.await(vip.contains(":") ? "packet too big" : "need to frag");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "xdp, 192.168.80.140, 192.168.80.11",
        "raw, 192.168.80.141, 192.168.80.11",
        "xdp, fd00:80::140, fd00:80::11",
        "raw, fd00:80::141, fd00:80::11",
        "xdp, fd00:80::142, 192.168.80.11",
        "raw, fd00:80::143, 192.168.80.11"
    })
    void aClientBehindANarrowLinkDownloads(String engine, String vip, String endpoint) throws Exception {
        NODES.get(engine).rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, endpoint);
        try (Capture capture = Capture.start(near, "icmp or icmp6")) {
            String sum = far.exec(
                            "sh", "-c", "curl -sS --max-time 20 " + url(vip) + "/bytes/" + LENGTH + " | sha256sum")
                    .stdout();
            assertEquals(digest, sum.substring(0, 64));
            capture.await(endpoint.contains(":") ? "packet too big" : "need to frag");
        }
        assertTrue(NODES.get(engine).alive());
    }

    private static String[] addresses(int number) {
        return new String[] {"192.168.80." + number + "/24", "fd00:80::" + number + "/64"};
    }

    private static LinkSpec narrow(String number) {
        return LinkSpec.of("10.8.0." + number + "/24", "fd00:8::" + number + "/64")
                .named("narrow")
                .withMtu(NARROW);
    }

    private static LinkSpec wide(String number) {
        return LinkSpec.of("10.9.0." + number + "/24", "fd00:9::" + number + "/64");
    }

    private static String url(String vip) {
        return "http://" + (vip.contains(":") ? "[" + vip + "]" : vip);
    }
}
