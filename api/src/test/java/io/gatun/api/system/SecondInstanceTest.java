package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second {@code gatun run} on the same interface fails with one clear sentence, and the first does not notice. */
@LabTest
class SecondInstanceTest {
    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode first;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 1).serve();
        first = GatunNode.start(lan.lb(), directory.resolve("first"));
        first.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
    }

    @Test
    void otherDirectoriesSameInterface() throws Exception {
        int program = first.xdpProgram();
        long length = 20_000_000;
        try (Download download = Download.start(lan.client(), FlatLan.VIP, 80, length)) {
            ExecResult second = GatunNode.gatun(
                    lan.lb(),
                    "run",
                    "--interface=eth0",
                    "--api=127.0.0.1:11112",
                    "--run-dir=" + directory.resolve("second/run"),
                    "--state-dir=" + directory.resolve("second/state"));
            requireRefusal(second, "--interface=eth0");
            assertEquals(Http.expectedDigest(length), download.digest());
        }
        assertEquals(program, first.xdpProgram());
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        assertTrue(first.alive());
    }

    @Test
    void sameDirectories() throws Exception {
        ExecResult second = GatunNode.gatun(lan.lb(), GatunNode.runArguments(directory.resolve("first")));
        requireRefusal(second, "--run-dir=" + directory.resolve("first/run"));
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
    }

    private static void requireRefusal(ExecResult second, String named) {
        assertEquals(2, second.exitCode(), second.stdout() + second.stderr());
        assertEquals(1, second.stderr().lines().count(), second.stderr());
        assertTrue(second.stderr().startsWith("gatun: ") && second.stderr().contains(named), second.stderr());
        assertTrue(second.stdout().lines().noneMatch(line -> line.startsWith("ready")), second.stdout());
    }
}
