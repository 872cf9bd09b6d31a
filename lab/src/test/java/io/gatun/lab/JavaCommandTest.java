package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    @Test
    void flagsOfThisJvmAreHandedOnButNotItsHeap() {
        List<String> command = JavaCommand.of(Child.class, "a b");

        assertTrue(command.contains("--enable-native-access=ALL-UNNAMED"), command.toString());
        assertTrue(command.contains("-Dchronicle.announcer.disable=true"), command.toString());
        assertTrue(command.stream().noneMatch(flag -> flag.startsWith("-Xmx")), command.toString());
        assertEquals(
                "child of a b\n",
                Command.require(command, Duration.ofSeconds(30)).stdout());
    }

    /** Says that it runs. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            System.out.println("child of " + args[0]);
        }
    }
}
