package io.gatun.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The command line that measures a case again. */
final class Reruns {
    private static final Set<String> FILES = Set.of("--json", "--against");

    private Reruns() {}

    /** These words without the files that they name. */
    static List<String> words(List<String> arguments) {
        List<String> words = new ArrayList<>();
        Iterator<String> each = arguments.iterator();
        while (each.hasNext()) {
            String word = each.next();
            if (FILES.contains(word)) {
                each.next();
            } else if (FILES.stream().noneMatch(file -> word.startsWith(file + "="))) {
                words.add(word);
            }
        }
        return words;
    }
}
