package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatun.api.testkit.Verb;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts for shells, in these shells. */
class CompletionTest {
    @TempDir
    Path directory;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path script = script("bash");
        assertEquals(List.of("save", "set", "stat"), complete(script, "s"));
        assertEquals(List.of("process", "processes"), complete(script, "get", "proc"));
        assertEquals(List.of("--endpoints"), complete(script, "create", "lb", "1.2.3.4", "--endp"));
        assertEquals(List.of("bash", "zsh"), complete(script, "completion", ""));
    }

    @Test
    void zshTakesIt() throws Exception {
        Path zsh = Path.of("/usr/bin/zsh");
        assumeTrue(Files.isExecutable(zsh), "needs zsh, which scripts/test installs");
        String loaded = output(zsh.toString(), "-f", "-c", "source " + script("zsh") + " && whence -w _complete_gatun");
        assertTrue(loaded.endsWith("_complete_gatun: function\n"), loaded);
    }

    @Test
    void anotherShellIsOneSentence() {
        Verb verb = Verb.run("completion", "fish");
        assertEquals(2, verb.code());
        assertEquals(1, verb.err().lines().count(), verb.err());
        assertTrue(verb.err().contains("fish"), verb.err());
    }

    private Path script(String shell) throws Exception {
        Verb verb = Verb.run("completion", shell);
        assertEquals(0, verb.code(), verb.err());
        return Files.writeString(directory.resolve(shell), verb.out());
    }

    /** What bash offers for the last of these words; that there is no line to edit it says on its errors. */
    private static List<String> complete(Path script, String... words) throws Exception {
        String all = "gatun '" + String.join("' '", words) + "'";
        String question = "source " + script + "; COMP_WORDS=(" + all + "); COMP_CWORD=" + words.length
                + "; COMP_LINE=\"${COMP_WORDS[*]}\"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; _complete_gatun"
                + " 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        return output("bash", "--norc", "-c", question)
                .lines()
                .map(String::strip)
                .sorted()
                .toList();
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
