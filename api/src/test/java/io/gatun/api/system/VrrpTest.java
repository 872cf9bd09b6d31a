package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that find out by VRRP who has the VIP, Gatun's own and keepalived, as a client's neighbour table sees them. */
@LabTest
class VrrpTest {
    static final int VRID = 51;
    private static final String OTHER = "192.168.80.6";
    private static final String LB6 = "2001:db8:80::5/64";
    private static final String OTHER6 = "2001:db8:80::6/64";
    private static final String VIP6 = "2001:db8:80::c8";
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private FlatLan lan;
    private Host other;
    /** Each has a directory of its own: a pid file that a killed one left must not keep the next from starting. */
    private int keepaliveds;

    @BeforeEach
    void build(Lab lab) {
        Host client = lab.host("client", FlatLan.CLIENT + "/24", "2001:db8:80::a/64");
        lan = new FlatLan(lab, client, lab.host("lb", FlatLan.LB + "/24", LB6), List.of());
        other = lab.host("lb2", OTHER + "/24", OTHER6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theStandbyTakesOverWhenTheMasterIsKilledAndWhenItIsStopped(boolean unicast) throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150, unicast ? OTHER : "");
        GatunNode second = gatun(other, "b", 100, unicast ? FlatLan.LB : "");
        rule(second, FlatLan.VIP);
        rule(first, FlatLan.VIP);
        awaitOwner(FlatLan.VIP, lan.lb());
        first.awaitState("MASTER");
        second.awaitState("BACKUP");

        long killedNs = System.nanoTime();
        first.kill9();
        awaitOwner(FlatLan.VIP, other);
        System.out.println("vrrp: answered by the standby " + ms(killedNs) + " ms after kill -9");
        second.awaitState("MASTER");

        first.restart();
        awaitOwner(FlatLan.VIP, lan.lb());
        second.awaitState("BACKUP");

        try (Capture adverts = Capture.start(lan.client(), "ip proto 112 and src host " + FlatLan.LB)) {
            long stoppedNs = System.nanoTime();
            assertEquals(0, first.terminate());
            awaitOwner(FlatLan.VIP, other);
            System.out.println("vrrp: answered by the standby " + ms(stoppedNs) + " ms after SIGTERM");
            if (!unicast) {
                adverts.await("prio 0,");
            }
        }
        second.terminate();
    }

    /** Adverts alone, one a second, would need more than three. */
    @Test
    void bfdFindsADeadMasterBeforeItsAdvertsAreMissed() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150, OTHER, "--advert-interval=1s", "--bfd=100ms");
        GatunNode second = gatun(other, "b", 100, FlatLan.LB, "--advert-interval=1s", "--bfd=100ms");
        rule(second, FlatLan.VIP);
        rule(first, FlatLan.VIP);
        first.awaitState("MASTER");
        second.awaitState("BACKUP");
        first.awaitLine("BFD: " + OTHER + " is up");
        second.awaitLine("BFD: " + FlatLan.LB + " is up");

        first.kill9();
        awaitOwner(FlatLan.VIP, other);
        second.awaitLine("BFD: " + FlatLan.LB + " is down");
        second.terminate();
    }

    @Test
    void theControllerPrefersAndVrrpDecides() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 100, "");
        GatunNode second = gatun(other, "b", 100, "");
        rule(first, FlatLan.VIP);
        rule(second, FlatLan.VIP);
        first.role("MASTER");
        second.role("BACKUP");
        first.awaitState("MASTER");
        second.awaitState("BACKUP");
        awaitOwner(FlatLan.VIP, lan.lb());

        second.role("MASTER");
        first.role("BACKUP");
        second.awaitState("MASTER");
        first.awaitState("BACKUP");
        awaitOwner(FlatLan.VIP, other);

        second.kill9();
        first.awaitState("MASTER");
        awaitOwner(FlatLan.VIP, lan.lb());

        first.role("FAULT");
        first.awaitState("FAULT");
        first.terminate();
    }

    @Test
    void anInterfaceThatGoesDownHandsOver() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150, "");
        GatunNode second = gatun(other, "b", 100, "");
        rule(first, FlatLan.VIP);
        rule(second, FlatLan.VIP);
        awaitOwner(FlatLan.VIP, lan.lb());
        lan.lb().exec("ip", "link", "set", "eth0", "down");
        awaitOwner(FlatLan.VIP, other);
        first.awaitState("BACKUP");
        lan.lb().exec("ip", "link", "set", "eth0", "up");
        awaitOwner(FlatLan.VIP, lan.lb());
        second.awaitState("BACKUP");
        first.terminate();
        second.terminate();
    }

    /** Its priority is the higher one: had it not listened first, it would have taken the VIP back. */
    @Test
    void aMasterThatWasStoppedInItsTracksLeavesTheVipToWhoTookOver() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150, "", "--no-preempt");
        GatunNode second = gatun(other, "b", 100, "");
        rule(first, FlatLan.VIP);
        awaitOwner(FlatLan.VIP, lan.lb());
        rule(second, FlatLan.VIP);
        lan.lb().exec("sh", "-c", "kill -STOP " + first.pid());
        awaitOwner(FlatLan.VIP, other);
        lan.lb().exec("sh", "-c", "kill -CONT " + first.pid());
        first.awaitState("BACKUP");
        second.awaitState("MASTER");
        awaitOwner(FlatLan.VIP, other);
        first.terminate();
        second.terminate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multicast", "unicast", "IPv6"})
    void keepalivedTakesOverFromGatunAndGivesBack(String how) throws Exception {
        String vip = how.equals("IPv6") ? VIP6 : FlatLan.VIP;
        GatunNode node = gatun(lan.lb(), "a", 150, how.equals("unicast") ? OTHER : "");
        rule(node, vip);
        awaitOwner(vip, lan.lb());
        Keepalived keepalived = keepalived(100, how, vip);
        keepalived.await("Entering BACKUP STATE");
        awaitOwner(vip, lan.lb());

        node.kill9();
        keepalived.await("Entering MASTER STATE");
        awaitOwner(vip, other);

        node.restart();
        node.awaitState("MASTER");
        awaitOwner(vip, lan.lb());

        node.terminate();
        awaitOwner(vip, other);
        keepalived.terminate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multicast", "unicast", "IPv6"})
    void gatunTakesOverFromKeepalivedAndGivesBack(String how) throws Exception {
        String vip = how.equals("IPv6") ? VIP6 : FlatLan.VIP;
        Keepalived keepalived = keepalived(200, how, vip);
        keepalived.await("Entering MASTER STATE");
        GatunNode node = gatun(lan.lb(), "a", 150, how.equals("unicast") ? OTHER : "");
        rule(node, vip);
        awaitOwner(vip, other);
        node.awaitState("BACKUP");

        // A killed keepalived leaves the VIP on the interface; the machine is what dies.
        keepalived.kill9();
        other.exec("ip", "link", "set", "eth0", "down");
        node.awaitState("MASTER");
        awaitOwner(vip, lan.lb());

        other.exec("ip", "address", "flush", "to", vip, "dev", "eth0");
        other.exec("ip", "link", "set", "eth0", "up");
        Keepalived again = keepalived(200, how, vip);
        again.await("Entering MASTER STATE");
        node.awaitState("BACKUP");
        awaitOwner(vip, other);

        again.terminate();
        awaitOwner(vip, lan.lb());
        node.terminate();
    }

    private GatunNode gatun(Host host, String name, int priority, String peer, String... more) {
        List<String> options = new ArrayList<>(List.of("--vrid=" + VRID, "--priority=" + priority));
        if (!peer.isEmpty()) {
            options.add("--peer=" + peer);
        }
        options.addAll(List.of(more));
        return GatunNode.start(host, directory.resolve(name), options.toArray(String[]::new));
    }

    private Keepalived keepalived(int priority, String how, String vip) throws Exception {
        String unicast = how.equals("unicast")
                ? "unicast_src_ip " + OTHER + "\n        unicast_peer {\n            " + FlatLan.LB + "\n        }"
                : "";
        String prefix = how.equals("IPv6") ? "/128" : "/32";
        return Keepalived.start(
                other, directory.resolve("keepalived" + ++keepaliveds), priority, unicast, vip + prefix);
    }

    private static void rule(GatunNode node, String vip) throws Exception {
        String endpoint = vip.equals(VIP6) ? "2001:db8:80::b" : FlatLan.EP1;
        node.rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, endpoint);
    }

    /** The client finds the VIP at this host, whatever it knew before. */
    private void awaitOwner(String vip, Host host) {
        long startNs = System.nanoTime();
        String entry = "";
        while (!entry.contains("lladdr " + host.mac())) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "the VIP is not at " + host.mac() + ": " + entry);
            lan.client().exec("ip", "neigh", "flush", "to", vip, "dev", "eth0");
            lan.client().tryExec("ping", "-c", "1", "-W", "1", vip);
            entry = lan.client().exec("ip", "neigh", "show", vip, "dev", "eth0").stdout();
        }
    }

    private static long ms(long sinceNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }
}
