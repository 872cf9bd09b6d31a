package io.gatun.bench;

import io.gatun.bench.plot.Page;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench report}. */
@Command(
        name = "report",
        description =
                "Measures nothing: makes a page with tables and plots of files that --json wrote, of one machine and"
                        + " one commit, and one file of them.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files that --json wrote.")
    private List<Path> files;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes the page to this file.")
    private Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all cases to this file.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (html == null && json == null) {
            throw new ParameterException(spec.commandLine(), "nothing to do, give --html FILE or --json FILE");
        }
        List<Results> each = new ArrayList<>();
        files.forEach(file -> each.add(Output.former(spec, "FILE", file)));
        Results results = merged(each);
        if (json != null) {
            results.write(json);
        }
        if (html != null) {
            System.setProperty("java.awt.headless", "true");
            Files.writeString(html, Page.html(results));
        }
        return 0;
    }

    /** All cases, under the environment of the first file. */
    private Results merged(List<Results> each) {
        Results first = each.getFirst();
        List<CaseResult> cases = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            List<String> differences = each.get(i).environment().differences(first.environment());
            if (!differences.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        files.get(i) + " is of another machine than " + files.getFirst() + ": "
                                + String.join("; ", differences));
            }
            cases.addAll(each.get(i).cases());
        }
        return Results.of(first.environment(), cases);
    }
}
