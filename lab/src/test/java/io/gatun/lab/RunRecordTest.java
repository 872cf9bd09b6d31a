package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunRecordTest {
    private static final Owner SELF = Owner.self();

    @Test
    void whatWasAppendedIsReadBack(@TempDir Path directory) {
        RunDirectory run = new RunDirectory(directory.resolve("labs"));
        assertEquals(List.of(), run.ids());

        String id = run.claim(SELF, "demo");
        Namespace namespace = new Namespace(id, "client");
        run.append(id, RunRecord.namespaceLine(namespace));
        assertEquals(Optional.of(new RunRecord(id, SELF, "demo", false, List.of(namespace))), run.read(id));

        run.append(id, RunRecord.keptLine());
        assertTrue(run.read(id).orElseThrow().kept());
        assertEquals(List.of(id), run.ids());

        run.delete(id);
        assertEquals(Optional.empty(), run.read(id));
        assertEquals(Optional.empty(), run.read("../../etc/passwd"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "namespace eth0",
                "namespace gatun-00000000-client",
                "namespace gatun-1a2b3c4d-../x",
                "namespace gatun-1a2b3c4d-",
                "nonsense",
                "owner x 2 boot"
            })
    void lineThatNoLabWritesIsRefused(String line) {
        assertThrows(LabException.class, () -> RunRecord.parse("1a2b3c4d", RunRecord.ownerLine(SELF) + line + "\n"));
    }

    @Test
    void ownerIsItsPidAndStartTimeAndBoot() {
        assertTrue(SELF.alive());
        assertFalse(new Owner(SELF.pid(), SELF.startTicks() + 1, SELF.bootId()).alive());
        assertFalse(new Owner(SELF.pid(), SELF.startTicks(), "another boot").alive());
        assertFalse(new Owner(Integer.MAX_VALUE, SELF.startTicks(), SELF.bootId()).alive());
    }

    @Test
    void emptyFileOfAJvmKilledAtOnceIsRemoved(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("1a2b3c4d"));
        Reaper reaper = new Reaper(new RunDirectory(directory));

        assertEquals(List.of(), reaper.reapDead());
        assertTrue(Files.exists(file), "its owner may be about to write it");

        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        reaper.reapDead();
        assertFalse(Files.exists(file));
    }
}
