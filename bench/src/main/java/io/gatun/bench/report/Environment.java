package io.gatun.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where figures come from.
 *
 * @param takenAt ISO 8601, UTC
 * @param commit of Gatun, with {@code -dirty} when files differ from it, or {@code unknown}
 * @param kernel its release
 * @param cpu the model's name
 * @param cpus how many this process may use
 * @param memoryMb of the machine
 * @param jdk version of the virtual machine
 * @param offloads what a new veth has on, as ethtool(8) names it; each case says in its setups what it changes
 * @param load runnable tasks over the last minute, before the case began: what is above 0 disturbed it
 */
public record Environment(
        String takenAt,
        String commit,
        String kernel,
        String cpu,
        int cpus,
        int memoryMb,
        String jdk,
        List<String> offloads,
        double load) {
    public Environment {
        offloads = List.copyOf(offloads);
    }

    /** Why absolute figures of another environment say nothing about this one, or nothing. */
    public List<String> differences(Environment other) {
        List<String> found = new ArrayList<>();
        difference(found, "kernel", kernel, other.kernel);
        difference(found, "cpu", cpu, other.cpu);
        difference(found, "cpus", cpus, other.cpus);
        difference(found, "offloads", offloads, other.offloads);
        return found;
    }

    private static void difference(List<String> found, String name, Object mine, Object theirs) {
        if (!mine.equals(theirs)) {
            found.add(name + " " + mine + ", was " + theirs);
        }
    }
}
