package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/gatun} from start to stop, as a person uses it. */
@LabTest
class LauncherTest {
    @TempDir
    Path directory;

    @Test
    void runCreateGetDeleteAndStop(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 2).serve();
        String launcher = SourceTree.launcher(directory.resolve("tree")).toString();
        List<String> run = new ArrayList<>(List.of(launcher));
        run.addAll(List.of(GatunNode.runArguments(directory)));
        GatunNode node = GatunNode.start(lan.lb(), run);

        ExecResult create = lan.lb()
                .exec(
                        launcher,
                        "create",
                        "lb",
                        FlatLan.VIP,
                        "--tcp=80:8080",
                        "--udp=53:5353",
                        "--endpoints=192.168.80.12:1,192.168.80.11:1",
                        "--mode=onearm",
                        "--name=web");
        assertTrue(create.stdout().contains("Success"), create.stdout());
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        assertEquals("ep2", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        assertEquals("ep1 hello", Udp.ask(lan.client(), FlatLan.VIP, 53, "hello"));

        String rules = lan.lb().exec(launcher, "get", "lb").stdout();
        assertTrue(rules.contains(FlatLan.VIP) && rules.contains("web") && rules.contains("onearm"), rules);
        String connections = lan.lb().exec(launcher, "get", "ct").stdout();
        assertTrue(connections.contains("fdnat-" + FlatLan.VIP + "," + FlatLan.EP1 + ":5353:w1"), connections);

        String takeovers =
                lan.lb().exec(launcher, "get", "hastate", "-o", "wide").stdout();
        assertTrue(takeovers.contains("| llb-inst0 |") && takeovers.contains("DETECTED BY"), takeovers);

        lan.lb().exec(launcher, "save", "--lb", "--config-path=" + directory);
        lan.lb().exec(launcher, "delete", "lb", FlatLan.VIP, "--tcp=80", "--udp=53");
        assertEquals(0, node.rules().size());
        lan.lb().exec(launcher, "apply", "--lb=" + directory.resolve("lbconfig.txt"));
        assertEquals(2, node.rules().size());
        Path file = Files.writeString(
                directory.resolve("ep.yaml"),
                "kind: Endpoint\nspec: {hostName: " + FlatLan.EP1 + ", probeType: ping}\n");
        lan.lb().exec(launcher, "apply", "--file=" + file);

        String rates = lan.lb()
                .exec(launcher, "stat", "--run-dir=" + directory.resolve("run"), "0.5", "1")
                .stdout();
        assertTrue(rates.lines().toList().getLast().matches("[\\d:]{8} all .*"), rates);
        assertEquals(0, node.terminate());
        String counters = lan.lb()
                .exec(launcher, "stat", "--run-dir=" + directory.resolve("run"))
                .stdout();
        assertTrue(
                Pattern.compile("\\| rx_packets +\\| eth0/0 +\\| +[1-9]")
                        .matcher(counters)
                        .find(),
                counters);
        assertEquals(0, node.xdpProgram());
        assertEquals(
                "nothing to detach", lan.lb().exec(launcher, "detach").stdout().strip());
    }
}
