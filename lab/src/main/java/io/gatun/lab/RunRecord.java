package io.gatun.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code /run/gatun-lab/ID} says of a lab, one fact a line:
 *
 * <pre>
 * owner PID START_TICKS BOOT_ID
 * name NAME
 * namespace gatun-ID-HOST
 * kept
 * </pre>
 */
record RunRecord(String id, Owner owner, String name, boolean kept, List<Namespace> namespaces) {
    RunRecord {
        namespaces = List.copyOf(namespaces);
    }

    static String ownerLine(Owner owner) {
        return "owner " + owner.pid() + " " + owner.startTicks() + " " + owner.bootId() + "\n";
    }

    static String nameLine(String name) {
        return "name " + name + "\n";
    }

    static String namespaceLine(Namespace namespace) {
        return "namespace " + namespace.name() + "\n";
    }

    static String keptLine() {
        return "kept\n";
    }

    /** @throws LabException when a line is not of the above form, or names a namespace that is not of this lab */
    static RunRecord parse(String id, String text) {
        Owner owner = null;
        String name = "";
        boolean kept = false;
        List<Namespace> namespaces = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 4);
            switch (words[0] + "/" + words.length) {
                case "owner/4" -> owner = new Owner(number(words[1]), number(words[2]), words[3]);
                case "name/2" -> name = words[1];
                case "namespace/2" -> namespaces.add(Namespace.parse(id, words[1]));
                case "kept/1" -> kept = true;
                default -> throw LabException.invalid("line", "\"" + line + "\"", "is not of a lab's run file");
            }
        }
        if (owner == null) {
            throw LabException.invalid("owner", "none", "the run file of lab " + id + " names no owner");
        }
        return new RunRecord(id, owner, name, kept, namespaces);
    }

    private static long number(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw LabException.invalid("owner", word, "must be a number");
        }
    }
}
