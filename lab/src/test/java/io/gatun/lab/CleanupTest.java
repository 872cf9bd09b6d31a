package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.junit.LabTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a lab stays behind, and nothing else is touched. */
@LabTest
class CleanupTest {
    private static final Path NETNS = Path.of("/run/netns");
    private static final Path RUN = Path.of("/run/gatun-lab");

    @Test
    void closeRemovesNamespacesProcessesAndTheRunFile() throws IOException {
        Lab lab = Lab.open("closed");
        Host host = lab.host("a", "10.0.0.1/24");
        LabProcess deaf = host.start("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done");
        deaf.awaitLine("up", Duration.ofSeconds(10));
        // Its parent ends at once, so it is nobody's child that close() knows.
        long orphan = Long.parseLong(host.exec("sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!")
                .stdout()
                .strip());
        assertTrue(running(orphan));
        assertEquals(2, namespacesOf(lab.id()).size());

        lab.close();

        assertFalse(deaf.alive());
        assertFalse(running(orphan));
        assertEquals(List.of(), namespacesOf(lab.id()));
        assertFalse(Files.exists(RUN.resolve(lab.id())));
        lab.close();
    }

    @Test
    void closeInterruptsThreadsThatStillRunInside() throws Exception {
        Lab lab = Lab.open("threads");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        lab.bare("a")
                .threads()
                .newThread(() -> {
                    inside.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                })
                .start();
        inside.await();

        lab.close();
        assertTrue(interrupted.await(1, TimeUnit.SECONDS));
    }

    @Test
    void closedLabTakesNoMoreHosts() {
        Lab lab = Lab.open("closed");
        lab.close();

        assertEquals(
                "lab=closed, is closed, open another",
                assertThrows(LabException.class, () -> lab.bare("late")).getMessage());
    }

    @Test
    void labOfAKilledJvmIsRemovedByTheNextOne() throws Exception {
        Process jvm = new ProcessBuilder(JavaCommand.of(LabOwner.class))
                .redirectErrorStream(true)
                .start();
        String id;
        long pid;
        try (BufferedReader reader = jvm.inputReader()) {
            String[] words = reader.lines()
                    .filter(line -> line.startsWith("open "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ", -1);
            id = words[1];
            pid = Long.parseLong(words[2]);
            assertEquals(2, namespacesOf(id).size());
            assertTrue(running(pid));
            assertFalse(Lab.reapDead().contains(id), "its owner lives");

            jvm.destroyForcibly().waitFor();
        }

        Lab.open("next").close();

        assertEquals(List.of(), namespacesOf(id));
        assertFalse(running(pid));
        assertFalse(Files.exists(RUN.resolve(id)));
    }

    @Test
    void labOfAJvmThatEndsIsRemovedByItself() throws Exception {
        Process jvm = new ProcessBuilder(JavaCommand.of(LabOwner.class))
                .redirectErrorStream(true)
                .start();
        String id;
        try (BufferedReader reader = jvm.inputReader()) {
            id = reader.lines()
                    .filter(line -> line.startsWith("open "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ", -1)[1];
            jvm.toHandle().destroy();
            assertTrue(jvm.waitFor(20, TimeUnit.SECONDS));
        }

        assertEquals(List.of(), namespacesOf(id));
        assertFalse(Files.exists(RUN.resolve(id)));
    }

    @Test
    void keptLabStaysUntilItIsRemoved() throws IOException {
        Lab lab = Lab.open("kept");
        Host host = lab.host("a", "10.0.0.1/24");
        LabProcess process = host.start("sleep", "1000");
        lab.keep();
        lab.close();

        assertTrue(process.alive());
        assertTrue(Lab.kept().contains(lab.id()));
        assertFalse(Lab.reapDead().contains(lab.id()));
        assertTrue(lab.describe().contains("ip netns exec gatun-" + lab.id() + "-a bash"), lab.describe());

        Lab.remove(lab.id());
        assertEquals(137, process.awaitExit(Duration.ofSeconds(5)));
        assertEquals(List.of(), namespacesOf(lab.id()));
        assertFalse(Lab.kept().contains(lab.id()));
        assertThrows(LabException.class, () -> Lab.remove(lab.id()));
    }

    @Test
    void labInUseIsNotRemoved(Lab lab) throws IOException {
        lab.bare("a");

        LabException e = assertThrows(LabException.class, () -> Lab.remove(lab.id()));
        assertTrue(
                e.getMessage()
                        .contains("is in use by pid " + ProcessHandle.current().pid()),
                e.getMessage());
        assertEquals(1, namespacesOf(lab.id()).size());
    }

    @Test
    void namespaceOfTheSameNameThatSomeoneElseMadeIsNotTouched() throws IOException {
        Lab lab = Lab.open("foreign");
        Namespace foreign = new Namespace(lab.id(), "mine");
        foreign.create();
        try {
            LabException e = assertThrows(LabException.class, () -> lab.bare("mine"));
            assertTrue(e.getMessage().contains("exists and is not ours"), e.getMessage());
            lab.close();
            assertTrue(foreign.exists());
        } finally {
            foreign.delete();
        }
    }

    @Test
    void runFileThatNamesAForeignNamespaceDeletesNothing(@TempDir Path directory) throws IOException {
        Namespace foreign = new Namespace("deadbeef", "theirs");
        foreign.create();
        try {
            Path file = directory.resolve("0badcafe");
            Files.writeString(file, "owner 1 2 no-such-boot\nnamespace " + foreign.name() + "\n");

            assertEquals(List.of(), new Reaper(new RunDirectory(directory)).reapDead());
            assertTrue(foreign.exists());
            assertTrue(Files.exists(file));
        } finally {
            foreign.delete();
        }
    }

    /** A zombie that its new parent has yet to reap does not run. */
    private static boolean running(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private static List<String> namespacesOf(String id) throws IOException {
        try (Stream<Path> files = Files.list(NETNS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("gatun-" + id))
                    .toList();
        }
    }
}
