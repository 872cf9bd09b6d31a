package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

        lan.lb().exec(launcher, "delete", "lb", FlatLan.VIP, "--tcp=80", "--udp=53");
        assertEquals(0, node.rules().size());
        assertEquals(0, node.terminate());
        assertEquals(0, node.xdpProgram());
        assertEquals(
                "nothing to detach", lan.lb().exec(launcher, "detach").stdout().strip());
    }
}
