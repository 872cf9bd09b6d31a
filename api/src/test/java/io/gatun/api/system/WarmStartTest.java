package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From {@code scripts/gatun run} to {@code ready}: without an AOT cache, with one that does not fit, and with its own. */
@LabTest
class WarmStartTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String WITHOUT = "starting without an AOT cache";

    @TempDir
    Path directory;

    @Test
    void aCacheIsUsedWhenItFitsAndLeftAsideWhenNot(Lab lab) throws Exception {
        Host node = FlatLan.build(lab, 1).lb();
        Path tree = directory.resolve("tree");
        String launcher = SourceTree.launcher(tree).toString();
        Path cache = NodeCommand.cache(node, tree);

        List<String> cold = start(node, launcher);
        assertTrue(cold.stream().anyMatch(line -> line.startsWith(WITHOUT)), cold.toString());

        Files.writeString(cache, "not a cache");
        List<String> unfit = start(node, launcher);
        assertTrue(unfit.stream().noneMatch(line -> line.contains("cache") || line.contains("aot")), unfit.toString());

        Files.delete(cache);
        NodeCommand.makeCache(node, tree);
        if (Runtime.version().feature() >= 25) {
            assertTrue(Files.size(cache) > 1 << 20, "no cache was made");
            List<String> warm = start(node, launcher);
            assertTrue(warm.stream().noneMatch(line -> line.startsWith(WITHOUT)), warm.toString());
        }
    }

    /** One start and stop, which prints how long the start took. @return what it said until then */
    private List<String> start(Host node, String launcher) {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(GatunNode.runArguments(directory)));
        long startNs = System.nanoTime();
        LabProcess process = node.start(ProcessSpec.of(command).named("gatun"));
        process.awaitLine("^ready ", PATIENCE);
        System.out.printf("start to ready: %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        List<String> said = process.tail(100);
        assertTrue(said.stream().anyMatch(line -> line.contains("packet path warm")), said.toString());
        assertEquals(0, process.terminate());
        return said;
    }
}
