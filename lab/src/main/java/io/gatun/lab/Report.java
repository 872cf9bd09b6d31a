package io.gatun.lab;

import java.util.List;

/** What a lab tells people. */
final class Report {
    private static final int TAIL = 60;
    private static final List<List<String>> QUESTIONS =
            List.of(List.of("ip", "addr"), List.of("ip", "route"), List.of("ip", "neigh"), List.of("ip", "-s", "link"));

    private Report() {}

    static String describe(Lab lab) {
        StringBuilder text = new StringBuilder("lab " + lab.name() + " (" + lab.id() + ")\n");
        for (Host host : lab.hosts()) {
            text.append("  ").append(host.name());
            host.links().forEach(link -> text.append("  ").append(link));
            text.append("\n    enter it: ip netns exec ")
                    .append(host.namespace())
                    .append(" bash\n");
            host.processes().stream()
                    .filter(LabProcess::alive)
                    .forEach(process -> text.append("    runs ").append(process).append('\n'));
        }
        return text.toString();
    }

    static String of(Lab lab) {
        StringBuilder text = new StringBuilder("===== lab " + lab.name() + " (" + lab.id() + ") =====\n");
        for (Host host : lab.hosts()) {
            for (List<String> question : QUESTIONS) {
                heading(text, host.name() + ": " + String.join(" ", question));
                text.append(answer(host, question));
            }
            for (LabProcess process : host.processes()) {
                heading(text, process.toString());
                process.tail(TAIL).forEach(line -> text.append(line).append('\n'));
            }
        }
        return text.append("===== end of lab ")
                .append(lab.name())
                .append(" =====\n")
                .toString();
    }

    /** A report never fails: it is read when something else has. */
    private static String answer(Host host, List<String> question) {
        try {
            return host.exec(question).stdout();
        } catch (LabException e) {
            return e.getMessage() + "\n";
        }
    }

    private static void heading(StringBuilder text, String title) {
        text.append("--- ").append(title).append('\n');
    }
}
