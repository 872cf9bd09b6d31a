package io.gatun.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gatun.kube.controller.Controller;
import io.gatun.kube.controller.StatusServer;
import io.gatun.kube.lb.Fleet;
import io.gatun.kube.metrics.Measure;
import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.model.LoadBalancers;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The process of {@code gatun controller}. */
@Command(
        name = "gatun controller",
        description = "Gives Services of type LoadBalancer an address, and load balancers the rules for it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ControllerCommand implements Callable<Integer> {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private final Function<FleetOptions, LoadBalancers> fleet;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Those of the term that goes on, or of the one before. */
    private volatile LoadBalancers last;

    @Mixin
    ControllerFlags flags = new ControllerFlags();

    /** The process. */
    public static void main(String[] arguments) {
        System.exit(commandLine(new ControllerCommand(Fleet::new)).execute(arguments));
    }

    /** @param fleet makes the load balancers of one term */
    ControllerCommand(Function<FleetOptions, LoadBalancers> fleet) {
        this.fleet = fleet;
    }

    /** The command line, to be executed in this process. */
    static CommandLine commandLine(ControllerCommand command) {
        CommandLine commandLine = new CommandLine(command).setUsageHelpAutoWidth(true);
        commandLine.getCommandSpec().parser().collectErrors(true);
        commandLine.setExecutionStrategy(parsed -> run(command, commandLine, parsed));
        return commandLine;
    }

    /** All that is wrong is told before anything is done. */
    private static int run(ControllerCommand command, CommandLine commandLine, ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        PrintWriter err = commandLine.getErr();
        List<String> problems = command.problems(parsed);
        if (!problems.isEmpty()) {
            problems.forEach(problem -> err.println("gatun: " + problem));
            err.flush();
            return EXIT_USAGE;
        }
        try {
            return command.call();
        } catch (IOException | RuntimeException e) {
            err.println("gatun: " + String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "));
            err.flush();
            return EXIT_FAILED;
        }
    }

    /** All that is wrong with the command line, each in a sentence. */
    List<String> problems(ParseResult parsed) {
        List<String> problems = new ArrayList<>();
        parsed.errors().forEach(e -> problems.add(sentence(e)));
        flags.check(problems);
        return problems.stream().distinct().toList();
    }

    private static String sentence(Exception e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            return "unknown argument " + String.join(" ", unmatched.getUnmatched())
                    + (near.isEmpty()
                            ? ", see gatun controller --help"
                            : ", did you mean " + String.join(" or ", near) + "?");
        }
        String text = e instanceof ParameterException ? e.getMessage() : e.toString();
        return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public Integer call() throws IOException {
        flags.tell();
        try (KubernetesClient client = flags.client();
                Controller controller = new Controller(
                        client,
                        flags.options(),
                        flags.members(),
                        flags.hostNames(),
                        flags.lease(client),
                        this::loadBalancers);
                StatusServer status = new StatusServer(
                        flags.listen(), controller::ready, controller::alive, () -> measures(controller))) {
            Thread hook = new Thread(this::stop, "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            controller.start();
            flags.started(status.port());
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private LoadBalancers loadBalancers() {
        LoadBalancers made = fleet.apply(flags.fleet());
        last = made;
        return made;
    }

    private List<Measure> measures(Controller controller) {
        List<Measure> all = new ArrayList<>(controller.measures());
        if (controller.inCharge() && last instanceof Fleet now) {
            all.addAll(FleetMeasures.of(now.metrics()));
        }
        return all;
    }

    /** Waits until all is put away, as the JVM ends with its hooks. */
    private void stop() {
        end.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
