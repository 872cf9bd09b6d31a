package io.gatun.ha.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions with BIRD 2, which checks hop limits and states as RFC 5880 and RFC 5881 have them, over a bridge. */
@LabTest
class BfdBirdTest {
    private static final String NODE = "192.168.80.5";
    private static final String NODE6 = "fd00:80::5";
    private static final String BIRD = "192.168.80.11";
    private static final String BIRD6 = "fd00:80::11";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int INTERVAL_MS = 50;
    /** 1 s: what is tested does not end because the machine has other work. */
    private static final int PATIENT = 20;

    private static final int QUICK = 3;

    private static final String CONFIGURATION = """
            log stderr all;
            router id 192.168.80.11;
            protocol device { }
            protocol bfd speaker {
              debug all;
              interface "eth0" { interval 50 ms; multiplier %d; };
              neighbor 192.168.80.5 dev "eth0" local 192.168.80.11;
              neighbor fd00:80::5 dev "eth0" local fd00:80::11;
            }
            """;

    private record Event(
            boolean up, InetAddress peer, BfdDiagnostic diagnostic, boolean administrative, long ns, long atNs) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    @TempDir
    private Path directory;

    private Host node;
    private Host host;
    private LabProcess bird;
    private BfdPeers peers;

    @BeforeEach
    void open(Lab lab) {
        node = lab.host("node", NODE + "/24", NODE6 + "/64");
        host = lab.host("bird", BIRD + "/24", BIRD6 + "/64");
    }

    private void bothComeUp(int multiplier) throws Exception {
        bird = startBird(multiplier);
        peers = start(node, multiplier, BIRD, BIRD6);
        awaitLast(/* up= */ true);
        bird.awaitLine("Session to " + NODE + " changed state from \\w+ to Up", PATIENCE);
        bird.awaitLine("Session to " + NODE6 + " changed state from \\w+ to Up", PATIENCE);
    }

    @AfterEach
    void close() {
        if (peers != null) {
            peers.close();
        }
    }

    @Test
    void aKilledPeerIsNoticedByItsSilence() throws Exception {
        bothComeUp(QUICK);
        long detectionNs = TimeUnit.MILLISECONDS.toNanos(QUICK * INTERVAL_MS);
        await("BIRD's pace", () -> peers.snapshots().stream().allMatch(peer -> peer.detectionNs() == detectionNs));
        long killedNs = System.nanoTime();
        bird.kill9();
        for (Event event : awaitLast(/* up= */ false)) {
            System.out.println("bfd: " + event.peer() + " noticed " + millis(event.atNs() - killedNs)
                    + " after kill -9, silent for " + millis(event.ns()) + ", detection time " + millis(detectionNs));
            assertEquals(BfdDiagnostic.DETECTION_TIME_EXPIRED, event.diagnostic());
            assertFalse(event.administrative());
            assertTrue(event.ns() >= detectionNs);
        }
        bird = startBird(QUICK);
        awaitLast(/* up= */ true);
    }

    @Test
    void aPeerThatLeavesSaysSo() throws Exception {
        peers = start(node, PATIENT, BIRD, BIRD6);
        try (BfdPeers leaving = start(host, PATIENT, NODE, NODE6)) { // BIRD 2.0 leaves without a word
            awaitLast(/* up= */ true);
            assertEquals(2, leaving.snapshots().size());
        }
        for (Event event : awaitLast(/* up= */ false)) {
            assertEquals(BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN, event.diagnostic());
            assertTrue(event.administrative());
        }
    }

    @Test
    void linkLocalAddressesAreTakenWithTheirZone() throws Exception {
        String ofNode = linkLocal(node);
        String ofHost = linkLocal(host);
        peers = start(node, PATIENT, ofHost + "%" + zone(node));
        try (BfdPeers other = start(host, PATIENT, ofNode + "%" + zone(host))) {
            Event event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(event, () -> peers.counters() + " " + other.counters());
            assertTrue(event.up());
        }
    }

    @Test
    void aCleanStopIsAdminDownToThePeer() throws Exception {
        bothComeUp(PATIENT);
        long from = bird.lineCount();
        peers.close();
        for (String address : new String[] {NODE, NODE6}) {
            bird.awaitLine(from, "CTL received from " + address + " \\[AdminDown", PATIENCE);
            bird.awaitLine(from, "Session to " + address + " changed state from Up to Down", PATIENCE);
        }
        String sessions = birdc("show", "bfd", "sessions");
        System.out.println(sessions);
        assertFalse(sessions.contains("Up"), sessions);
        assertTrue(events.isEmpty(), "our own stop is no news: " + events);
    }

    @Test
    void otherIntervalsAreAgreedUponWithoutLeavingUp() throws Exception {
        bothComeUp(PATIENT);
        InetAddress bird4 = InetAddress.ofLiteral(BIRD);
        peers.timers(bird4, BfdTimers.ofMillis(200, PATIENT));
        await("the slower pace", () -> isAgreed(200));
        await("BIRD's detection time", () -> birdc("show", "bfd", "sessions").contains("4.000"));
        peers.timers(bird4, BfdTimers.ofMillis(INTERVAL_MS, PATIENT));
        await("the pace before", () -> isAgreed(INTERVAL_MS));
        assertTrue(events.isEmpty(), events.toString());
    }

    @Test
    void packetsThatMayComeFromAfarAreRefused() throws Exception {
        bothComeUp(PATIENT);
        host.run(() -> {
            try (DatagramSocket socket = new DatagramSocket()) { // its hop limit is the system's, 64
                for (String address : new String[] {NODE, NODE6}) {
                    byte[] bytes = new byte[BfdFlyweight.LENGTH_BYTES];
                    socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral(address), 3784));
                }
            }
        });
        await("two refusals", () -> peers.counters().get("bfd_refused_from_afar") == 2);
        assertTrue(peers.counters().get("bfd_accepted") > 0);
        peers.snapshots().forEach(peer -> assertEquals(BfdState.UP, peer.state()));
    }

    private boolean isAgreed(long intervalMs) {
        BfdPeerSnapshot shown = peers.snapshots().getFirst();
        long intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        return shown.intervalNs() == intervalNs && shown.detectionNs() == PATIENT * intervalNs;
    }

    private static String linkLocal(Host where) {
        String shown = where.exec("ip", "-6", "-o", "addr", "show", "dev", "eth0", "scope", "link")
                .stdout();
        return shown.replaceFirst("(?s).* inet6 ([0-9a-f:]+)/.*", "$1");
    }

    private static String zone(Host where) {
        return where.exec("ip", "-o", "link", "show", "dev", "eth0").stdout().replaceFirst("(?s):.*", "");
    }

    private LabProcess startBird(int multiplier) throws IOException {
        Path file = Files.writeString(
                directory.resolve("bird.conf"), CONFIGURATION.replace("%d", Integer.toString(multiplier)));
        return host.start("bird", "-f", "-c", file.toString(), "-s", socket());
    }

    private String birdc(String... words) {
        String[] command = new String[3 + words.length];
        command[0] = "birdc";
        command[1] = "-s";
        command[2] = socket();
        System.arraycopy(words, 0, command, 3, words.length);
        return host.exec(command).stdout();
    }

    private String socket() {
        return directory.resolve("bird.ctl").toString();
    }

    /** Those on the node are listened to. */
    private BfdPeers start(Host where, int multiplier, String... addresses) throws Exception {
        BfdTimers timers = BfdTimers.ofMillis(INTERVAL_MS, multiplier);
        List<BfdPeerConfig> configs = Stream.of(addresses)
                .map(address -> BfdPeerConfig.of(InetAddress.ofLiteral(address), timers))
                .toList();
        BfdListener listener = new Recorder(where == node ? events : new LinkedBlockingQueue<>());
        return where.call(() -> BfdPeers.start(configs, listener, Thread::new));
    }

    /** Waits until the last that was told of both peers is this; on a busy machine they may have flapped before. */
    private Collection<Event> awaitLast(boolean up) throws InterruptedException {
        Map<InetAddress, Event> last = new LinkedHashMap<>();
        while (last.size() < 2 || last.values().stream().anyMatch(event -> event.up() != up)) {
            Event event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(event, () -> last + "; " + peers.snapshots() + " " + peers.counters());
            last.put(event.peer(), event);
        }
        return last.values();
    }

    /** For what nobody tells: looks every 10 ms. */
    private void await(String what, BooleanSupplier there) {
        long startNs = System.nanoTime();
        while (!there.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() - startNs < PATIENCE.toNanos(),
                    () -> what + ": " + peers.snapshots() + " " + peers.counters());
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static String millis(long ns) {
        return String.format(Locale.ROOT, "%.1f ms", ns / 1e6);
    }

    private record Recorder(Queue<Event> events) implements BfdListener {
        @Override
        public void onPeerUp(InetAddress peer, long afterNs) {
            events.add(new Event(true, peer, BfdDiagnostic.NONE, false, afterNs, System.nanoTime()));
        }

        @Override
        public void onPeerDown(InetAddress peer, BfdDiagnostic diagnostic, boolean administrative, long silentNs) {
            events.add(new Event(false, peer, diagnostic, administrative, silentNs, System.nanoTime()));
        }
    }
}
