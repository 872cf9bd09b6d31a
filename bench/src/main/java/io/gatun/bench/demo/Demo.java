package io.gatun.bench.demo;

import io.gatun.lab.Lab;
import io.gatun.lab.LabException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Started by {@code scripts/demo}, which explains its arguments. */
public final class Demo {
    private static final int FAILED = 1;
    private static final int CANNOT_RUN = 2;

    private final Path program = Path.of(System.getProperty("gatun.home", "."), "scripts", "gatun")
            .toAbsolutePath()
            .normalize();
    private final Checks checks = new Checks(System.out, Boolean.getBoolean("gatun.colour"));

    private Demo() {}

    /**
     * Runs the demo, or removes what an earlier one kept.
     *
     * @param args none, {@code --keep}, {@code --list} or {@code --remove ID}
     */
    public static void main(String[] args) throws IOException {
        List<String> arguments = List.of(args);
        try {
            if (arguments.contains("--remove")) {
                Stage.remove(arguments.getLast());
            } else if (arguments.contains("--list")) {
                Lab.kept().forEach(System.out::println);
            } else if (!new Demo().run(arguments.contains("--keep"))) {
                System.exit(FAILED);
            }
        } catch (LabException e) {
            System.err.println(e.getMessage());
            System.exit(CANNOT_RUN);
        }
    }

    private boolean run(boolean keep) throws IOException {
        long startNs = System.nanoTime();
        try (Stage stage = Stage.build(program)) {
            Story story = new Story(stage, checks, program);
            try {
                story.tell();
            } catch (Exception e) {
                checks.fail("the demo cannot go on: " + e.getMessage());
                stage.nodes().forEach(node -> checks.show("last words of " + node.name() + ":\n" + node.tail()));
            }
            if (keep) {
                explain(stage);
            } else {
                story.stop();
            }
        }
        return checks.conclude((System.nanoTime() - startNs) / 1e9);
    }

    private void explain(Stage stage) {
        checks.heading("The network stays up");
        checks.show(stage.keep());
        checks.show("files and logs: " + stage.path(""));
        checks.show("try:       ip netns exec gatun-" + stage.id() + "-client curl http://" + Stage.VIP + "/");
        checks.show("           ip netns exec gatun-" + stage.id() + "-client " + program + " get lb -o wide -s "
                + stage.node(2).address());
        checks.show("remove it: scripts/demo --remove " + stage.id());
    }
}
