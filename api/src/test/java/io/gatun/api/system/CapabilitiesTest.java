package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process as user nobody with four capabilities, and with one of them less. */
@LabTest
class CapabilitiesTest {
    private static final int NOBODY = 65_534;
    private static final List<String> FOUR = List.of("net_admin", "net_raw", "bpf", "ipc_lock");
    /** Bits 12, 13, 14 and 39 of linux/capability.h. */
    private static final String FOUR_BITS = "0000008000007000";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private String launcher;

    @BeforeEach
    void prepare() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("run", "state")) {
            Files.setAttribute(Files.createDirectory(directory.resolve(name)), "unix:uid", NOBODY);
        }
        launcher = SourceTree.launcher(directory.resolve("tree")).toString();
    }

    @Test
    void fourServeTrafficByBothEnginesAndReplaceWhatADeadOneLeft(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 1).serve();
        GatunNode raw = GatunNode.start(lan.lb(), command(FOUR, "--io=raw", "--vrid=1"));
        String status = Files.readString(Path.of("/proc", Long.toString(raw.pid()), "status"));
        assertTrue(status.contains("\nUid:\t" + NOBODY + "\t"), status);
        for (String set : List.of("CapPrm", "CapEff", "CapBnd")) {
            assertTrue(status.contains("\n" + set + ":\t" + FOUR_BITS + "\n"), status);
        }
        raw.awaitLine("without CAP_PERFMON gatun_steer_tc copies");
        raw.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        raw.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1);
        requireTraffic(lan);
        raw.kill9();

        GatunNode xdp = GatunNode.start(lan.lb(), command(FOUR, "--io=xdp", "--vrid=1"));
        assertTrue(xdp.readyLine().contains("engine=xdp"), xdp.readyLine());
        requireTraffic(lan);
        int left = xdp.xdpProgram();
        xdp.kill9();

        xdp.restart();
        xdp.awaitLine("replacedId=" + left);
        requireTraffic(lan);
        assertEquals(0, xdp.terminate());
        assertEquals(
                "nothing to detach", lan.lb().exec(launcher, "detach").stdout().strip());
    }

    @Test
    void eachThatIsMissingIsNamed(Lab lab) {
        FlatLan lan = FlatLan.build(lab, 0);
        for (String missing : FOUR) {
            List<String> three =
                    FOUR.stream().filter(name -> !name.equals(missing)).toList();
            ExecResult result = lan.lb().tryExec(PATIENCE, command(three));
            assertEquals(2, result.exitCode(), result.toString());
            String sentence = "user id " + NOBODY + " lacks CAP_" + missing.toUpperCase(Locale.ROOT)
                    + ", run gatun as root or grant it";
            assertTrue((result.stdout() + result.stderr()).contains(sentence), result.toString());
        }
    }

    private static void requireTraffic(FlatLan lan) throws Exception {
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        assertEquals("ep1 hello", Udp.ask(lan.client(), FlatLan.VIP, 53, "hello"));
        // From the node itself, through the local pair.
        assertEquals("ep1", Http.get(lan.lb(), FlatLan.VIP, 80, "/name"));
    }

    private List<String> command(List<String> capabilities, String... options) {
        String set = "-all,+" + String.join(",+", capabilities);
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                "--no-new-privs",
                "--inh-caps=" + set,
                "--ambient-caps=" + set,
                "--bounding-set=" + set,
                launcher));
        command.addAll(List.of(GatunNode.runArguments(directory, options)));
        return command;
    }
}
