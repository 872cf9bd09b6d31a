package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.counters.CountersFile;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.raw.CrossPort;
import io.gatun.forwarder.sys.Libc;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A flood of SYNs from 10,000 sources, as fast as one thread sends, beside 200 honest connections. */
@LabTest
class SynFloodTest {
    private static final Logger LOG = LoggerFactory.getLogger(SynFloodTest.class);
    private static final int HONEST = 200;
    private static final int CLIENTS = 30;
    private static final int CONNECT_MS = 30_000;
    private static final int NEW = 300;
    private static final String NEW_ADDRESSES = "192.168.80.";
    private static final int SOURCES = 10_000;
    private static final double NS_PER_S = 1e9;

    private static FlatLan lan;
    private static Host attacker;

    @TempDir
    Path directory;

    private GatunNode node;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 2).serve();
        attacker = lab.host("attacker", "192.168.80.66/24");
        for (int i = 1; i < CLIENTS; i += 2) {
            lan.client().exec("ip", "addr", "add", NEW_ADDRESSES + (100 + i) + "/24", "dev", "eth0");
        }
        for (Host endpoint : lan.endpoints()) {
            endpoint.exec("sysctl", "-qw", "net.ipv4.tcp_syncookies=2"); // the endpoints' own limit is not the question
        }
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.terminate();
        }
    }

    @Test
    void honestConnectionsWorkAndNewOnesGetIn() throws Exception {
        node = GatunNode.start(lan.lb(), directory, "--conntrack-size=65536");
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        // Forged sources are behind nothing: their answers die at once.
        lan.lb().exec("ip", "route", "add", "10.77.0.0/16", "via", "192.168.80.66");
        List<Http> honest = new ArrayList<>();
        try (Flood flood = new Flood(macOf(lan.lb()))) {
            for (int i = 0; i < HONEST; i++) {
                honest.add(lan.client().call(() -> Http.open(FlatLan.VIP, 80)));
                honest.getLast().get("/name");
            }
            long start = System.nanoTime();
            flood.start();
            int let;
            try (HealthProbe health = HealthProbe.start(lan.lb())) {
                let = openMany(honest);
                LOG.info("GET /netlox/v1 under the flood: {}", health.end());
            }
            flood.end();
            double seconds = (System.nanoTime() - start) / NS_PER_S;

            Map<String, Long> counters = CountersFile.read(directory.resolve("run"));
            String seen = flood.sent.get() + " SYNs; " + counters;
            LOG.info("{} of {} got in; {} SYNs a second; {}", let, NEW, (long) (flood.sent.get() / seconds), seen);
            assertTrue(flood.sent.get() > 20_000, seen);
            assertTrue(let >= NEW * 99 / 100, let + " of " + NEW + " got in; " + seen);
            assertTrue(sum(counters, "drop_half_open_source") > 0, seen);
            assertEquals(0, sum(counters, "drop_table_full"), seen);
        } finally {
            for (Http connection : honest) {
                connection.close();
            }
        }
    }

    /** By many at once, as they would come; a SYN that is lost is sent again after a second. @return how many got in */
    private static int openMany(List<Http> honest) throws Exception {
        List<FutureTask<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            // Half of them have an address that was never seen before.
            String local = i % 2 == 0 ? FlatLan.CLIENT : NEW_ADDRESSES + (100 + i);
            FutureTask<Integer> client = new FutureTask<>(() -> openMany(local, NEW / CLIENTS));
            clients.add(client);
            lan.client().threads().newThread(client).start();
        }
        do { // the old ones are used all the while: the server would close them after half a minute
            for (Http connection : honest) {
                assertTrue(connection.get("/name").startsWith("ep"));
            }
        } while (!clients.stream().allMatch(FutureTask::isDone));
        int opened = 0;
        for (FutureTask<Integer> client : clients) {
            opened += client.get();
        }
        return opened;
    }

    private static int openMany(String local, int count) {
        int opened = 0;
        for (int i = 0; i < count; i++) {
            try (Http connection = Http.open(local, FlatLan.VIP, 80, CONNECT_MS)) {
                connection.get("/name");
                opened++;
            } catch (IOException e) {
                // counted by its absence
            }
        }
        return opened;
    }

    private static long sum(Map<String, Long> counters, String label) {
        return counters.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(" " + label))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static String macOf(Host host) {
        return host.exec("cat", "/sys/class/net/eth0/address").stdout().strip();
    }

    /** Sends SYNs whose sources and ports change with each. */
    private static final class Flood implements AutoCloseable {
        private static final int HEADROOM = 64;
        private static final int LENGTH = 14 + 20 + 20;
        private static final int VIP = 0xC0A8_50C8;

        private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(HEADROOM + LENGTH));
        private final FutureTask<Void> sending = new FutureTask<>(this::run);
        private volatile boolean ended;
        private final AtomicLong sent = new AtomicLong();

        private Flood(String mac) {
            frame.putBytes(HEADROOM, HexFormat.ofDelimiter(":").parseHex(mac));
            frame.putBytes(HEADROOM + 6, HexFormat.of().parseHex("020000000066" + "0800"));
            frame.putBytes(HEADROOM + 14, HexFormat.of().parseHex("4500002800004000" + "4006" + "0000"));
            putInt(14 + 16, VIP);
            putShort(14 + 20 + 2, 80);
            frame.putBytes(HEADROOM + 14 + 20 + 12, HexFormat.of().parseHex("5002faf0" + "00000000"));
        }

        private void start() {
            attacker.threads().newThread(sending).start();
        }

        private void end() throws Exception {
            ended = true;
            sending.get();
        }

        private Void run() throws IOException {
            int link = NetworkInterface.getByName("eth0").getIndex();
            try (CrossPort port = CrossPort.open(Libc.system(), link)) {
                for (int n = 0; !ended; n++) {
                    int source = n % SOURCES;
                    write(
                            0x0A4D_0000 | (source / 250) << 8 | (source % 250 + 1),
                            1_024 + n / SOURCES % 60_000,
                            n * 7_919);
                    sent.addAndGet(port.send(frame, HEADROOM, LENGTH, Offload.NONE) ? 1 : 0);
                }
            }
            return null;
        }

        private void write(int source, int sourcePort, int sequence) {
            putInt(14 + 12, source);
            putShort(14 + 20, sourcePort);
            putInt(14 + 20 + 4, sequence);
            putShort(14 + 10, 0);
            putShort(14 + 10, checksum(14, 20, 0));
            putShort(14 + 20 + 16, 0);
            int pseudo = (source >>> 16) + (source & 0xFFFF) + (VIP >>> 16) + (VIP & 0xFFFF) + 6 + 20;
            putShort(14 + 20 + 16, checksum(14 + 20, 20, pseudo));
        }

        private int checksum(int offset, int length, int start) {
            int sum = start;
            for (int i = 0; i < length; i += 2) {
                sum += frame.getShort(HEADROOM + offset + i, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            }
            sum = (sum & 0xFFFF) + (sum >>> 16);
            return ~((sum & 0xFFFF) + (sum >>> 16)) & 0xFFFF;
        }

        private void putInt(int offset, int value) {
            frame.putInt(HEADROOM + offset, value, ByteOrder.BIG_ENDIAN);
        }

        private void putShort(int offset, int value) {
            frame.putShort(HEADROOM + offset, (short) value, ByteOrder.BIG_ENDIAN);
        }

        @Override
        public void close() {
            ended = true;
        }
    }
}
